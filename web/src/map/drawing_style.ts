/** How features and sketches look: thin lines under the symbols, in the colours of their side. */
import type { FeatureCollection } from 'geojson';
import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification,
} from 'maplibre-gl';

import type { Palette } from './palette';

const font = ['Inter Variable'];
const name: ExpressionSpecification = ['get', 'name'];
export const isSelected: ExpressionSpecification = ['boolean', ['feature-state', 'selected'], false];

const isOf = (...types: string[]): ExpressionSpecification => [
  'in',
  ['geometry-type'],
  ['literal', types.flatMap((type) => [type, `Multi${type}`])],
];
const hasRole = (role: string): ExpressionSpecification => ['==', ['get', 'role'], role];

export function drawingSources(
  features: FeatureCollection,
  sketch: FeatureCollection,
): Record<string, SourceSpecification> {
  return {
    features: { type: 'geojson', data: features, promoteId: 'object' },
    sketch: { type: 'geojson', data: sketch },
  };
}

/** The colour of a feature's side. */
export function sideColour(palette: Palette): ExpressionSpecification {
  return [
    'match',
    ['get', 'side'],
    'friend',
    palette.friend,
    'hostile',
    palette.hostile,
    'neutral',
    palette.neutral,
    palette.feature,
  ];
}

/** The same, or the colour of the selection. */
export function lineColour(palette: Palette): DataDrivenPropertyValueSpecification<string> {
  return ['case', isSelected, palette.selected, sideColour(palette)];
}

export function featureLayers(palette: Palette): LayerSpecification[] {
  const source = 'features';
  const ofSide = lineColour(palette);
  const line = (id: string, style: string): LayerSpecification => ({
    id,
    type: 'line',
    source,
    filter: ['all', isOf('LineString', 'Polygon'), ['==', ['get', 'lineStyle'], style]],
    layout: { 'line-join': 'round', 'line-cap': style === 'solid' ? 'round' : 'butt' },
    paint: {
      'line-color': ofSide,
      'line-width': ['case', isSelected, 3, 1.5],
      'line-opacity': 0.85,
      ...(style === 'dashed' ? { 'line-dasharray': [4, 2] } : {}),
    },
  });
  const text = { 'text-field': name, 'text-font': font, 'text-size': 11 };
  const ink = { 'text-color': ofSide, 'text-halo-color': palette.halo, 'text-halo-width': 1.2 };
  return [
    ...corridorLayers(palette),
    {
      id: 'feature-fill',
      type: 'fill',
      source,
      filter: ['all', isOf('Polygon'), ['!', hasRole('corridor')]],
      paint: { 'fill-color': ofSide, 'fill-opacity': ['case', isSelected, 0.16, 0.07] },
    },
    line('feature-line', 'solid'),
    line('feature-dashes', 'dashed'),
    {
      id: 'feature-line-name',
      type: 'symbol',
      source,
      minzoom: 6,
      filter: isOf('LineString'),
      layout: { ...text, 'symbol-placement': 'line', 'text-offset': [0, -0.8], 'text-letter-spacing': 0.06 },
      paint: ink,
    },
    {
      id: 'feature-area-name',
      type: 'symbol',
      source,
      minzoom: 7,
      filter: hasRole('area-name'),
      layout: text,
      paint: ink,
    },
    {
      id: 'feature-point',
      type: 'symbol',
      source,
      filter: ['all', isOf('Point'), ['!', hasRole('area-name')], ['!', hasRole('corner')]],
      layout: {
        ...text,
        'icon-image': ['get', 'sidc'],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 5, 0.6, 10, 1],
        'icon-allow-overlap': true,
        'text-optional': true,
        'text-anchor': 'left',
        'text-offset': [1.3, 0],
      },
      paint: ink,
    },
    ...cornerLayers(palette),
  ];
}

/** Below everything, and so pale that several beside each other hide nothing. */
function corridorLayers(palette: Palette): LayerSpecification[] {
  const common = { source: 'features', filter: hasRole('corridor') };
  return [
    {
      ...common,
      id: 'feature-corridor',
      type: 'fill',
      paint: { 'fill-color': lineColour(palette), 'fill-opacity': ['case', isSelected, 0.1, 0.05] },
    },
    {
      ...common,
      id: 'feature-corridor-edge',
      type: 'line',
      paint: {
        'line-color': lineColour(palette),
        'line-width': 1,
        'line-opacity': ['case', isSelected, 0.7, 0.35],
      },
    },
  ];
}

/** Corners of planned routes by their numbers; of the selected one with their times. */
function cornerLayers(palette: Palette): LayerSpecification[] {
  const common = { source: 'features', minzoom: 6, filter: hasRole('corner') };
  const text = { 'text-font': font, 'text-size': 11 };
  const ink = { 'text-color': lineColour(palette), 'text-halo-color': palette.halo, 'text-halo-width': 1.2 };
  return [
    {
      ...common,
      id: 'feature-corner',
      type: 'circle',
      paint: {
        'circle-radius': 3,
        'circle-color': palette.sea,
        'circle-stroke-color': lineColour(palette),
        'circle-stroke-width': 1.5,
      },
    },
    {
      ...common,
      id: 'feature-corner-number',
      type: 'symbol',
      layout: {
        ...text,
        'text-field': ['get', 'number'],
        'text-anchor': 'bottom-right',
        'text-offset': [-0.4, -0.3],
      },
      paint: ink,
    },
    {
      ...common,
      id: 'feature-corner-time',
      type: 'symbol',
      layout: {
        ...text,
        'text-field': ['get', 'time'],
        'text-anchor': 'top-left',
        'text-offset': [0.5, 0.3],
        // It is there unseen while the route is not selected, and must take no room from others then.
        'text-allow-overlap': true,
        'text-ignore-placement': true,
      },
      paint: { ...ink, 'text-opacity': ['case', isSelected, 1, 0] },
    },
  ];
}

export function sketchLayers(palette: Palette): LayerSpecification[] {
  const source = 'sketch';
  const line = (role: string, width: number, dashes?: number[]): LayerSpecification => ({
    id: `sketch-${role}`,
    type: 'line',
    source,
    filter: hasRole(role),
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': palette.accent,
      'line-width': width,
      ...(dashes ? { 'line-dasharray': dashes } : {}),
    },
  });
  return [
    {
      id: 'sketch-fill',
      type: 'fill',
      source,
      filter: hasRole('fill'),
      paint: { 'fill-color': palette.accent, 'fill-opacity': 0.12 },
    },
    {
      id: 'sketch-corridor',
      type: 'fill',
      source,
      filter: hasRole('corridor'),
      paint: { 'fill-color': palette.accent, 'fill-opacity': 0.1 },
    },
    { ...line('corridor', 1), id: 'sketch-corridor-edge' },
    line('line', 2),
    line('thin', 1),
    line('preview', 2, [2, 2]),
    {
      id: 'sketch-vertex',
      type: 'circle',
      source,
      filter: hasRole('vertex'),
      paint: {
        'circle-radius': 4,
        'circle-color': palette.sea,
        'circle-stroke-color': palette.accent,
        'circle-stroke-width': 2,
      },
    },
  ];
}
