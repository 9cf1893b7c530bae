import { expect, test } from 'vitest';

import { formatFor, letsAllThrough, question } from './ask';

const FORM = {
  what: 'observations',
  format: 'jsonl',
  object: 'a',
  from: '2026-01-31 12:00',
  to: '',
  bound: false,
  rows: null,
  table: null,
} as const;
const NOON = '2026-01-31T12:00:00.000Z';

test('what has no place is not asked for as GeoJSON', () => {
  expect(formatFor('claims', 'geojson')).toBe('csv');
  expect(formatFor('tracks', 'geojson')).toBe('geojson');
});

test('an object and times bound what is reported of it', () => {
  expect(question(FORM, null)).toEqual({
    path: '/exports/observations',
    query: { format: 'jsonl', object: 'a', bind: null, from: NOON, to: null, known: null },
  });
});

test('tracks are those of the time that is looked at, whatever times the form holds', () => {
  expect(question({ ...FORM, what: 'tracks' }, { valid: NOON })).toEqual({
    path: '/exports/tracks',
    query: { format: 'jsonl', object: 'a', bind: null, valid: NOON },
  });
});

test('tracks are those that a table lets through, where that is asked for, and nothing else is bounded by it', () => {
  const rows = { text: ' frio ', schema: 'Vessel', state: '' };
  expect(question({ ...FORM, what: 'tracks', rows }, null).query).toMatchObject({
    q: 'frio',
    schema: 'Vessel',
    state: null,
  });
  expect(question({ ...FORM, rows }, null).query).not.toHaveProperty('q');
  expect([letsAllThrough(rows), letsAllThrough({ text: ' ', schema: '', state: '' })]).toEqual([false, true]);
});

test('tracks have the columns of a table in its order, where that is asked for', () => {
  const table = { columns: ['name', 'speed_mps'], sort: '-speed_mps' };
  const asked = { columns: 'name,speed_mps', sort: '-speed_mps' };
  expect(question({ ...FORM, what: 'tracks', table }, null).query).toMatchObject(asked);
  expect(question({ ...FORM, table }, null).query).not.toHaveProperty('sort');
});

test('what was reported and said is as known then where that is looked at', () => {
  for (const what of ['observations', 'claims'] as const) {
    const asked = question({ ...FORM, what }, { valid: NOON, known: NOON });
    expect(asked.query).toMatchObject({ from: NOON, known: NOON });
    expect(asked.query).not.toHaveProperty('valid');
  }
});

test('the label is bound where that is ticked', () => {
  expect(question({ ...FORM, bound: true }, null).query).toMatchObject({ bind: 'xml' });
});
