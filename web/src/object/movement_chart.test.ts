import { expect, test } from 'vitest';

import { nearest, scaleOf, stretches, unwound } from './movement_chart';

const minute = 60e6;

test('a silence and an unknown value both break the line', () => {
  const us = [0, 1, 2, 3, 30, 31].map((at) => at * minute);
  expect(stretches({ us, values: [1, 2, null, 4, 5, 6] })).toEqual([[0, 1], [3], [4, 5]]);
  expect(stretches({ us: [], values: [] })).toEqual([]);
});

test('a scale has round ticks that hold every value', () => {
  expect(scaleOf([3.2, 11.7], 1).ticks).toEqual([0, 5, 10, 15]);
  const still = scaleOf([0, 0, null], 4);
  expect(still.low).toBe(0);
  expect(still.high).toBeGreaterThan(0);
  expect(scaleOf([11, 14], 2, 0)).toMatchObject({ low: 0, high: 15 });
  expect(scaleOf([null], 4)).toEqual({ low: 0, high: 4, ticks: [0, 4] });
});

test('a ship that wanders about north draws no line across the chart', () => {
  expect(unwound([350, 10, null, 355, 180])).toEqual([350, 370, null, 355, 180]);
});

test('the report under the pointer is the nearest in time', () => {
  expect(nearest([0, 10, 25], 17)).toBe(1);
  expect(nearest([], 17)).toBeNull();
});
