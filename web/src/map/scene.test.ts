import { expect, test } from 'vitest';

import { PictureStore } from '../picture';
import { type TestTrack, tracksFrame, wordsFor } from '../picture/encode.testing';
import { decodeFrame, type TrackWords } from '../picture/frame';
import { defaultLayers } from './adapter';
import { byDistance, pickTrack } from './pick';
import { buildScene, type SceneOptions, symbolPixels, toPixels } from './scene';

const camera = {
  lon: 11,
  lat: 56,
  zoom: 10,
  bearing: 0,
  width: 1440,
  height: 900,
  insets: { left: 0, right: 0, bottom: 0 },
};
const options: SceneOptions = {
  camera,
  layers: defaultLayers(),
  selectedRow: undefined,
  taken: [],
  isWritten: () => false,
  textWidth: (text) => text.length * 7,
};

function storeOf(tracks: TestTrack[], words: Partial<TrackWords> = {}): PictureStore {
  const store = new PictureStore();
  const strings = Object.assign({}, ...tracks.map(({ id }) => wordsFor(id, words)));
  store.apply(decodeFrame(tracksFrame(tracks, { reset: true, strings })));
  return store;
}

const crowd = Array.from({ length: 400 }, (_, id) => ({
  id,
  lon: 11 + (id % 20) * 0.004,
  lat: 56 + Math.floor(id / 20) * 0.002,
  speed: id % 3 ? 0 : 6,
}));

test('every track is drawn, once', () => {
  const { symbols, minis } = buildScene(storeOf(crowd), options);
  expect([...symbols, ...minis].sort((a, b) => a - b)).toEqual(crowd.map(({ id }) => id));
  expect(minis.length).toBeGreaterThan(0);
});

test('what moves gets room before what lies still', () => {
  const store = storeOf([
    { id: 0, lon: 11, lat: 56, speed: 0 },
    { id: 1, lon: 11.0001, lat: 56, speed: 6 },
  ]);
  expect(buildScene(store, options)).toMatchObject({ symbols: [1], minis: [0] });
});

test('what wants attention has its symbol before all others, but not when another time is shown', () => {
  const store = storeOf(crowd);
  const { object } = store.wordsOf(210)!;
  store.attendTo([object]);
  expect(buildScene(store, options).symbols.at(-1)).toBe(210);
  expect(store.isAlerting(210)).toBe(true);
  store.expectPast(0, 1);
  expect(store.isAlerting(210)).toBe(false);
});

test('the selected track always has its symbol and its name', () => {
  const selectedRow = 210;
  const { symbols, labels } = buildScene(storeOf(crowd), { ...options, selectedRow });
  expect(symbols.at(-1)).toBe(selectedRow);
  expect(labels.map(({ row }) => row)).toContain(selectedRow);
});

test('a crowd looks the same wherever the middle of the map is', () => {
  const store = storeOf(crowd);
  const here = buildScene(store, options);
  const there = buildScene(store, { ...options, camera: { ...camera, lon: 11.013, lat: 56.007 } });
  expect(there.symbols).toEqual(here.symbols);
});

test('names do not cover each other', () => {
  const zoomedIn = { ...options, camera: { ...camera, zoom: 12 } };
  const store = storeOf(crowd);
  const { labels } = buildScene(store, zoomedIn);
  const pixels = (512 * 2 ** 12) / 360;
  const boxes = labels.map(({ row, text, offset, anchor }) => {
    const width = text.length * 7;
    const x = store.table.lon[row]! * pixels + offset[0];
    const y = (-store.table.lat[row]! * pixels) / Math.cos((56 * Math.PI) / 180) + offset[1];
    const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
    return { left, right: left + width, y };
  });
  expect(labels.length).toBeGreaterThan(5);
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1))
      expect(a.right <= b.left + 1 || b.right <= a.left + 1 || Math.abs(a.y - b.y) > 12).toBe(true);
});

