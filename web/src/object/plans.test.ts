import { expect, test } from 'vitest';

import type { PlanStanding } from '../api/types';
import { isOff, standingWords } from './plans';

const item = (more: Partial<PlanStanding>): PlanStanding =>
  ({
    begins: '2026-11-27T12:00:00Z',
    ends: '2026-11-27T14:00:00Z',
    since: '2026-11-27T13:00:00Z',
    outside_m: 0,
    late_s: 0,
    has_arrived: false,
    ...more,
  }) as PlanStanding;

const keys = (more: Partial<PlanStanding>) => standingWords(item(more), 'en').map(({ key }) => key);

test('where it is to its corridor and its times is said in words', () => {
  expect(keys({})).toEqual(['plans.inside', 'plans.on_time']);
  const late = standingWords(item({ outside_m: 1852, late_s: 851 }), 'en');
  expect(late).toEqual([
    { key: 'plans.outside', words: { distance: '1.00 NM' } },
    { key: 'plans.late', words: { time: '14 min' } },
  ]);
  expect(keys({ late_s: -700 })).toEqual(['plans.inside', 'plans.early']);
  expect(keys({ begins: null, ends: null, late_s: null })).toEqual(['plans.inside']);
  expect(standingWords(item({ late_s: 300 }), 'en')[1]).toEqual({
    key: 'plans.late',
    words: { time: '5 min' },
  });
});

test('before its first time and after its last it is not late', () => {
  expect(keys({ since: '2026-11-27T11:00:00Z', late_s: null })).toEqual(['plans.begins']);
  expect(keys({ since: '2026-11-27T15:00:00Z', late_s: 3600 })).toEqual(['plans.over']);
  expect(keys({ since: '2026-11-27T15:00:00Z', has_arrived: true })).toEqual(['plans.arrived']);
  expect(keys({ since: null, outside_m: null, late_s: null })).toEqual(['plans.no_place']);
});

test('wherever one is before it begins, or after one has arrived, wants no attention', () => {
  const early = item({ since: '2026-11-27T11:00:00Z', outside_m: 9000 });
  const arrived = item({ since: '2026-11-27T15:00:00Z', outside_m: 9000, has_arrived: true });
  const missing = item({ since: '2026-11-27T15:00:00Z', outside_m: 9000 });
  expect([early, arrived, missing].map(isOff)).toEqual([false, false, true]);
});

test('what is outside, or ten minutes off, wants attention', () => {
  const off = [{ outside_m: 5 }, { late_s: 600 }, { late_s: -600 }, { late_s: 599 }];
  expect(off.map((more) => isOff(item(more)))).toEqual([true, true, true, false]);
});
