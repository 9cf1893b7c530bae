import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { PMTiles, type Source } from 'pmtiles';
import { beforeAll, expect, test } from 'vitest';

import { buildBasemap, maxZoom } from './build.ts';

/** The archive is read back with the reader that the browser uses. */
let archive: PMTiles;

beforeAll(() => {
  const bytes = buildBasemap();
  const source: Source = {
    getKey: () => 'built',
    getBytes: async (offset, length) => ({
      data: Uint8Array.from(bytes.subarray(offset, offset + length)).buffer,
    }),
  };
  archive = new PMTiles(source);
}, 60_000);

async function tile(lon: number, lat: number, z: number): Promise<VectorTile | null> {
  const x = Math.floor(((lon + 180) / 360) * 2 ** z);
  const sine = Math.sin((lat * Math.PI) / 180);
  const y = Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** z);
  const found = await archive.getZxy(z, x, y);
  return found ? new VectorTile(new PbfReader(found.data)) : null;
}

test('the header says what the archive holds', async () => {
  expect(await archive.getHeader()).toMatchObject({ minZoom: 0, maxZoom, tileType: 1, tileCompression: 2 });
});

test('the Danish straits have land, coast and names', async () => {
  const straits = await tile(11, 55.6, 6);
  expect(Object.keys(straits!.layers)).toEqual(expect.arrayContaining(['land', 'coast', 'name']));
});

test('the open sea is not flooded with land', async () => {
  expect((await tile(3, 56, maxZoom))?.layers['land']).toBeUndefined();
  expect(await tile(-30, 45, maxZoom)).toBeNull();
});

test('the interior of a continent is land, deep in the pyramid', async () => {
  expect((await tile(40, 56, maxZoom))!.layers['land']!.length).toBeGreaterThan(0);
});

test('both sides of 180 degrees have their land', async () => {
  expect((await tile(179, 67, 5))!.layers['land']).toBeDefined();
  expect((await tile(-172, 66, 5))!.layers['land']).toBeDefined();
});

test('names are in English and French', async () => {
  const { name } = (await tile(10, 51, 0))!.layers;
  const names = Array.from({ length: name!.length }, (_, i) => name!.feature(i).properties);
  expect(names).toContainEqual(expect.objectContaining({ en: 'Germany', fr: 'Allemagne', kind: 'country' }));
});
