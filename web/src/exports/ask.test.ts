import { expect, test } from 'vitest';

import { fieldOf, formatFor, question } from './ask';

const moment = (field: string): string | null => (field === '' ? null : `${field}:00Z`);

test('what has no place is not asked for as GeoJSON', () => {
  expect(formatFor('claims', 'geojson')).toBe('csv');
  expect(formatFor('tracks', 'geojson')).toBe('geojson');
});

test('an object and times bound what is reported of it', () => {
  const form = {
    what: 'observations',
    format: 'jsonl',
    object: 'a',
    from: '2026-01-31T12:00',
    to: '',
  } as const;
  expect(question(form, null, moment)).toEqual({
    path: '/exports/observations',
    query: { format: 'jsonl', object: 'a', from: '2026-01-31T12:00:00Z', to: null },
  });
});

test('tracks are those of the time that is looked at, whatever times the form holds', () => {
  const form = { what: 'tracks', format: 'csv', object: 'a', from: '2026-01-31T12:00', to: '' } as const;
  expect(question(form, { valid: '2026-01-31T12:00:00Z' }, moment)).toEqual({
    path: '/exports/tracks',
    query: { format: 'csv', object: 'a', valid: '2026-01-31T12:00:00Z' },
  });
});

test('a moment stands in a field in UTC', () => {
  expect(fieldOf(Date.UTC(2026, 0, 31, 12, 5) * 1000)).toBe('2026-01-31T12:05');
});
