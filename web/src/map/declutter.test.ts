import { expect, test } from 'vitest';

import { Boxes, Spacing } from './declutter';

test('the first to come keeps its distance from all who follow', () => {
  const spacing = new Spacing(20);
  expect(spacing.take(0, 0)).toBe(true);
  expect(spacing.take(15, 0)).toBe(false);
  expect(spacing.take(-19, 0)).toBe(false);
  expect(spacing.take(21, 0)).toBe(true);
  expect(spacing.take(0, -21)).toBe(true);
});

test('no two points that got room are nearer than the distance', () => {
  const spacing = new Spacing(10);
  const taken: [number, number][] = [];
  for (let i = 0; i < 2000; i++) {
    const [x, y] = [((i * 7919) % 400) - 200, ((i * 104729) % 300) - 150];
    if (spacing.take(x, y)) taken.push([x, y]);
  }
  expect(taken.length).toBeGreaterThan(100);
  const distances = taken.flatMap(([x, y], i) =>
    taken.slice(i + 1).map(([u, v]) => Math.hypot(u - x, v - y)),
  );
  expect(distances.every((distance) => distance >= 10)).toBe(true);
});

test('a box is free until another covers part of it', () => {
  const boxes = new Boxes();
  boxes.add({ left: 0, top: 0, right: 100, bottom: 14 });
  expect(boxes.free({ left: 90, top: 10, right: 150, bottom: 24 })).toBe(false);
  expect(boxes.free({ left: 100, top: 0, right: 150, bottom: 14 })).toBe(true);
  expect(boxes.free({ left: -50, top: -14, right: 0, bottom: 0 })).toBe(true);
});
