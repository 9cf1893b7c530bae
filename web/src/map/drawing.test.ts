import { expect, test } from 'vitest';

import { nameOfArea } from './drawing';

const properties = { object: 'a', side: 'unknown', name: 'BOX SEVEN', sidc: '', lineStyle: 'dashed' };
const ring = [
  [12, 55],
  [12.5, 55],
  [12.5, 55.5],
  [12, 55.5],
  [12, 55],
];

test('an area has its name once, as a point in its middle', () => {
  const [named, ...more] = nameOfArea({
    type: 'Feature',
    geometry: { type: 'Polygon', coordinates: [ring] },
    properties,
  });
  expect(more).toEqual([]);
  expect(named!.geometry).toMatchObject({ type: 'Point', coordinates: [12.25, 55.25] });
  expect(named!.properties).toMatchObject({ object: 'a', name: 'BOX SEVEN' });
});

test('what has no name, and what is no area, is given none', () => {
  const area = { type: 'Polygon' as const, coordinates: [ring] };
  expect(nameOfArea({ type: 'Feature', geometry: area, properties: { ...properties, name: '' } })).toEqual(
    [],
  );
  const line = { type: 'LineString' as const, coordinates: ring };
  expect(nameOfArea({ type: 'Feature', geometry: line, properties })).toEqual([]);
});
