/** How tactical graphics look: their form is the standard's, their colours and letters are ours. */
import type { ExpressionSpecification, LayerSpecification, Map as MapLibreMap } from 'maplibre-gl';

import { isSelected, lineColour, sideColour } from './drawing_style';
import type { Palette } from './palette';

const source = 'graphics';
/** Before the colour in the name of a pattern, so that another theme has other ones. */
const HATCH = 'hatch:';
/** Pixels between two lines, on a screen that has this many of its own to one. */
const hatchStep = 12;
const hatchRatio = 2;

const hasRole = (...roles: string[]): ExpressionSpecification => ['in', ['get', 'role'], ['literal', roles]];

export function graphicLayers(palette: Palette): LayerSpecification[] {
  const ofSide = lineColour(palette);
  /** Along a line a text turns with the map; in an area it stays upright. */
  const text = (id: string, alignment: 'map' | 'viewport'): LayerSpecification => ({
    id,
    type: 'symbol',
    source,
    minzoom: 5,
    filter: ['all', hasRole('text'), [alignment === 'map' ? '!=' : '==', ['get', 'anchor'], 'center']],
    layout: {
      'text-field': ['get', 'text'],
      'text-font': ['Inter Variable'],
      'text-size': 12,
      'text-anchor': ['get', 'anchor'],
      'text-rotate': ['get', 'angle'],
      'text-rotation-alignment': alignment,
      'text-padding': 1,
    },
    paint: { 'text-color': ofSide, 'text-halo-color': palette.halo, 'text-halo-width': 1.4 },
  });
  return [
    {
      id: 'graphic-hatch',
      type: 'fill',
      source,
      filter: hasRole('hatch'),
      paint: { 'fill-pattern': ['concat', HATCH, sideColour(palette)], 'fill-opacity': 0.5 },
    },
    {
      id: 'graphic-line',
      type: 'line',
      source,
      filter: hasRole('line', 'hatch'),
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': ofSide, 'line-width': ['case', isSelected, 3, 2], 'line-opacity': 0.9 },
    },
    text('graphic-text', 'viewport'),
    text('graphic-text-along', 'map'),
  ];
}

/** Draws the pattern of a limited access area where a layer asks for it by this name. */
export function addHatch(map: MapLibreMap, id: string): boolean {
  if (!id.startsWith(HATCH)) return false;
  const edge = hatchStep * hatchRatio;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = edge;
  const pen = canvas.getContext('2d')!;
  pen.strokeStyle = id.slice(HATCH.length);
  pen.lineWidth = 1.25 * hatchRatio;
  // The neighbours' lines too, whose ends cut the corners.
  for (const shift of [-edge, 0, edge]) {
    pen.moveTo(shift - 1, edge + 1);
    pen.lineTo(shift + edge + 1, -1);
  }
  pen.stroke();
  map.addImage(id, pen.getImageData(0, 0, edge, edge), { pixelRatio: hatchRatio });
  return true;
}
