import { expect, test } from 'vitest';

import {
  destination,
  ellipse,
  mercatorX,
  mercatorY,
  metresPerPixel,
  normalBbox,
  vectorMinutes,
  airVectorSeconds,
} from './geometry';

test('the middle of the web map is where the equator meets Greenwich', () => {
  expect([mercatorX(0), mercatorY(0)]).toEqual([0.5, 0.5]);
  expect(mercatorY(85.051129)).toBeCloseTo(0, 6);
});

test('a nautical mile to the north is a minute of latitude', () => {
  const [lon, lat] = destination(12, 55, 0, 1852);
  expect(lon).toBeCloseTo(12, 9);
  expect((lat - 55) * 60).toBeCloseTo(1, 2);
});

test('a minute of longitude is shorter in the north', () => {
  const [lon, lat] = destination(12, 60, 90, 926);
  expect((lon - 12) * 60).toBeCloseTo(1, 2);
  expect(lat).toBeCloseTo(60, 9);
});

test('an error ellipse reaches farthest along its axis and is closed', () => {
  const ring = ellipse(12, 0, 1852, 926, 90);
  expect(ring.at(-1)![0]).toBeCloseTo(ring[0]![0], 9);
  const [east, north] = [Math.max(...ring.map(([lon]) => lon)), Math.max(...ring.map(([, lat]) => lat))];
  expect((east - 12) * 60).toBeCloseTo(1, 2);
  expect(north * 60).toBeCloseTo(0.5, 2);
});

test('a box across 180 degrees has its west east of its east', () => {
  expect(normalBbox([170, 50, 190, 60])).toEqual([170, 50, -170, 60]);
  expect(normalBbox([-190, 50, -170, 60])).toEqual([170, 50, -170, 60]);
});

test('a box of the whole world is the whole world', () => {
  expect(normalBbox([-300, -80, 300, 80])).toEqual([-180, -80, 180, 80]);
});

test('vectors look less far ahead the nearer one looks', () => {
  const zooms = [4, 6, 8, 10, 12, 14];
  const minutes = zooms.map((zoom) => vectorMinutes(56, zoom));
  expect(minutes).toEqual([...minutes].sort((a, b) => b - a));
  expect(minutes[0]).toBe(60);
  expect(minutes.at(-1)).toBe(1);
});

test('vectors of aircraft look two minutes ahead at most, and reach about as far on the screen as those of ships', () => {
  expect([4, 6, 8, 10, 12].map((zoom) => airVectorSeconds(56, zoom))).toEqual([120, 120, 60, 30, 10]);
  const pixels = (zoom: number) => (airVectorSeconds(56, zoom) * 230) / metresPerPixel(56, zoom);
  for (const zoom of [5, 7, 9, 11]) expect(pixels(zoom)).toBeLessThan(150);
});

test('a pixel at the equator and zoom 0 is a 512th of the earth', () => {
  expect(metresPerPixel(0, 0)).toBeCloseTo(40_075_016.686 / 512, 3);
});
