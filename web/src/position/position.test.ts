import { forward, toPoint } from 'mgrs';
import { describe, expect, test } from 'vitest';

import { positionFormats, writePosition } from './format';
import { parsePosition } from './parse';

/** Half of the last figure written, in metres with a margin for longitude at the equator. */
const accuracyM = { minutes: 0.93 * 1.5, decimal: 0.8, seconds: 1.6 * 1.5, mgrs: 1.5, utm: 1 };

/** The same positions in every run: a linear congruential generator (Numerical Recipes, chapter 7). */
function* positions(count: number) {
  let state = 20261127;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  for (let i = 0; i < count; i++) yield { lon: next() * 360 - 180, lat: next() * 163.8 - 79.9 };
}

function metresApart(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const east = (((a.lon - b.lon + 540) % 360) - 180) * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(east, a.lat - b.lat) * 111_320;
}

test.each(positionFormats)('a position written as %s is read again as the same place', (format) => {
  for (const place of positions(2000)) {
    const text = writePosition(place, format);
    const read = parsePosition(text);
    expect(read, text).not.toBeNull();
    expect(metresApart(place, read!), `${text} of ${place.lat}, ${place.lon}`).toBeLessThan(
      accuracyM[format],
    );
  }
});

test('MGRS agrees with an independent implementation to the metre', () => {
  for (const place of positions(2000)) {
    const ours = writePosition(place, 'mgrs').replaceAll(' ', '');
    const [lon, lat] = toPoint(ours) as [number, number];
    expect(
      metresApart(place, { lon, lat }),
      `${ours} and ${forward([place.lon, place.lat], 5)}`,
    ).toBeLessThan(3);
  }
});

test('the zones of Norway and Svalbard are wider and narrower than six degrees', () => {
  expect(writePosition({ lon: 5.3, lat: 60.4 }, 'utm')).toMatch(/^32 N /);
  expect(writePosition({ lon: 15.6, lat: 78.2 }, 'utm')).toMatch(/^33 N /);
});

test('sixty minutes are the next degree', () => {
  expect(writePosition({ lon: 9.999_999_9, lat: 54.999_999_9 }, 'minutes')).toBe("55°00.000'N 010°00.000'E");
  expect(writePosition({ lon: 9.999_999_9, lat: -54.999_999_9 }, 'seconds')).toBe(
    '55°00\'00.0"S 010°00\'00.0"E',
  );
});

test('beyond the grids, at the poles, a position is written in degrees', () => {
  expect(writePosition({ lon: 10, lat: 88 }, 'mgrs')).toBe("88°00.000'N 010°00.000'E");
  expect(writePosition({ lon: 370, lat: -85 }, 'utm')).toBe("85°00.000'S 010°00.000'E");
});

describe('what people type', () => {
  const copenhagen = [55 + 41.2 / 60, 12 + 35 / 60] as const;
  test.each([
    "55°41.20'N 012°35.00'E",
    '55 41.2 N 12 35 E',
    '55 41.2, 12 35',
    '55 41 12 12 35 0',
    '55°41\'12"N, 12°35\'00"E',
    '5541.2N 01235E',
    '554112N0123500E',
    'N55 41.2 E12 35',
    "12°35'E 55°41.2'N",
    '55.686667, 12.583333',
    '55.686667 12.583333',
    '55,686667 12,583333',
    '55,686667; 12,583333',
    '55.686667N 12.583333E',
  ])('%s', (text) => {
    const read = parsePosition(text);
    expect(read).not.toBeNull();
    expect([read!.lat, read!.lon].map((value) => value.toFixed(4))).toEqual(
      copenhagen.map((value) => value.toFixed(4)),
    );
  });

  test('south and west are negative, by letter or sign', () => {
    expect(parsePosition('10S 20W')).toEqual({ lat: -10, lon: -20 });
    expect(parsePosition('-10, -20')).toEqual({ lat: -10, lon: -20 });
    expect(parsePosition('\u221210.5 \u221220.25')).toEqual({ lat: -10.5, lon: -20.25 });
  });

  test('a coarse MGRS square leads to its middle', () => {
    const [coarse, fine] = [parsePosition('33UUB4872')!, parsePosition('33U UB 48500 72500')!];
    expect(metresApart(coarse, fine)).toBeLessThan(2);
  });
});

test.each([
  '',
  'aarhus',
  '55',
  '95 12',
  '55 61 N 12 35 E',
  '55.5 30 N 12 E',
  '55N 12N',
  '55 O 12 N',
  '-55N 12E',
  '55 41 12',
  '33X UB 1 23',
  '61U UB 11 11',
  '33 N 12 99999999',
  '219012345',
])('%s is no position', (text) => expect(parsePosition(text)).toBeNull());
