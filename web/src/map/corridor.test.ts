import type { Position } from 'geojson';
import { expect, test } from 'vitest';

import { leg } from '../position/lines';
import { corridorRing } from './corridor';

const placeOf = ([lon = 0, lat = 0]: Position) => ({ lon, lat });
const metres = (one: Position, other: Position) =>
  leg(placeOf(one), placeOf(other), 'great_circle').distanceM;

/** How far a place is from a line, by many points of it that the map draws. */
function awayFrom(line: readonly Position[], place: Position): number {
  const points = line.slice(1).flatMap((to, i) => {
    const [from, north] = [line[i]!, (lat: number) => Math.asinh(Math.tan((lat * Math.PI) / 180))];
    return Array.from({ length: 401 }, (_, n): Position => {
      const y = north(from[1]!) + (n / 400) * (north(to[1]!) - north(from[1]!));
      return [from[0]! + (n / 400) * (to[0]! - from[0]!), (Math.atan(Math.sinh(y)) * 180) / Math.PI];
    });
  });
  return Math.min(...points.map((point) => metres(point, place)));
}

test('the edge of a corridor is as far from the line as it says, wherever it turns and however far north', () => {
  const line = [
    [10, 54],
    [10.5, 55],
    [11.5, 55.2],
    [10.8, 56],
    [11, 58],
  ];
  const ring = corridorRing(line, 5000)!;
  expect(ring[0]).toEqual(ring.at(-1));
  for (const place of ring) {
    const away = awayFrom(line, place);
    expect(away).toBeGreaterThan(4900);
    expect(away).toBeLessThan(5100);
  }
});

test('a corridor goes on across 180 degrees, and a line without length has none', () => {
  const ring = corridorRing(
    [
      [179.5, 0],
      [-179.5, 0],
    ],
    10_000,
  )!;
  const lons = ring.map(([lon]) => lon!);
  expect([Math.min(...lons), Math.max(...lons)]).toEqual([
    expect.closeTo(179.41, 2),
    expect.closeTo(180.59, 2),
  ]);
  expect(corridorRing([[10, 54], [10, 54]], 100)).toBeNull(); // prettier-ignore
});
