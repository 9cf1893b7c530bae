import { expect, test } from 'vitest';

import type { AlertInfo, IncidentDetail, IncidentInfo, SayingInfo } from '../api/types';
import { changesOf, mattersTo, type Reader } from './matters';

const ANNA: Reader = { who: 'person:anna', roles: ['analyst'] };
const CHIEF: Reader = { who: 'person:chief', roles: ['commander'] };
const VIEWER: Reader = { who: 'person:vera', roles: ['viewer'] };
const NOON = '2026-01-01T12:00:00Z';
const pick = (texts: Record<string, string>) => texts['en'] ?? '';

const at = (minute: number) => `2026-01-01T12:${String(minute).padStart(2, '0')}:00Z`;
const told = (minute: number, probability: number, ended = false) => ({
  known: at(minute),
  probability,
  reason: {},
  ended,
});

function found(...tellings: ReturnType<typeof told>[]): AlertInfo {
  const end = tellings.at(-1)?.ended === true ? at(59) : null;
  return { title: { en: 'Drifting' }, tellings, end, evidence: [] } as unknown as AlertInfo;
}

function said(minute: number, more: Partial<SayingInfo>): SayingInfo {
  return { by: 'person:bo', known: at(minute), owner: '', state: null, ...more } as SayingInfo;
}

const OPEN = {
  is_closed: false,
  priority: false,
  acknowledged: false,
  owner: '',
  deadline: null,
  useful: null,
};
const incident = (more: Partial<IncidentInfo> = {}) => ({ ...OPEN, ...more }) as IncidentInfo;
const keys = (lines: { key: string }[]) => lines.map(({ key }) => key);

function changed(alerts: AlertInfo[], sayings: SayingInfo[] = [], since = at(10)): string[] {
  return keys(changesOf({ found: alerts, sayings }, since, ANNA, pick));
}

test('a new finding, one that is surer and one that is over are told; what was known is not', () => {
  expect(changed([found(told(20, 0.8))])).toEqual(['changed.found']);
  expect(changed([found(told(5, 0.6), told(20, 0.8))])).toEqual(['changed.surer']);
  expect(changed([found(told(5, 0.8), told(20, 0.5))])).toEqual(['changed.less_sure']);
  expect(changed([found(told(5, 0.8), told(20, 0.8, true))])).toEqual(['changed.over']);
  expect(changed([found(told(5, 0.6), told(6, 0.8))])).toEqual([]);
  expect(changed([found(told(5, 0.8), told(20, 0.82))])).toEqual([]);
});

test('what others said is told, and of what one said oneself nothing', () => {
  const mine = said(20, { said: 'comment', by: 'person:anna' });
  const comments = [said(21, { said: 'comment' }), said(22, { said: 'comment' }), mine];
  expect(changed([], comments)).toEqual(['changed.comments']);
  expect(changed([], [said(20, { said: 'take' })])).toEqual(['changed.owner']);
  expect(changed([], [said(20, { said: 'assign', owner: 'person:anna' })])).toEqual(['changed.yours']);
  expect(changed([], [said(20, { said: 'state', state: 'closed' })])).toEqual(['changed.state']);
});

function matters(reader: Reader, of: IncidentInfo, alerts = [found(told(5, 0.8))]): string[] {
  const detail: Pick<IncidentDetail, 'incident' | 'found'> = { incident: of, found: alerts };
  return keys(mattersTo(detail, reader, Date.parse(NOON)));
}

test('what nobody has taken is for the analyst to take and for the commander to give', () => {
  expect(matters(ANNA, incident())).toEqual(['matters.take']);
  expect(matters(CHIEF, incident())).toEqual(['matters.give']);
  expect(matters(VIEWER, incident())).toEqual([]);
  expect(matters(ANNA, incident({ is_closed: true }))).toEqual([]);
});

test('a call for help that nobody has heard comes first', () => {
  expect(matters(CHIEF, incident({ priority: true }))[0]).toBe('matters.unheard');
  expect(matters(CHIEF, incident({ priority: true, acknowledged: true }))).toEqual(['matters.give']);
});

test('a deadline is the business of the owner and of who leads', () => {
  const due = incident({ owner: 'person:anna', deadline: at(20) });
  const overdue = incident({ owner: 'person:anna', deadline: '2026-01-01T11:00:00Z' });
  expect(matters(ANNA, due)).toEqual(['matters.yours', 'matters.due']);
  expect(matters(CHIEF, overdue)).toEqual(['matters.overdue']);
  expect(matters({ ...ANNA, who: 'person:bo' }, overdue)).toEqual([]);
});

test('what is over and was not judged is to be judged', () => {
  const over = [found(told(5, 0.8, true))];
  expect(matters(ANNA, incident({ owner: 'person:bo' }), over)).toEqual(['matters.judge']);
  expect(matters(ANNA, incident({ owner: 'person:bo', useful: true }), over)).toEqual([]);
});
