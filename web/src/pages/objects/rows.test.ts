import { expect, test } from 'vitest';

import { filterTracks, lookOf, type Row } from './rows';

test('a table stands in a file with its columns and in its order', () => {
  expect(lookOf(['name', 'speed', 'position'], { column: 'speed', descending: true })).toEqual({
    columns: ['name', 'speed_mps', 'latitude_deg', 'longitude_deg'],
    sort: '-speed_mps',
  });
  // The table goes from north to south first.
  expect(lookOf(['name'], { column: 'position', descending: false }).sort).toBe('-latitude_deg');
  expect(lookOf(['name'], { column: 'position', descending: true }).sort).toBe('latitude_deg');
});

test('a kind lets through what extends it', () => {
  const rows = ['Facility', 'AidToNavigation', 'Vessel'].map((schema) => {
    return { schema, name: null, identifier: 'a', since: null, state: 'live' } as Row;
  });
  const isOf = (kind: string, other: string) => kind === other || kind === 'AidToNavigation';
  const found = filterTracks(rows, { text: '', schema: 'Facility', state: null }, isOf);
  expect(found.map(({ schema }) => schema)).toEqual(['Facility', 'AidToNavigation']);
});
