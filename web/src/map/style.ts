/** The basemap's style: calm, so that symbols stand out. Labels need no font server: MapLibre draws them. */
import type { FeatureCollection } from 'geojson';
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';

import type { MapTiles, Theme } from './adapter';
import { drawingSources, featureLayers, sketchLayers } from './drawing_style';
import type { Language } from './text';
import type { Palette } from './palette';
import { graphicLayers } from './tactical_style';
import { TILES, tilesLayers, tilesSource } from './tiles_style';

const source = { source: 'basemap' } as const;
const font = ['Inter Variable'];
const shownFromItsZoom: ExpressionSpecification = ['<=', ['get', 'zoom'], ['zoom']];

const nothing: FeatureCollection = { type: 'FeatureCollection', features: [] };

export interface StyleOptions {
  palette: Palette;
  theme: Theme;
  language: Language;
  basemapUrl: string;
  /** Drawn over land and coast or, where they are lines themselves, in place of those; null: neither. */
  tiles: MapTiles | null;
  graticule: boolean;
  places: boolean;
  /** Null: not shown. */
  features: { features: FeatureCollection; graphics: FeatureCollection } | null;
  sketch: FeatureCollection;
}

export function mapStyle(options: StyleOptions): StyleSpecification {
  const { palette, basemapUrl, tiles } = options;
  return {
    version: 8,
    sources: {
      basemap: { type: 'vector', url: `pmtiles://${basemapUrl}` },
      ...(tiles ? { [TILES]: tilesSource(tiles) } : {}),
      graticule: { type: 'geojson', data: nothing },
      ...drawingSources(options.features?.features ?? nothing, options.sketch),
      graphics: { type: 'geojson', data: options.features?.graphics ?? nothing, promoteId: 'object' },
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': palette.sea } },
      // Images cover the built-in land as they come: what does not come leaves no empty sea.
      ...(tiles?.kind === 'raster' ? outlines(palette) : []),
      ...(tiles ? tilesLayers(tiles, palette, options.theme) : []),
      ...(options.graticule ? graticuleLayers(palette) : []),
      ...(tiles ? [] : outlines(palette)),
      ...(options.places ? names(palette, options.language) : []),
      ...(options.features ? [...featureLayers(palette), ...graphicLayers(palette)] : []),
      ...sketchLayers(palette),
    ],
  };
}

function graticuleLayers(palette: Palette): LayerSpecification[] {
  const paint = { 'line-color': palette.graticule, 'line-width': 1 };
  return [{ id: 'graticule', type: 'line', source: 'graticule', paint }];
}

function outlines(palette: Palette): LayerSpecification[] {
  return [
    {
      id: 'land',
      type: 'fill',
      ...source,
      'source-layer': 'land',
      paint: { 'fill-color': palette.land, 'fill-antialias': false },
    },
    {
      id: 'border',
      type: 'line',
      ...source,
      'source-layer': 'border',
      paint: { 'line-color': palette.border, 'line-width': 1, 'line-dasharray': [3, 2] },
    },
    {
      id: 'coast',
      type: 'line',
      ...source,
      'source-layer': 'coast',
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.coast,
        'line-width': ['interpolate', ['linear'], ['zoom'], 3, 0.5, 8, 1, 12, 1.5],
      },
    },
  ];
}

function ofKind(kind: string): ExpressionSpecification {
  return ['all', ['==', ['get', 'kind'], kind], shownFromItsZoom];
}

function names(palette: Palette, language: Language): LayerSpecification[] {
  const name: ExpressionSpecification = ['get', language];
  const halo = { 'text-halo-color': palette.halo, 'text-halo-width': 1 };
  const layer = { type: 'symbol', ...source, 'source-layer': 'name' } as const;
  const text = { 'text-field': name, 'text-font': font } as const;
  return [
    {
      ...layer,
      id: 'port',
      filter: ofKind('port'),
      minzoom: 4,
      layout: {
        ...text,
        'text-size': 11,
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
        'text-radial-offset': 0.5,
        'text-justify': 'auto',
        'symbol-sort-key': ['get', 'zoom'],
      },
      paint: { ...halo, 'text-color': palette.textPlace },
    },
    {
      ...layer,
      id: 'island',
      filter: ofKind('island'),
      minzoom: 5,
      layout: { ...text, 'text-size': 11 },
      paint: { ...halo, 'text-color': palette.textLand },
    },
    {
      ...layer,
      id: 'sea-name',
      filter: ofKind('sea'),
      layout: {
        ...text,
        'text-size': ['interpolate', ['linear'], ['zoom'], 2, 11, 8, 14],
        'text-letter-spacing': 0.12,
        'text-max-width': 7,
        'symbol-sort-key': ['get', 'zoom'],
      },
      paint: { ...halo, 'text-color': palette.textSea },
    },
    {
      ...layer,
      id: 'country',
      filter: ofKind('country'),
      maxzoom: 8,
      layout: {
        ...text,
        'text-size': ['interpolate', ['linear'], ['zoom'], 2, 10, 7, 13],
        'text-letter-spacing': 0.15,
        'text-transform': 'uppercase',
        'text-max-width': 8,
        'symbol-sort-key': ['get', 'zoom'],
      },
      paint: { ...halo, 'text-color': palette.textLand },
    },
  ];
}
