import { expect, test } from 'vitest';

import { add, cornerAt, moved, without } from './corners';
import { spacingAt } from './spacing';
import { areaText, courseText, distanceText, durationText, radiusText, ringText } from './words';

const corners = [
  { lon: 10, lat: 55 },
  { lon: 11, lat: 55 },
  { lon: 11, lat: 56 },
];

test('the second click of a double click adds no corner', () => {
  expect(add(corners, { lon: 11, lat: 56 })).toHaveLength(3);
  expect(add(corners, { lon: 11, lat: 56.001 })).toHaveLength(4);
});

test('the nearest corner within reach is taken hold of, and moved alone', () => {
  expect(cornerAt(corners, { lon: 11.001, lat: 55 }, 100)).toBe(1);
  expect(cornerAt(corners, { lon: 11.01, lat: 55 }, 100)).toBeNull();
  expect(moved(corners, 1, { lon: 12, lat: 55 }).map(({ lon }) => lon)).toEqual([10, 12, 11]);
  expect(without(corners, 0)).toEqual(corners.slice(1));
});

test('distances are in nautical miles, in metres where they are short', () => {
  expect([300, 1852, 18_520, 185_200].map((metres) => distanceText(metres, 'en'))).toEqual([
    '300 m',
    '1.00 NM',
    '10.0 NM',
    '100 NM',
  ]);
  expect(distanceText(1852, 'fr')).toBe('1,00 M');
});

test('the rings of one set have the decimals of their spacing', () => {
  expect([1, 2, 3].map((number) => ringText(number, 5, 'en'))).toEqual(['5 NM', '10 NM', '15 NM']);
  expect([1, 4].map((number) => ringText(number, 2.5, 'fr'))).toEqual(['2,5 M', '10,0 M']);
});

test('a radius is the one within which a thing is in 95 of 100 cases', () => {
  const std = 3704 / Math.sqrt(-2 * Math.log(0.05)); // of 2 NM, as the form for reports takes it
  expect([10, std].map((one) => radiusText(one, 'en'))).toEqual(['24 m', '2.0 NM']);
  expect(radiusText(std, 'fr')).toBe('2,0 M');
});

test('a course has three digits and a tenth, and 359.97 is north', () => {
  expect([4.25, 359.97, 180].map(courseText)).toEqual(['004.3°', '000.0°', '180.0°']);
});

test('areas and durations are in the units that people say', () => {
  expect(areaText(1852 ** 2, 'en')).toBe('1 NM² · 3.43 km²');
  expect([540, 7500].map(durationText)).toEqual(['9 min', '2 h 05 min']);
});

test('rings begin with a round spacing that fits the zoom', () => {
  expect(spacingAt(null)).toBe(5);
  expect(spacingAt(100)).toBe(2); // 80 pixels are 4.3 miles
  expect(spacingAt(2000)).toBe(50);
  expect(spacingAt(3)).toBe(0.1);
  expect(spacingAt(0.01)).toBe(0.05);
});