test('a name does not run under a panel', () => {
  // The panel ends in the middle of the map; the first ship lies 29 pixels beside it, its right side is taken.
  const insets = { left: camera.width / 2, right: 0, bottom: 0 };
  const store = storeOf([
    { id: 0, lon: 11.02, lat: 56, speed: 6 },
    { id: 1, lon: 11.05, lat: 56, speed: 5 },
  ]);
  const anchor = (from: SceneOptions) => buildScene(store, from).labels.find(({ row }) => row === 0)?.anchor;
  expect(anchor(options)).toBe('end');
  expect(anchor({ ...options, camera: { ...camera, insets } })).toBe('middle');
});

test('without names no label is placed', () => {
  const layers = { ...defaultLayers(), names: false };
  expect(buildScene(storeOf(crowd), { ...options, layers }).labels).toEqual([]);
});

test('a nameless ship is called by its number when one looks closely', () => {
  const close = { ...options, camera: { ...camera, zoom: 13 } };
  const [label] = buildScene(storeOf([{ id: 5, lon: 11, lat: 56 }], { name: null }), close).labels;
  expect(label?.text).toBe('219000005');
});

test('an aircraft under way is called by its address from afar, and a radar track by its number from near', () => {
  const labelAt = (zoom: number, words: Parameters<typeof storeOf>[1]) =>
    buildScene(storeOf([{ id: 5, lon: 11, lat: 56, speed: 200, course: 90 }], words), {
      ...options,
      camera: { ...camera, zoom },
    }).labels[0]?.text;
  const aircraft = { name: null, sidc: '10010100001100000000', identifier: 'icao24:4b1a2c' };
  expect(labelAt(7, aircraft)).toBe('4B1A2C');
  const track = { name: null, identifier: 'track:1fk-sg3a0-17' };
  expect([labelAt(7, track), labelAt(13, track)]).toEqual([undefined, '#17']);
});

test('symbols grow with the zoom', () => {
  const sizes = [4, 7, 9, 11, 16].map(symbolPixels);
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
});

test('the pointer takes the nearest symbol within reach, and nothing on the open sea', () => {
  const store = storeOf([
    { id: 0, lon: 11, lat: 56 },
    { id: 1, lon: 11.02, lat: 56 },
  ]);
  const scene = buildScene(store, options);
  expect(pickTrack(store, scene, 11.001, 56, 10)).toBe(0);
  expect(pickTrack(store, scene, 11.018, 56, 10)).toBe(1);
  expect(pickTrack(store, scene, 11.3, 56, 10)).toBeUndefined();
});

test('a track on the other side of 180 degrees is within reach', () => {
  const store = storeOf([{ id: 0, lon: -179.999, lat: 0 }]);
  const scene = buildScene(store, { ...options, camera: { ...camera, lon: 179.99, lat: 0 } });
  expect(pickTrack(store, scene, 179.999, 0, 10)).toBe(0);
});

test('stepping goes from the middle outwards', () => {
  const store = storeOf([
    { id: 0, lon: 13, lat: 56 },
    { id: 1, lon: 11.1, lat: 56 },
    { id: 2, lon: 12, lat: 56 },
  ]);
  expect(byDistance(store, buildScene(store, options), { lon: 11, lat: 56 }, [10, 55, 14, 57])).toEqual([
    1, 2, 0,
  ]);
});

test('a name makes room for what a tool says and for what the map has written', () => {
  const store = storeOf([{ id: 0, lon: 11, lat: 56, speed: 6 }], { name: 'ABC' });
  const anchor = (some: Partial<SceneOptions>) =>
    buildScene(store, { ...options, ...some }).labels[0]?.anchor;
  const atRight = { left: 10, right: 60, top: -20, bottom: 20 };
  expect(anchor({})).toBe('start');
  expect(anchor({ taken: [atRight] })).toBe('end');
  expect(anchor({ isWritten: ({ left }) => left > 0 })).toBe('end');
  expect(anchor({ isWritten: () => true })).toBeUndefined();
});

test('a turned map turns the places, not the names', () => {
  const [x, y] = toPixels({ ...camera, bearing: 90 })(11.1, 56);
  expect(x).toBeCloseTo(0);
  expect(y).toBeCloseTo((-0.1 / 360) * 512 * 2 ** 10);
});
