/** Parallels and meridians of a view, at a distance that suits its zoom. */
import type { FeatureCollection, LineString, Position } from 'geojson';

import type { Bbox } from './geometry';

const steps: [zoom: number, degrees: number][] = [
  [10, 1 / 6],
  [8, 1 / 2],
  [6, 1],
  [4.5, 5],
  [0, 10],
];

export function graticuleStep(zoom: number): number {
  return steps.find(([from]) => zoom >= from)![1];
}

export function graticule([west, south, east, north]: Bbox, zoom: number): FeatureCollection<LineString> {
  const step = graticuleStep(zoom);
  const lines: Position[][] = [];
  const [bottom, top] = [Math.max(south, -85), Math.min(north, 85)];
  for (let i = Math.ceil(west / step); i * step <= east; i++)
    lines.push([
      [i * step, bottom],
      [i * step, top],
    ]);
  for (let i = Math.ceil(bottom / step); i * step <= top; i++)
    lines.push([
      [west, i * step],
      [east, i * step],
    ]);
  const features = lines.map((coordinates) => ({
    type: 'Feature' as const,
    properties: {},
    geometry: { type: 'LineString' as const, coordinates },
  }));
  return { type: 'FeatureCollection', features };
}
