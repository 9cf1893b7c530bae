/** Land and coast of the built-in basemap as path data: a small drawing needs no map for that. */
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { PMTiles } from 'pmtiles';

import { basemapUrl } from './basemap_url';
import { worldPixels } from './geometry';
import { dataOf, type Frame } from './small_map';

export interface Outline {
  land: string;
  coast: string;
}

const DEEPEST_TILES = 7;
let archive: PMTiles | null = null;

/** What of land and coast is in a frame. */
export async function outlineOf(frame: Frame): Promise<Outline> {
  archive ??= new PMTiles(basemapUrl());
  const source = archive;
  const found = await Promise.all(tilesOf(frame).map(async (tile) => pathsOf(frame, tile, source)));
  return { land: found.map(({ land }) => land).join(''), coast: found.map(({ coast }) => coast).join('') };
}

interface Tile {
  z: number;
  x: number;
  y: number;
}

/** The tiles that cover a frame: a few, for they are no smaller than it. */
export function tilesOf(frame: Frame): Tile[] {
  const world = worldPixels(frame.zoom);
  const largest = Math.max(frame.width, frame.height) / world;
  const z = Math.max(0, Math.min(DEEPEST_TILES, Math.floor(-Math.log2(largest))));
  const count = 2 ** z;
  const tile = (pixels: number) => Math.floor((pixels / world) * count);
  const tiles: Tile[] = [];
  for (let y = tile(frame.top); y <= tile(frame.top + frame.height); y++) {
    if (y < 0 || y >= count) continue;
    for (let x = tile(frame.left); x <= tile(frame.left + frame.width); x++) tiles.push({ z, x, y });
  }
  return tiles;
}

async function pathsOf(frame: Frame, { z, x, y }: Tile, source: PMTiles): Promise<Outline> {
  const count = 2 ** z;
  const got = await source.getZxy(z, ((x % count) + count) % count, y);
  if (got === undefined) return { land: '', coast: '' };
  const { layers } = new VectorTile(new PbfReader(got.data));
  const pixels = worldPixels(frame.zoom) / count;
  const [left, top] = [x * pixels - frame.left, y * pixels - frame.top];

  function data(name: string, end: string): string {
    const layer = layers[name];
    if (layer === undefined) return '';
    const one = pixels / layer.extent;
    return Array.from({ length: layer.length }, (_, index) => layer.feature(index).loadGeometry())
      .flat()
      .map((points) => dataOf(points.map((point) => [left + point.x * one, top + point.y * one])) + end)
      .join('');
  }
  return { land: data('land', 'Z'), coast: data('coast', '') };
}
