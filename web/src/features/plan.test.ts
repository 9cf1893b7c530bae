import { expect, test } from 'vitest';

import { planOf, timesOf } from './plan';

test('a route is planned where somebody is to follow it, or at some time', () => {
  expect(planOf({ name: 'Lane', length_m: 5 })).toBeNull();
  expect(planOf({ followed_by: 'mmsi:219000001' })).toEqual({ corridorM: 1852, times: new Map() });
  expect(planOf({ corridor_m: 926 })?.corridorM).toBe(926);
});

test('times at corners are read as the node writes them, and what is none is left out', () => {
  const noon = Date.UTC(2026, 10, 27, 12) * 1000;
  expect(timesOf('1 2026-11-27T12:00:00Z; 3 2026-11-27 13:00')).toEqual(
    new Map([
      [1, noon],
      [3, noon + 3600e6],
    ]),
  );
  expect(timesOf('at noon; 2 soon')).toEqual(new Map());
});
