import { expect, test } from 'vitest';

import { boxOf, geometryOf, middleOf, summaryOf } from './geometry';

test('the box of a line across 180 degrees goes on beyond it', () => {
  const line = {
    type: 'LineString' as const,
    coordinates: [
      [175, 10],
      [-175, -5],
    ],
  };
  expect(boxOf(line)).toEqual([175, -5, 185, 10]);
});

test('a summary says what a geometry is: its place, its length, its area without its holes', () => {
  const ring = (size: number) => [
    [0, 0],
    [size, 0],
    [size, size],
    [0, size],
    [0, 0],
  ];
  const whole = summaryOf({ type: 'Polygon', coordinates: [ring(1)] });
  const pierced = summaryOf({ type: 'Polygon', coordinates: [ring(1), ring(0.5)] });
  expect(whole).toMatchObject({ kind: 'area', corners: 4 });
  if (whole.kind !== 'area' || pierced.kind !== 'area') throw new Error('no areas');
  expect(pierced.areaM2 / whole.areaM2).toBeCloseTo(0.75, 4);
  expect(summaryOf({ type: 'Point', coordinates: [12, 55] })).toEqual({
    kind: 'point',
    place: { lon: 12, lat: 55 },
  });
  expect(
    summaryOf({
      type: 'MultiPoint',
      coordinates: [
        [1, 2],
        [3, 4],
      ],
    }),
  ).toEqual({ kind: 'parts', parts: 2 });
});

test('the middle of a line lies half the way along it, that of an area in its centroid', () => {
  const corners = [
    [0, 0],
    [0, 1],
    [0, 4],
  ];
  const half = middleOf({ type: 'LineString', coordinates: corners });
  expect([half.lon, half.lat]).toEqual([0, expect.closeTo(2, 3)]);
  const triangle = [
    [179, 0],
    [-178, 0],
    [179, 3],
    [179, 0],
  ];
  const middle = middleOf({ type: 'Polygon', coordinates: [triangle] });
  expect([middle.lon, middle.lat]).toEqual([expect.closeTo(-180, 6), expect.closeTo(1, 6)]);
});

test('what is no geometry is none', () => {
  expect(geometryOf('{"type":"Point","coordinates":[1,2]}')).toEqual({ type: 'Point', coordinates: [1, 2] });
  expect([geometryOf('north of the cape'), geometryOf('{"a":1}')]).toEqual([null, null]);
});
