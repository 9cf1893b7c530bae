import { expect, test } from 'vitest';

import { flatten, trailOpacity } from './trails';

test('a trail across 180 degrees goes the short way', () => {
  const trail = {
    lon: Float32Array.of(179.5, -179.5, -179),
    lat: Float32Array.of(1, 2, 3),
    valid: Float64Array.of(0, 1, 2),
  };
  expect([...flatten(trail)]).toEqual([179.5, 1, 180.5, 2, 181, 3]);
});

test('a trail fades with the age of its points, and is never gone before the node drops it', () => {
  const ages = [-5, 0, 5, 15, 29, 30, 300].map((minutes) => trailOpacity(minutes * 60e6));
  expect(ages).toEqual([150, 150, 130, 90, 34, 30, 30]);
});
