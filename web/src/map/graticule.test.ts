import { expect, test } from 'vitest';

import { graticule, graticuleStep } from './graticule';

test('lines stand at whole steps within the view', () => {
  const { features } = graticule([10.2, 54.8, 12.9, 56.1], 6);
  const [meridians, parallels] = [
    features.filter(({ geometry: { coordinates } }) => coordinates[0]![0] === coordinates[1]![0]),
    features.filter(({ geometry: { coordinates } }) => coordinates[0]![1] === coordinates[1]![1]),
  ];
  expect(meridians.map(({ geometry }) => geometry.coordinates[0]![0])).toEqual([11, 12]);
  expect(parallels.map(({ geometry }) => geometry.coordinates[0]![1])).toEqual([55, 56]);
});

test('the nearer one looks, the closer the lines', () => {
  expect([2, 5, 7, 9, 12].map(graticuleStep)).toEqual([10, 5, 1, 0.5, 1 / 6]);
});
