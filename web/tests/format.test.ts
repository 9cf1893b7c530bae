import { describe, expect, test } from 'vitest';

import {
  bearing,
  byteRate,
  duration,
  knots,
  metres,
  microseconds,
  number,
  speed,
  zulu,
  zuluDate,
} from '../src/i18n/format';

describe('an age', () => {
  test.each([
    [0, '0 s'],
    [59.9, '59 s'],
    [65, '1 min 05 s'],
    [3600, '1 h 00 min'],
    [90_000, '1 d 1 h'],
    [-4, '0 s'],
  ])('of %d seconds reads %s', (seconds, text) => {
    expect(duration(seconds, 'en')).toBe(text);
  });

  test('counts days as jours in French', () => {
    expect(duration(2 * 86_400, 'fr')).toBe('2 j 0 h');
  });
});

describe('numbers', () => {
  test('have the separators of the language', () => {
    expect(number(1438, 'en')).toBe('1,438');
    expect(number(1438, 'fr')).toBe('1\u202f438');
    expect(number(2.5, 'fr', 1)).toBe('2,5');
  });

  test('a knot is 1852 metres an hour', () => {
    expect(knots(1852 / 3600)).toBeCloseTo(1, 12);
    expect(speed(10, 'en')).toBe('19.4 kn · 10.0 m/s');
    expect(speed(10, 'fr')).toBe('19,4 nd · 10,0 m/s');
  });

  test('bearings have three figures and 360 is 000', () => {
    expect(bearing(7.4)).toBe('007°');
    expect(bearing(359.6)).toBe('000°');
  });

  test('rates take the prefix that keeps them short, heights stay in metres', () => {
    expect(byteRate(900, 'en')).toBe('900 B/s');
    expect(byteRate(10_549, 'en')).toBe('10.3 KiB/s');
    expect(byteRate(10_549, 'fr')).toBe('10,3 Kio/s');
    expect(metres(13, 'en')).toBe('13 m');
    expect(metres(1530, 'en')).toBe('1,530 m');
  });
});

describe('times', () => {
  test('are read from RFC 3339 and written in Zulu', () => {
    const us = microseconds('2013-11-12T12:03:07.250Z');
    expect(us).toBe(1_384_257_787_250_000);
    expect(zulu(us ?? 0)).toBe('12:03:07Z');
    expect(zuluDate(us ?? 0)).toBe('2013-11-12 12:03:07Z');
  });

  test('what is no time is null, never 1970', () => {
    expect(microseconds(null)).toBeNull();
    expect(microseconds('soon')).toBeNull();
  });
});
