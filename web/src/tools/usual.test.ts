import { expect, test } from 'vitest';

import type { UsualTraffic } from '../api/types';
import { acrossM, clockOf, isLearning, isUnusual, isWithin } from './usual';

const band = { least: 3, most: 9 };

test('an hour that goes on can have too many, and too few only once it is over', () => {
  expect([2, 3, 9, 10].map((count) => isUnusual(count, band, false))).toEqual([null, null, null, 'more']);
  expect([2, 3, 10].map((count) => isUnusual(count, band, true))).toEqual(['fewer', null, 'more']);
});

test('nothing is usual before enough days are known', () => {
  const known = (learned_days: number) => ({ learned_days, least_days: 5 }) as UsualTraffic;
  expect([4.9, 5].map((days) => isLearning(known(days)))).toEqual([true, false]);
  expect([0, 9, 24].map(clockOf)).toEqual(['00:00', '09:00', '00:00']);
});

test('what lies within the area is told from what does not, across 180 degrees, too', () => {
  const around = (lon: number) => [
    { lon: lon - 0.1, lat: 55 },
    { lon, lat: 55.1 },
    { lon: ((lon + 0.1 + 180) % 360) - 180, lat: 55 },
    { lon, lat: 54.9 },
    { lon: lon - 0.1, lat: 55 },
  ];
  const told = [11, 180].map((lon) =>
    [0, 0.04, 0.09, -0.2].map((east) => isWithin(around(lon), { lon: lon + east, lat: 55.02 })),
  );
  expect(told).toEqual([
    [true, true, false, false],
    [true, true, false, false],
  ]);
  expect(acrossM(around(11))).toBeCloseTo(12_800, -3);
  expect([isWithin([], { lon: 1, lat: 1 }), acrossM([])]).toEqual([false, 0]);
});
