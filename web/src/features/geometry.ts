/** GeoJSON geometries as this screen needs them: their box, and what they are in a few words. */
import type { Geometry, Position } from 'geojson';

import { areaM2, leg } from '../position/lines';
import type { Place } from '../position/grid';

/** West, south, east, north; a geometry across 180 degrees goes on beyond it. */
export function boxOf(geometry: Geometry): [number, number, number, number] {
  const places = positionsOf(geometry);
  const first = places[0]!.lon;
  const lons = places.map(({ lon }) => lon - 360 * Math.round((lon - first) / 360));
  const lats = places.map(({ lat }) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

export type GeometrySummary =
  | { kind: 'point'; place: Place }
  | { kind: 'line'; corners: number; lengthM: number }
  | { kind: 'area'; corners: number; areaM2: number }
  | { kind: 'parts'; parts: number };

export function summaryOf(geometry: Geometry): GeometrySummary {
  switch (geometry.type) {
    case 'Point':
      return { kind: 'point', place: place(geometry.coordinates) };
    case 'LineString': {
      const corners = geometry.coordinates.map(place);
      const lengthM = corners
        .slice(1)
        .reduce((sum, to, i) => sum + leg(corners[i]!, to, 'great_circle').distanceM, 0);
      return { kind: 'line', corners: corners.length, lengthM };
    }
    case 'Polygon': {
      const [edge = [], ...holes] = geometry.coordinates.map((ring) => ring.slice(0, -1).map(place));
      const area = holes.reduce((sum, hole) => sum - areaM2(hole), areaM2(edge));
      return { kind: 'area', corners: edge.length, areaM2: area };
    }
    case 'GeometryCollection':
      return { kind: 'parts', parts: geometry.geometries.length };
    default:
      return { kind: 'parts', parts: geometry.coordinates.length };
  }
}

/** Null where a text is no GeoJSON geometry. */
export function geometryOf(text: string): Geometry | null {
  try {
    const read = JSON.parse(text) as Geometry;
    return typeof read.type === 'string' && ('coordinates' in read || 'geometries' in read) ? read : null;
  } catch {
    return null;
  }
}

const place = ([lon = 0, lat = 0]: Position): Place => ({ lon, lat });

function positionsOf(geometry: Geometry): Place[] {
  if (geometry.type === 'GeometryCollection') return geometry.geometries.flatMap(positionsOf);
  const flat = (part: unknown): Position[] =>
    Array.isArray(part) && typeof part[0] === 'number'
      ? [part as Position]
      : (part as unknown[]).flatMap(flat);
  return flat(geometry.coordinates).map(place);
}
