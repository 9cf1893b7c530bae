import { expect, test } from 'vitest';

import { labelPoint, unwrapPolygons, unwrapRing } from './geometry.ts';

test('a ring that jumps at 180 degrees goes on beyond it', () => {
  const ring = [
    [179, 60],
    [-179, 60],
    [-179, 61],
    [179, 61],
    [179, 60],
  ];
  expect(unwrapRing(ring)).toEqual([
    [179, 60],
    [181, 60],
    [181, 61],
    [179, 61],
    [179, 60],
  ]);
});

test('a ring around the pole is closed along the pole', () => {
  const ring = [
    [-180, -70],
    [-90, -70],
    [0, -70],
    [90, -70],
    [180, -70],
  ];
  const closed = unwrapRing(ring);
  expect(closed.slice(-3)).toEqual([
    [180, -90],
    [-180, -90],
    [-180, -70],
  ]);
});

test('a hole lies on the side where its outer ring is', () => {
  const outer = [
    [170, 0],
    [-170, 0],
    [-170, 10],
    [170, 10],
    [170, 0],
  ];
  const hole = [
    [-175, 4],
    [-174, 4],
    [-174, 5],
    [-175, 4],
  ];
  const [[, shifted]] = unwrapPolygons({ type: 'Polygon', coordinates: [outer, hole] }) as [number[][][]];
  expect(shifted![0]).toEqual([185, 4]);
});

test('the name of a bent country stands on its land', () => {
  const hook = [
    [0, 0],
    [10, 0],
    [10, 10],
    [9, 10],
    [9, 1],
    [0, 1],
    [0, 0],
  ];
  const { lon, lat } = labelPoint([[hook]]);
  expect(lon).toBeCloseTo(9.5);
  expect(lat).toBeGreaterThan(1);
});

test('the largest part of a country carries its name', () => {
  const islet = [
    [50, 50],
    [51, 50],
    [51, 51],
    [50, 51],
    [50, 50],
  ];
  const main = [
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 10],
    [0, 0],
  ];
  expect(labelPoint([[islet], [main]])).toMatchObject({ lon: 5, lat: 5 });
});
