/** Parts of a sketch: how places become what the map draws. */
import type { SketchPart } from '../map';
import { corridorRing } from '../map/corridor';
import type { Place } from '../position/grid';

export type Path = readonly (readonly [lon: number, lat: number])[];

export const at = ({ lon, lat }: Place): [lon: number, lat: number] => [lon, lat];

export function linePart(path: Path, role: 'line' | 'thin' | 'preview', text = ''): SketchPart {
  return { geometry: { type: 'LineString', coordinates: path.map((place) => [...place]) }, role, text };
}

export function fillPart(ring: Path): SketchPart {
  return {
    geometry: { type: 'Polygon', coordinates: [ring.map((place) => [...place])] },
    role: 'fill',
    text: '',
  };
}

/** What lies within so many metres of a line; nothing where that has no length yet. */
export function corridorPart(path: Path, halfWidthM: number): SketchPart[] {
  const line = path.map((place) => [...place]);
  const ring = corridorRing(line, halfWidthM);
  return ring === null
    ? []
    : [{ geometry: { type: 'Polygon', coordinates: [ring] }, role: 'corridor', text: '' }];
}

export function vertexPart(place: Place, text = ''): SketchPart {
  return { geometry: { type: 'Point', coordinates: at(place) }, role: 'vertex', text };
}

export function textPart(place: Place, text: string): SketchPart {
  return { geometry: { type: 'Point', coordinates: at(place) }, role: 'text', text };
}
