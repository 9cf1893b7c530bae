import type { Geometry, Position } from 'geojson';
import { expect, test } from 'vitest';

import table from '../../../tests/ontology/golden_symbols.json';
import { type AskedGraphic, controlPoints, type Graphic, graphicOf, graphicView } from './tactical';
import { render as rendered } from './tactical_render';

const line: Position[] = [
  [11, 55],
  [11.5, 55.1],
  [11.6, 55.5],
];
const ring: Position[] = [...line, [11.2, 55.6], [11, 55]];
const view = graphicView([10.5, 54.8, 12, 55.8], 9);

const measures = Object.entries(table).filter(([name]) => name.includes(' control_measure='));
const codeOf = (measure: string): string => measures.find(([name]) => name.endsWith(`=${measure}`))![1];

function asked(measure: string, points: Position[], name = 'Kilo'): AskedGraphic {
  return { object: 'o', sidc: codeOf(measure), name, isArea: points.length > 3, points };
}

function render(wanted: AskedGraphic, shown = view): Graphic {
  return rendered(wanted, shown)!;
}

function textsOf({ features }: Graphic): unknown[] {
  return features.filter(({ properties }) => properties?.role === 'text').map((f) => f.properties!.text);
}

test.each(measures)('%s is drawn by the renderer', (name, sidc) => {
  const isArea = name.startsWith('Area');
  const graphic = render({ object: 'o', sidc, name: 'Kilo', isArea, points: isArea ? ring : line }, view);
  expect(graphic.features.some(({ geometry }) => geometry.type !== 'Point')).toBe(true);
  expect(textsOf(graphic).length).toBeGreaterThan(0);
});

test("an area's texts are one in its middle, without headings that have no value", () => {
  const graphic = render(asked('restricted_operations_zone', ring), view);
  expect(textsOf(graphic)).toEqual(['ROZ\nKilo']);
  expect(graphic.features.at(-1)?.properties).toMatchObject({ anchor: 'center', angle: 0, object: 'o' });
});

test("a line's texts lie along it, at the same angle", () => {
  const graphic = render(asked('phase_line', line), view);
  expect(textsOf(graphic)).toEqual(['PL Kilo', 'PL Kilo']);
  expect(graphic.features.at(-2)?.properties?.angle).toBeCloseTo(-19, 0);
});

test('a graphic says whether its name is on it', () => {
  expect(render(asked('phase_line', line), view).saysName).toBe(true);
  expect(render(asked('holding_line', line), view).saysName).toBe(false);
});

test('a limited access area is hatched, and bears its name though the standard has none for it', () => {
  const graphic = render(asked('limited_access_area', ring), view);
  expect(graphic.features.map((f) => f.properties?.role)).toEqual(['hatch', 'text']);
  expect(textsOf(graphic)).toEqual(['LAA\nKilo']);
});

test('a name is text whatever is in it', () => {
  const name = 'K"}]},{"type":"Feature" \\ Ö';
  expect(textsOf(render(asked('area_of_operations', ring, name), view))).toEqual([`AO ${name}`]);
});

test('arrows keep their length in pixels, so they are shorter on the ground when one looks closer', () => {
  const sizes = [8, 9].map((zoom) => {
    const shown = graphicView([10.5, 54.8, 12, 55.8], zoom);
    const [shape] = render(asked('main_supply_route_one_way', line), shown).features;
    const heads = (shape!.geometry as { coordinates: Position[][] }).coordinates.filter(
      (p) => p.length === 3,
    );
    return Math.abs(heads.at(-1)![0]![1]! - heads.at(-1)![1]![1]!);
  });
  expect(sizes[0]! / sizes[1]!).toBeCloseTo(2, 0);
});

test.each([
  ['beside it', [179, 54.8, 181, 55.8], 9],
  ['from the other side', [-181, 54.8, -179, 55.8], 9],
  ['on a map of the world', [-250, -80, 270, 80], 1.5],
] as const)('a graphic across 180 degrees stays in one piece, seen %s', (_, [...seen], zoom) => {
  const points = line.map(([lon, lat]) => [lon! + 168.7, lat!]);
  const [shape] = render(asked('main_supply_route_one_way', points), graphicView(seen, zoom)).features;
  const lons = (shape!.geometry as { coordinates: Position[][] }).coordinates[0]!.map(([lon]) => lon!);
  const twoPixels = 720 / (512 * 2 ** zoom);
  expect(Math.abs(Math.min(...lons) - 179.7)).toBeLessThan(twoPixels);
  expect(Math.abs(Math.max(...lons) - 180.3)).toBeLessThan(twoPixels);
});

test('what the renderer refuses is an error that says why', () => {
  const refused = '{"type":"error","error":"not recognized"}';
  expect(() => graphicOf(refused, asked('phase_line', line), { ...view, middle: 0 })).toThrow(
    'not recognized',
  );
});

test('what lies outside the view is none', () => {
  const elsewhere = graphicView([30, 40, 31, 41], 9);
  expect(rendered(asked('main_supply_route_one_way', line), elsewhere)).toBeNull();
});

test('points, several parts and areas with holes have no tactical graphic', () => {
  const others: Geometry[] = [
    { type: 'Point', coordinates: [11, 55] },
    { type: 'MultiLineString', coordinates: [line] },
    { type: 'Polygon', coordinates: [ring, ring] },
  ];
  expect(others.map(controlPoints)).toEqual([null, null, null]);
  expect(controlPoints({ type: 'Polygon', coordinates: [ring] })).toEqual(ring);
});

test('a graphic is drawn for twice the view, in pixels of the web map', () => {
  const { bbox, width, height } = graphicView([-90, -60, 90, 60], 0);
  expect(bbox).toEqual([-180, -85, 180, 85]);
  expect([width, height]).toEqual([512, 510]);
});
