import { expect, test } from 'vitest';

import type { PropertyInfo } from '../api/types';
import { readInput, readTime, readTimeOn } from './property_input';

const basis = {
  name: 'length_m',
  title: { en: 'Length', fr: 'Longueur' },
  unit: 'm',
  conversions: [{ unit: 'ft', factor: 3.28084, offset: 0 }],
  minimum: 0,
  maximum: 600,
  code: null,
  many: false,
  to: null,
  inverse: null,
  origin: 'Vessel',
  choices: {},
} satisfies Omit<PropertyInfo, 'type'>;
const of = (type: PropertyInfo['type'], more: Partial<PropertyInfo> = {}): PropertyInfo => ({
  ...basis,
  type,
  ...more,
});

test('a number is read with a comma or a point, and in another unit', () => {
  expect(readInput(of('number'), ' 12,5 ')).toEqual({ value: 12.5 });
  expect(readInput(of('number'), '1 00')).toEqual({ value: 100 });
  const read = readInput(of('number'), '328.084', 'ft');
  expect('value' in read && read.value).toBeCloseTo(100, 6);
});

test('what is out of bounds is said with the bound', () => {
  expect(readInput(of('number'), '-1')).toEqual({ wrong: 'least', bound: 0 });
  expect(readInput(of('number'), '601')).toEqual({ wrong: 'most', bound: 600 });
  expect(readInput(of('integer'), '1.5')).toEqual({ wrong: 'whole' });
  expect(readInput(of('number'), 'long')).toEqual({ wrong: 'number' });
});

test('a time without a zone is UTC', () => {
  expect(readTime('2026-11-27 19:30')).toEqual({ value: '2026-11-27T19:30:00.000Z' });
  expect(readTime('2026-11-27T19:30:15+02:00')).toEqual({ value: '2026-11-27T17:30:15.000Z' });
  expect(readTime('27/11/2026')).toEqual({ wrong: 'time' });
  expect(readTime('2026-13-27 19:30')).toEqual({ wrong: 'time' });
});

test('a clock time alone is of the day that is meant', () => {
  expect(readTimeOn('2026-11-27', '06:00')).toEqual({ value: '2026-11-27T06:00:00.000Z' });
  expect(readTimeOn('2026-11-27', '06:00:30Z')).toEqual({ value: '2026-11-27T06:00:30.000Z' });
  expect(readTimeOn('2026-11-27', '2026-11-28 07:15')).toEqual({ value: '2026-11-28T07:15:00.000Z' });
  expect(readTimeOn('2026-11-27', '25:00')).toEqual({ wrong: 'time' });
  expect(readTimeOn('2026-11-27', '6')).toEqual({ wrong: 'time' });
});

test('addresses and links are what they must be, and text is trimmed', () => {
  expect(readInput(of('url'), 'https://example.org/a')).toEqual({ value: 'https://example.org/a' });
  expect(readInput(of('url'), 'javascript:alert(1)')).toEqual({ wrong: 'url' });
  expect(readInput(of('link'), 'mmsi:219012345')).toEqual({ value: 'mmsi:219012345' });
  expect(readInput(of('link'), 'the other one')).toEqual({ wrong: 'link' });
  expect(readInput(of('text'), '  AARHUS ')).toEqual({ value: 'AARHUS' });
  expect(readInput(of('text'), '  ')).toEqual({ wrong: 'empty' });
  expect(readInput(of('boolean'), 'true')).toEqual({ value: true });
});
