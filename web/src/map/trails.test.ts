import { expect, test } from 'vitest';

import { flatten } from './trails';

test('a trail across 180 degrees goes the short way', () => {
  const trail = {
    lon: Float32Array.of(179.5, -179.5, -179),
    lat: Float32Array.of(1, 2, 3),
    valid: Float64Array.of(0, 1, 2),
  };
  expect([...flatten(trail)]).toEqual([179.5, 1, 180.5, 2, 181, 3]);
});
