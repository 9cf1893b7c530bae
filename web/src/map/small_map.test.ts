import { expect, test } from 'vitest';

import { tilesOf } from './outline';
import {
  around,
  frameOf,
  freeCorner,
  geometryData,
  lineData,
  nameOver,
  namesOf,
  pixelOf,
  scaleOf,
} from './small_map';

const [WIDTH, HEIGHT] = [560, 240];
const PLACES = [
  { lon: 18, lat: 57 },
  { lon: 18.2, lat: 57.05 },
  { lon: 18.1, lat: 56.9 },
];

function frame(places = PLACES) {
  const made = frameOf(places, WIDTH, HEIGHT);
  if (made === null) throw new Error('no frame');
  return made;
}

test('every place is inside, and there is room around them', () => {
  for (const place of PLACES) {
    const [x, y] = pixelOf(frame(), place);
    expect(x).toBeGreaterThan(WIDTH * 0.1);
    expect(x).toBeLessThan(WIDTH * 0.9);
    expect(y).toBeGreaterThan(HEIGHT * 0.1);
    expect(y).toBeLessThan(HEIGHT * 0.9);
  }
});

test('one place alone is in the middle, at a scale that shows what is near', () => {
  const alone = frame([{ lon: 18, lat: 57 }]);
  expect(pixelOf(alone, { lon: 18, lat: 57 })).toEqual([WIDTH / 2, HEIGHT / 2]);
  expect(scaleOf(alone) * WIDTH).toBeGreaterThan(2_000);
  expect(frameOf([], WIDTH, HEIGHT)).toBeNull();
});

test('the corner looks wider around the same middle', () => {
  const wider = around(frame(), 120, 84);
  const [x, y] = pixelOf(wider, { lon: 18.1, lat: 56.975 });
  expect(Math.abs(x - 60)).toBeLessThan(1);
  expect(Math.abs(y - 42)).toBeLessThan(1);
  expect(scaleOf(wider)).toBeGreaterThan(10 * scaleOf(frame()));
});

test('what lies on both sides of the antimeridian is near each other', () => {
  const across = frame([
    { lon: 179.9, lat: -17 },
    { lon: -179.9, lat: -17 },
  ]);
  const [west] = pixelOf(across, { lon: 179.9, lat: -17 });
  const [east] = pixelOf(across, { lon: -179.9, lat: -17 });
  expect(east - west).toBeGreaterThan(100);
  expect(east - west).toBeLessThan(WIDTH);
});

test('names stand beside the ends, each once, and none over another', () => {
  const line = (name: string) => ({ name, places: PLACES });
  const names = namesOf(frame(), [line('one'), line('two'), line('one'), { name: 'none', places: [] }]);
  expect(names.map(({ name }) => name)).toEqual(['one', 'two']);
  expect((names[1]?.y ?? 0) - (names[0]?.y ?? 0)).toBeGreaterThanOrEqual(14);
});

test('a route has its name where it is seen, away from what else is marked', () => {
  const geometry = {
    type: 'LineString' as const,
    coordinates: [
      [17, 57],
      [18.2, 57],
    ],
  };
  const over = (name: string | null) => nameOver(frame(), { name, geometry }, [[WIDTH, HEIGHT / 2]]);
  expect(over('CONVOY ALPHA')?.x).toBeLessThan(WIDTH / 2);
  expect(over('CONVOY ALPHA')?.x).toBeGreaterThan(0);
  expect(over(null)).toBeNull();
  const elsewhere = {
    type: 'LineString' as const,
    coordinates: [
      [2, 7],
      [2, 8],
    ],
  };
  expect(nameOver(frame(), { name: 'FAR AWAY', geometry: elsewhere }, [])).toBeNull();
});

test('the corner that tells where it is covers nothing that another corner would not', () => {
  const size = { width: 120, height: 84, inset: 8 };
  expect(freeCorner(frame(), size, [])).toEqual([WIDTH - 128, 8]);
  expect(freeCorner(frame(), size, [[WIDTH - 60, 40]])).toEqual([8, 8]);
  const both: [number, number][] = [
    [WIDTH - 60, 40],
    [60, 40],
  ];
  expect(freeCorner(frame(), size, both)).toEqual([WIDTH - 128, HEIGHT - 92]);
});

test('lines are open, areas are closed, and points are no path', () => {
  expect(lineData(frame(), PLACES.slice(0, 2))).toMatch(/^M[\d.-]+ [\d.-]+L[\d.-]+ [\d.-]+$/);
  const ring = PLACES.map(({ lon, lat }) => [lon, lat]);
  expect(geometryData(frame(), { type: 'Polygon', coordinates: [ring] })).toMatch(/Z$/);
  expect(geometryData(frame(), { type: 'Point', coordinates: [18, 57] })).toBe('');
});

test('a few tiles cover it, wherever it is and however large', () => {
  const world = frame([
    { lon: -170, lat: -60 },
    { lon: 170, lat: 70 },
  ]);
  for (const one of [frame(), frame([{ lon: 0, lat: 0 }]), world]) {
    const tiles = tilesOf(one);
    expect(tiles.length).toBeGreaterThan(0);
    expect(tiles.length).toBeLessThanOrEqual(9);
    expect(tiles.every(({ z }) => z <= 7)).toBe(true);
  }
});
