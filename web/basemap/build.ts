/**
 * The basemap: the world's land, coasts, borders and names as one PMTiles archive, so that the map needs no
 * network. Outlines: Natural Earth 1:10m (public domain) as packaged by `world-atlas`.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { GeoJSONVT } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { Feature, Geometry, MultiLineString, MultiPolygon, Point, Polygon } from 'geojson';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';

import { labelPoint, unwrapLine, unwrapPolygons } from './geometry.ts';
import { places } from './places.ts';
import { type Tile, writePmtiles } from './pmtiles.ts';

/** At zoom 7 one tile unit is 76 m, finer than outlines at 1:10m are. */
export const maxZoom = 7;

export const atlasFile = createRequire(import.meta.url).resolve('world-atlas/countries-10m.json');

type Atlas = Topology<{ countries: GeometryCollection<{ name: string }>; land: GeometryCollection }>;

export function buildBasemap(): Uint8Array {
  const atlas = JSON.parse(readFileSync(atlasFile, 'utf8')) as Atlas;
  const layers = {
    land: land(atlas),
    coast: lines(atlas, (a, b) => a === b),
    border: lines(atlas, (a, b) => a !== b),
    name: [...countryNames(atlas), ...placeNames()],
  };
  return writePmtiles(cut(layers), maxZoom, {
    name: 'Alliage basemap',
    attribution: 'Natural Earth',
    vector_layers: Object.keys(layers).map((id) => ({ id, fields: {}, minzoom: 0, maxzoom: maxZoom })),
  });
}

function of<G extends Geometry>(geometry: G, properties: Feature['properties'] = {}): Feature<G> {
  return { type: 'Feature', properties, geometry };
}

/** The land as one feature a polygon, so that each is looked at only where it lies. */
function land(atlas: Atlas): Feature<Polygon>[] {
  return feature(atlas, atlas.objects.land).features.flatMap((all) =>
    unwrapPolygons(all.geometry as MultiPolygon).map((coordinates) => of({ type: 'Polygon', coordinates })),
  );
}

/** Lines between countries (`a !== b`), or between a country and the sea (`a === b`). */
function lines(atlas: Atlas, keep: (a: unknown, b: unknown) => boolean): Feature<MultiLineString>[] {
  const { coordinates } = mesh(atlas, atlas.objects.countries, keep);
  return coordinates.map((line) => of({ type: 'MultiLineString', coordinates: [unwrapLine(line)] }));
}

function countryNames(atlas: Atlas): Feature<Point>[] {
  const french = new Intl.DisplayNames(['fr'], { type: 'region' });
  return feature(atlas, atlas.objects.countries).features.flatMap(({ id, properties, geometry }) => {
    if (id === undefined) return []; // disputed places without a country's number get no name of a country
    const { lon, lat, area } = labelPoint(unwrapPolygons(geometry as Polygon | MultiPolygon));
    const region = new Intl.Locale(`en-${id}`).region!;
    const zoom = area > 100 ? 2 : area > 20 ? 3 : area > 2 ? 4 : area > 0.2 ? 5 : 7;
    const names = { kind: 'country', en: properties.name, fr: french.of(region), zoom };
    return [of({ type: 'Point', coordinates: [lon, lat] }, names)];
  });
}

function placeNames(): Feature<Point>[] {
  return places.map(({ lon, lat, ...names }) => of({ type: 'Point', coordinates: [lon, lat] }, names));
}

/** Cuts every layer into tiles, down the pyramid; tiles of nothing but sea are left out. */
function cut(layers: Record<string, Feature[]>): Tile[] {
  const options = { maxZoom, indexMaxZoom: maxZoom, indexMaxPoints: 0, tolerance: 4, buffer: 64 };
  const indices = Object.entries(layers).map(
    ([name, features]) => [name, new GeoJSONVT({ type: 'FeatureCollection', features }, options)] as const,
  );
  const tiles: Tile[] = [];
  const descend = (z: number, x: number, y: number): void => {
    const found = indices.flatMap(([name, index]) => {
      const tile = index.getTile(z, x, y);
      return tile ? [[name, tile] as const] : [];
    });
    if (!found.length) return;
    const drawn = Object.fromEntries(found.filter(([, tile]) => tile.features.length));
    if (Object.keys(drawn).length)
      tiles.push({ z, x, y, bytes: fromGeojsonVt(drawn, { version: 2, extent: 4096 }) });
    if (z === maxZoom) return;
    for (const [dx, dy] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const)
      descend(z + 1, 2 * x + dx, 2 * y + dy);
  };
  descend(0, 0, 0);
  return tiles;
}
