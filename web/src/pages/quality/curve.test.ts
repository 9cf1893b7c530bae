import { expect, test } from 'vitest';

import { curveOf, HEIGHT, WIDTH, withNow } from './curve';

const points = (line: string) => line.split(' ').map((point) => point.split(',').map(Number));

test('a curve stands on zero and goes from the oldest on the left to now on the right', () => {
  const curve = curveOf([50, 100, 75])!;
  const [first, second, third] = points(curve.lines[0]!) as [number[], number[], number[]];
  expect([curve.low, curve.high]).toEqual([50, 100]);
  expect(first[0]).toBeLessThan(second[0]!);
  expect(third[0]).toBeGreaterThan(WIDTH - 3);
  expect(second[1]).toBeLessThan(3);
  expect(first[1]).toBeCloseTo(HEIGHT / 2, 0);
  expect(curve.end).toEqual({ x: third[0], y: expect.closeTo(third[1]!, 1) });
});

test('where nothing is known there is a gap, and a moment alone is still seen', () => {
  const curve = curveOf([1, null, 2, 3, null])!;
  expect(curve.lines.map((line) => points(line).length)).toEqual([2, 2]);
  expect(curve.end).toBeNull();
});

test('what is below zero hangs from it, and what never was another is flat', () => {
  const below = points(curveOf([-2, 0, -1])!.lines[0]!);
  expect(below[0]![1]).toBeGreaterThan(below[1]![1]!);
  expect(new Set(points(curveOf([0, 0, 0])!.lines[0]!).map(([, y]) => y)).size).toBe(1);
});

test.each([[[]], [[null, null]], [[7]], [[null, 7]]])('of %j no curve is drawn', (values) => {
  expect(curveOf(values)).toBeNull();
});

test('what is so now is never outside of the lowest and the highest', () => {
  const curve = curveOf([50, 100, 75])!;
  expect([30, 75, 120].map((now) => withNow(curve, now))).toEqual([
    [30, 100],
    [50, 100],
    [50, 120],
  ]);
  expect(withNow(curve, null)).toEqual([50, 100]);
});
