import { expect, test } from 'vitest';

import type { Cells } from '../picture';
import { badgeRadius, badgesOf, pickBadge } from './badges';
import { mercatorX, mercatorY, worldPixels } from './geometry';

function cellsOf(
  rows: { lon: number; lat: number; count: number; moving?: number; schema?: number; identity?: number }[],
): Cells {
  return {
    size: rows.length,
    lon: Float64Array.from(rows, ({ lon }) => lon),
    lat: Float64Array.from(rows, ({ lat }) => lat),
    count: Uint32Array.from(rows, ({ count }) => count),
    moving: Uint32Array.from(rows, ({ moving }) => moving ?? 0),
    schema: Uint8Array.from(rows, ({ schema }) => schema ?? 0),
    identity: Uint8Array.from(rows, ({ identity }) => identity ?? 1),
    schemata: ['Vessel', 'CoastStation'],
  };
}

test('the kinds of one cell share a badge, the most numerous first', () => {
  const cells = cellsOf([
    { lon: 11.01, lat: 56.01, count: 2, schema: 1 },
    { lon: 11.02, lat: 56.02, count: 60, moving: 15 },
  ]);
  const [badge, ...others] = badgesOf(cells, 6.4);
  expect(others).toEqual([]);
  expect(badge).toMatchObject({ count: 62, moving: 15 });
  expect(badge?.kinds.map(({ kind }) => kind)).toEqual(['Vessel', 'CoastStation']);
});

test('a badge counts a kind once, and tells how many are of a known side', () => {
  const here = { lon: 11.01, lat: 56.01 };
  const [badge] = badgesOf(
    cellsOf([
      { ...here, count: 50, moving: 5 },
      { ...here, count: 2, identity: 6 },
      { ...here, count: 1, identity: 5 },
      { ...here, count: 4, moving: 4, identity: 3 },
      { ...here, count: 3, schema: 1, identity: 2 },
    ]),
    6,
  );
  expect(badge?.kinds).toEqual([
    { kind: 'Vessel', count: 57, moving: 9 },
    { kind: 'CoastStation', count: 3, moving: 0 },
  ]);
  expect(badge?.sides).toEqual([
    { affiliation: 'friend', count: 7 },
    { affiliation: 'hostile', count: 3 },
  ]);
});

test('nothing is lost', () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({
    lon: (i * 7) % 30,
    lat: 50 + ((i * 3) % 12),
    count: i + 1,
  }));
  const badges = badgesOf(cellsOf(rows), 5);
  expect(badges.reduce((sum, { count }) => sum + count, 0)).toBe((200 * 201) / 2);
});

test('badges of neighbours do not overlap', () => {
  // Two centres of gravity a hair from the line between their cells.
  const line = -180 + 360 * (272 / 512);
  const badges = badgesOf(
    cellsOf([
      { lon: line - 0.01, lat: 56, count: 100 },
      { lon: line + 0.01, lat: 56, count: 100 },
    ]),
    6,
  );
  const [a, b] = badges.map(({ lon, lat }) => [
    mercatorX(lon) * worldPixels(6),
    mercatorY(lat) * worldPixels(6),
  ]);
  expect(Math.hypot(a![0]! - b![0]!, a![1]! - b![1]!)).toBeGreaterThanOrEqual(2 * badgeRadius(100) - 1e-6);
});

test('the pointer finds the badge it rests on, and none beside it', () => {
  const badges = badgesOf(cellsOf([{ lon: 11, lat: 56, count: 100 }]), 6);
  const [{ lon, lat }] = badges as [(typeof badges)[0]];
  expect(pickBadge(badges, lon, lat, 6)?.count).toBe(100);
  expect(pickBadge(badges, lon + 1, lat, 6)).toBeNull();
});
