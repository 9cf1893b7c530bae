import { expect, test } from 'vitest';

import { area, axisFor, momentAt, place, SPANS, ticks } from './axis';

const NOON = Date.UTC(2026, 0, 31, 12) * 1000;
const MINUTE = 60e6;

test('the axis ends at the present and holds a span of time', () => {
  const axis = axisFor('1h', NOON + 5, null, null);
  expect(axis.toUs).toBeGreaterThanOrEqual(NOON);
  expect(axis.toUs - axis.fromUs).toBe(SPANS['1h']);
  expect(axisFor('1h', NOON + 10e6, null, null)).toEqual(axis);
});

test('a moment before the newest stretch has it round it', () => {
  const at = NOON - 300 * MINUTE;
  const axis = axisFor('1h', NOON, at, null);
  expect(axis.fromUs).toBeLessThan(at);
  expect(axis.toUs).toBeGreaterThan(at);
  expect(axisFor('6h', NOON, at, null)).toEqual(axisFor('6h', NOON, null, null));
});

test('everything begins with the first report', () => {
  const axis = axisFor('all', NOON, null, NOON - 90 * MINUTE);
  expect(axis.fromUs).toBe(NOON - 90 * MINUTE);
  expect(axis.toUs).toBeGreaterThan(NOON);
});

test('a pixel and its moment belong together', () => {
  const axis = axisFor('24h', NOON, null, null);
  for (const x of [0, 17, 500, 1000]) expect(place(axis, momentAt(axis, x, 1000), 1000)).toBeCloseTo(x, 3);
  expect(momentAt(axis, -20, 1000)).toBe(axis.fromUs);
  expect(momentAt(axis, 2000, 1000)).toBe(axis.toUs);
});

test('ticks are round, have room, and midnight is a date', () => {
  const found = ticks(axisFor('24h', NOON, null, null), 800);
  expect(found.length).toBeGreaterThan(3);
  expect(found.length).toBeLessThan(13);
  expect(found.map((tick) => tick.label)).toContain('01-31');
  for (const tick of found) expect(tick.us % (60 * MINUTE)).toBe(0);
});

test('over years the ticks are whole years, the same wherever they are told', () => {
  const all = { fromUs: Date.UTC(2013, 10, 12) * 1000, toUs: NOON };
  expect(ticks(all, 800).map((tick) => tick.label)).toEqual([
    '2014',
    '2016',
    '2018',
    '2020',
    '2022',
    '2024',
    '2026',
  ]);
  expect(ticks(all, 300).map((tick) => tick.label)).toEqual(['2015', '2020', '2025']);
  expect(ticks({ ...all, fromUs: Date.UTC(2025, 5, 3) * 1000 }, 800).map((tick) => tick.label)).toEqual([
    '2025-07',
    '2025-08',
    '2025-09',
    '2025-10',
    '2025-11',
    '2025-12',
    '2026-01',
  ]);
});

test('labels never touch, however long the time and however narrow the bar', () => {
  for (let length = MINUTE; length < 400 * 366 * 1440 * MINUTE; length *= 1.37) {
    for (const width of [60, 173, 320, 800, 1600]) {
      const found = ticks({ fromUs: NOON - length, toUs: NOON }, width);
      for (const [index, tick] of found.slice(1).entries()) {
        const before = found[index]!;
        const room = 3.5 * (tick.label.length + before.label.length);
        expect(tick.labelX - before.labelX).toBeGreaterThanOrEqual(room);
      }
    }
  }
});

test('counts become an area, and none become nothing', () => {
  expect(area([0, 4, 1], 30, 10)).toBe('M0 10L0.0 10.0L10.0 10.0L10.0 0.0L20.0 0.0L20.0 5.0L30.0 5.0L30 10Z');
  expect(area([0, 0], 30, 10)).toBe('');
});
