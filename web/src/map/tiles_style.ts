/** How a node's own basemap is drawn: images as they are, vector tiles plainly, since nobody styled them for us. */
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';

import type { MapTiles, Theme } from './adapter';
import type { Palette } from './palette';

export const TILES = 'tiles';
const source = { source: TILES } as const;

export function tilesSource({ url, kind, minZoom, maxZoom, pixels }: MapTiles): SourceSpecification {
  const range = { tiles: [url], minzoom: minZoom, maxzoom: maxZoom };
  return kind === 'raster' ? { type: 'raster', ...range, tileSize: pixels } : { type: 'vector', ...range };
}

export function tilesLayers(tiles: MapTiles, palette: Palette, theme: Theme): LayerSpecification[] {
  return tiles.kind === 'raster'
    ? [image(theme)]
    : tiles.vectorLayers.flatMap((name) => plain(name, palette));
}

/** Charts are drawn on white: in the dark they would blind, and drown the symbols. */
function image(theme: Theme): LayerSpecification {
  const dimmed = { 'raster-brightness-max': 0.55, 'raster-saturation': -0.3 } as const;
  const paint = { 'raster-fade-duration': 0, ...(theme === 'dark' ? dimmed : {}) };
  return { id: 'tiles-image', type: 'raster', ...source, paint };
}

function plain(name: string, palette: Palette): LayerSpecification[] {
  const layer = { ...source, 'source-layer': name } as const;
  return [
    {
      id: `tiles-fill-${name}`,
      type: 'fill',
      ...layer,
      filter: ['in', ['geometry-type'], ['literal', ['Polygon', 'MultiPolygon']]],
      paint: { 'fill-color': palette.land, 'fill-opacity': 0.5 },
    },
    {
      id: `tiles-line-${name}`,
      type: 'line',
      ...layer,
      filter: ['!', ['in', ['geometry-type'], ['literal', ['Point', 'MultiPoint']]]],
      paint: { 'line-color': palette.coast, 'line-width': 1 },
    },
    {
      id: `tiles-name-${name}`,
      type: 'symbol',
      ...layer,
      filter: ['has', 'name'],
      layout: { 'text-field': ['get', 'name'], 'text-font': ['Inter Variable'], 'text-size': 11 },
      paint: { 'text-color': palette.textPlace, 'text-halo-color': palette.halo, 'text-halo-width': 1 },
    },
  ];
}
