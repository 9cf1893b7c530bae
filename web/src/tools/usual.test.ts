import { expect, test } from 'vitest';

import type { UsualTraffic } from '../api/types';
import { clockOf, isLearning, isUnusual } from './usual';

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
