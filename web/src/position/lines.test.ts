import { expect, test } from 'vitest';

import { areaM2, leg, linePath, ring } from './lines';

const kennedy = { lat: 40 + 38 / 60 + 23 / 3600, lon: -(73 + 46 / 60 + 44 / 3600) };
const changi = { lat: 1 + 21 / 60 + 33 / 3600, lon: 103 + 59 / 60 + 22 / 3600 };

test('the shortest way is the one that GeographicLib documents', () => {
  // The example of its GeodSolve utility: New York to London.
  const way = leg({ lat: 40.6, lon: -73.8 }, { lat: 51.6, lon: -0.5 }, 'great_circle');
  expect(way.distanceM).toBeCloseTo(5551759.4, 1);
  expect(way.courseDeg).toBeCloseTo(51.198882845579, 9);
  expect(way.arrivalDeg).toBeCloseTo(107.821776735514, 9);
});

test('the rhumb line is the one that GeographicLib documents', () => {
  // The example of its RhumbSolve utility: New York to Singapore.
  const way = leg(kennedy, changi, 'rhumb');
  expect(way.courseDeg).toBeCloseTo(103 + 34 / 60 + 58.2 / 3600, 4);
  expect(way.distanceM).toBeCloseTo(18523563, 0);
});

/** Sails a constant course on the ellipsoid in small steps, with the radii of curvature of each place. */
function sailed(from: { lat: number; lon: number }, courseDeg: number, distanceM: number) {
  const [a, e2] = [6378137, 0.00669437999014];
  let { lat, lon } = from;
  const steps = 20_000;
  for (let i = 0; i < steps; i++) {
    const along = (distanceM / steps) * Math.cos((courseDeg * Math.PI) / 180);
    const across = (distanceM / steps) * Math.sin((courseDeg * Math.PI) / 180);
    const w = (at: number) => 1 - e2 * Math.sin((at * Math.PI) / 180) ** 2;
    const north = (at: number) => (((along * w(at) ** 1.5) / (a * (1 - e2))) * 180) / Math.PI;
    const middle = lat + north(lat) / 2;
    lon += (((across * Math.sqrt(w(middle))) / (a * Math.cos((middle * Math.PI) / 180))) * 180) / Math.PI;
    lat += north(middle);
  }
  return { lat, lon };
}

test.each([
  [
    { lat: 54.5, lon: 10.2 },
    { lat: 60.1, lon: 24.9 },
  ],
  [
    { lat: -33, lon: 151 },
    { lat: -33.00001, lon: 174 },
  ],
  [
    { lat: 10, lon: 170 },
    { lat: -20, lon: -160 },
  ],
])('who sails the course of a rhumb line for its length arrives (%j to %j)', (from, to) => {
  const { courseDeg, distanceM } = leg(from, to, 'rhumb');
  const there = sailed(from, courseDeg, distanceM);
  expect(there.lat).toBeCloseTo(to.lat, 5);
  expect(Math.cos(((there.lon - to.lon) * Math.PI) / 180)).toBeCloseTo(1, 12);
});

test('along a parallel the rhumb line is longer than the shortest way, along a meridian it is the same', () => {
  const [a, b] = [
    { lat: 60, lon: 0 },
    { lat: 60, lon: 30 },
  ];
  expect(leg(a, b, 'rhumb').distanceM).toBeGreaterThan(leg(a, b, 'great_circle').distanceM);
  expect(leg(a, b, 'rhumb').courseDeg).toBeCloseTo(90, 9);
  const c = { lat: 50, lon: 0 };
  expect(leg(a, c, 'rhumb').distanceM).toBeCloseTo(leg(a, c, 'great_circle').distanceM, 3);
});

test('a path across 180 degrees does not leap round the world', () => {
  const path = linePath({ lat: 50, lon: 175 }, { lat: 50, lon: -170 }, 'great_circle');
  expect(path[0]![0]).toBeCloseTo(175, 9);
  expect(path.at(-1)![0]).toBeCloseTo(190, 9);
  expect(Math.max(...path.map(([, lat]) => lat))).toBeGreaterThan(50);
  expect(linePath({ lat: 0, lon: 175 }, { lat: 1, lon: -170 }, 'rhumb').at(-1)).toEqual([190, 1]);
});

test('every corner of a ring is as far away as its radius, and its area is that of a circle', () => {
  const centre = { lat: 65, lon: 179.9 };
  const edge = ring(centre, 50_000);
  for (const [lon, lat] of edge) {
    expect(leg(centre, { lon, lat }, 'great_circle').distanceM).toBeCloseTo(50_000, 3);
    expect(lon).toBeGreaterThan(178);
  }
  const corners = edge.slice(0, -1).map(([lon, lat]) => ({ lon, lat }));
  expect(areaM2(corners) / (Math.PI * 50_000 ** 2)).toBeCloseTo(1, 2);
});
