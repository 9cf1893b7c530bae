import { expect, test } from 'vitest';

import type { MapLine } from './adapter';
import { half90, shownLines, wedge } from './line_layers';

const line = (bearingDeg: number, validUs = 0, stdDeg: number | null = 1): MapLine => ({
  name: `line:mast-${bearingDeg}`,
  number: String(bearingDeg),
  source: 'mast',
  sensor: { lon: 12, lat: 55 },
  sensorName: 'sensor:mast',
  validUs,
  bearingDeg,
  stdDeg,
  rateDegps: 0,
  rateStdDegps: null,
});

/** The bearing of a corner from the sensor, on so short a way that the earth is flat. */
const bearingOf = ([lon, lat]: [number, number]) =>
  (Math.atan2((lon - 12) * Math.cos(((55 + lat) / 2) * (Math.PI / 180)), lat - 55) * 180) / Math.PI;

test('the wedge of a line holds ninety of a hundred, and begins at its sensor', () => {
  const [sensor, left, middle, right] = wedge(line(40))!;
  expect(sensor).toEqual([12, 55]);
  expect(bearingOf(left!)).toBeCloseTo(40 - half90, 1);
  expect(bearingOf(middle!)).toBeCloseTo(40, 1);
  expect(bearingOf(right!)).toBeCloseTo(40 + half90, 1);
});

test('a line has no wedge where nothing says how well its bearing is known', () => {
  expect(wedge(line(40, 0, null))).toBeNull();
});

test('a line is gone half a minute after it was told, and neighbours follow each other', () => {
  const lines = [line(200), line(10), line(90, -31e6)];
  expect(shownLines(lines, 0).map(({ bearingDeg }) => bearingDeg)).toEqual([10, 200]);
  expect(shownLines(lines, 30e6)).toEqual([]);
});
