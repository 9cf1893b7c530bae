import { describe, expect, test } from 'vitest';

import type { ClaimInfo, FeatureInfo, TrackInfo } from '../src/api/types';
import { groupClaims } from '../src/object/claims';
import { hexRows } from '../src/pages/sources/hex';
import { filterTracks, type Row, rowOf, rowWindow, sortTracks } from '../src/pages/objects/rows';

function track(id: string, more: Partial<TrackInfo> = {}): TrackInfo {
  return {
    track_id: id,
    object_id: id,
    identifier: `mmsi:${id}`,
    name: null,
    schema: 'Vessel',
    sidc: '10030000001401000000',
    sources: ['denmark'],
    state: 'live',
    speed_mps: null,
    course_deg: null,
    age_s: 1,
    ...more,
  } as TrackInfo;
}

const cable = {
  geometry: {
    type: 'LineString',
    coordinates: [
      [12, 55],
      [12, 57],
    ],
  },
  properties: { valid_from: '2026-11-27T19:30:00Z' },
} as unknown as FeatureInfo;

const tracks: Row[] = [
  track('1', { name: 'FRIO', speed_mps: 2 }),
  track('2', { name: 'anna', speed_mps: 9, state: 'fading' }),
  track('3', { schema: 'Aircraft' }),
].map((one) => rowOf(one, null));
const ids = (found: TrackInfo[]) => found.map((one) => one.track_id);

describe('the table of tracks', () => {
  test('filters by words in any order, kind and state', () => {
    const none = { text: '', schema: null, state: null };
    expect(ids(filterTracks(tracks, { ...none, text: 'mmsi fri' }))).toEqual(['1']);
    expect(ids(filterTracks(tracks, { ...none, schema: 'Aircraft' }))).toEqual(['3']);
    expect(ids(filterTracks(tracks, { ...none, state: 'fading' }))).toEqual(['2']);
  });

  test('sorts either way, and what is not known is last both times', () => {
    expect(ids(sortTracks(tracks, { column: 'speed', descending: false }))).toEqual(['1', '2', '3']);
    expect(ids(sortTracks(tracks, { column: 'speed', descending: true }))).toEqual(['2', '1', '3']);
    expect(ids(sortTracks(tracks, { column: 'name', descending: false }))).toEqual(['2', '1', '3']);
  });

  test('a thing that reports nothing lies in the middle of its geometry, and is neither live nor late', () => {
    const drawn = rowOf(track('4', { position: null, identifier: `object:${'0a'.repeat(16)}` }), cable);
    expect(drawn.position?.lat).toBeCloseTo(56, 2);
    expect(drawn.since).toBe('2026-11-27T19:30:00Z');
    expect(drawn.identity).toBe('drawn by denmark');
    expect(filterTracks([drawn], { text: '', schema: null, state: 'live' })).toEqual([]);
    expect(ids(sortTracks([drawn, ...tracks], { column: 'age', descending: true })).at(-1)).toBe('4');
  });

  test('draws only the rows in sight, of however many there are', () => {
    const { first, last } = rowWindow(28_000, 560, 28, 100_000);
    expect(first).toBeLessThanOrEqual(1000);
    expect(last).toBeGreaterThanOrEqual(1020);
    expect(last - first).toBeLessThan(40);
    expect(rowWindow(9999, 500, 28, 3)).toEqual({ first: 3, last: 3 });
  });
});

describe('claims', () => {
  const claim = (source: string, value: string, known: string, more: Partial<ClaimInfo> = {}) =>
    ({
      property: 'destination',
      schema: 'Vessel',
      source,
      value,
      known,
      valid_to: null,
      ...more,
    }) as ClaimInfo;

  test('of two sources that say different things are both kept and said to differ', () => {
    const [group] = groupClaims([claim('a', 'KIEL', '2'), claim('b', 'AARHUS', '1')]);
    expect(group?.claims).toHaveLength(2);
    expect(group?.differ).toBe(true);
  });

  test('that one source has replaced do not count as a difference', () => {
    const [group] = groupClaims([
      claim('a', 'KIEL', '2'),
      claim('a', 'LUBECK', '1'),
      claim('b', 'KIEL', '1'),
      claim('b', 'RIGA', '0', { valid_to: '1' }),
    ]);
    expect(group?.differ).toBe(false);
  });
});

describe('bytes', () => {
  test('are shown in rows of sixteen, with what is printable beside them', () => {
    const rows = hexRows('2141495644' + '00'.repeat(12));
    expect(rows.map((row) => row.offset)).toEqual(['0000', '0010']);
    expect(rows[0]?.hex.startsWith('21 41 49 56 44 00')).toBe(true);
    expect(rows[0]?.text).toBe('!AIVD...........');
    expect(rows[1]?.hex.trimEnd()).toBe('00');
  });
});
