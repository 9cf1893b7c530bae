import type { Layer } from '@deck.gl/core';
import { expect, test } from 'vitest';

import { PictureStore } from '../picture';
import { encodeFrame, tracksFrame, wordsFor } from '../picture/encode.testing';
import { decodeFrame } from '../picture/frame';
import type { SymbolAtlas } from '../symbols/atlas';
import { defaultLayers } from './adapter';
import { deckLayers } from './layers';
import type { Palette } from './palette';
import { buildScene } from './scene';

// Colours and pictures need a page; where things are drawn does not.
const palette = new Proxy({}, { get: () => '#336699' }) as Palette;
const atlas = { symbol: () => 'a', sign: () => 'b', canvas: null, mapping: {} } as unknown as SymbolAtlas;

const ships = [
  { id: 1, lon: 11, lat: 56, speed: 6, course: 90 },
  { id: 2, lon: 11.2, lat: 56.1, speed: 0 },
];

/** What the graphics card would be given: every accessor of every layer, for each of its data. */
function read(layers: Layer[]): unknown[] {
  return layers.flatMap((layer) => {
    const { data, ...props } = layer.props as unknown as Record<string, unknown> & { data: unknown[] };
    const accessors = Object.entries(props).filter(
      (entry): entry is [string, (datum: unknown, info: { index: number }) => unknown] =>
        entry[0].startsWith('get') && typeof entry[1] === 'function',
    );
    return data.map((datum, index) =>
      accessors.map(([name, get]) => [layer.id, name, get(datum, { index })]),
    );
  });
}

test('layers draw what they were made of, even after the store was emptied and filled with other tracks', () => {
  const store = new PictureStore();
  const strings = { ...wordsFor(1), ...wordsFor(2) };
  store.apply(decodeFrame(tracksFrame(ships, { reset: true, strings })));
  const camera = {
    lon: 11,
    lat: 56,
    zoom: 11,
    bearing: 0,
    width: 1440,
    height: 900,
    insets: { left: 0, right: 0, bottom: 0 },
  };
  const shown = defaultLayers();
  const selectedRow = 0;
  const textWidth = (text: string) => text.length * 7;
  const layers = deckLayers({
    store,
    scene: buildScene(store, {
      camera,
      layers: shown,
      selectedRow,
      taken: [],
      isWritten: () => false,
      textWidth,
    }),
    atlas,
    palette,
    shown,
    trails: [
      {
        number: 1,
        sidc: '10033000001100000000',
        path: new Float64Array([10.9, 56, 10.95, 56]),
        valid: new Float64Array([0, 30e6]),
      },
    ],
    badges: [],
    selectedRow,
    hoveredRow: 1,
    centreLat: camera.lat,
  });
  const before = read(layers);
  expect(before.length).toBeGreaterThan(6);

  store.apply(
    decodeFrame(tracksFrame([{ id: 9, lon: -40, lat: -20 }], { reset: true, strings: wordsFor(9) })),
  );
  expect(read(layers)).toEqual(before);
  store.apply(decodeFrame(encodeFrame({ type: 'tracks', seq: 9, reset: true, aggregated: true })));
  expect(read(layers)).toEqual(before);
});
