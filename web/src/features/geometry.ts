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

/** A place that stands for the whole: half the way along a line, the centroid of an area, else of the box. */
export function middleOf(geometry: Geometry): Place {
  if (geometry.type === 'Point') return place(geometry.coordinates);
  if (geometry.type === 'LineString') return halfWay(geometry.coordinates.map(place));
  const [west, south, east, north] = boxOf(geometry);
  const middle = { lon: (west + east) / 2, lat: (south + north) / 2 };
  const found = geometry.type === 'Polygon' ? centroid(geometry.coordinates[0]!.map(place), middle) : middle;
  return { lon: ((((found.lon + 180) % 360) + 360) % 360) - 180, lat: found.lat };
}

function halfWay(corners: Place[]): Place {
  const legs = corners.slice(1).map((to, i) => leg(corners[i]!, to, 'great_circle').distanceM);
  let left = legs.reduce((sum, length) => sum + length, 0) / 2;
  for (const [i, length] of legs.entries()) {
    const [from, to] = [corners[i]!, corners[i + 1]!];
    const part = length === 0 ? 0 : left / length;
    if (part <= 1) {
      const east = to.lon - from.lon - 360 * Math.round((to.lon - from.lon) / 360);
      const lon = from.lon + part * east;
      return { lon: lon - 360 * Math.round(lon / 360), lat: from.lat + part * (to.lat - from.lat) };
    }
    left -= length;
  }
  return corners[0]!;
}

/** Of a closed ring on the flat map, seen from a place near it; that place where the ring has no area. */
function centroid(ring: Place[], near: Place): Place {
  const xs = ring.map(({ lon }) => lon - near.lon - 360 * Math.round((lon - near.lon) / 360));
  const ys = ring.map(({ lat }) => lat - near.lat);
  let [twice, x, y] = [0, 0, 0];
  for (let i = 0; i + 1 < ring.length; i++) {
    const cross = xs[i]! * ys[i + 1]! - xs[i + 1]! * ys[i]!;
    twice += cross;
    x += (xs[i]! + xs[i + 1]!) * cross;
    y += (ys[i]! + ys[i + 1]!) * cross;
  }
  if (Math.abs(twice) < 1e-12) return near;
  return { lon: near.lon + x / (3 * twice), lat: near.lat + y / (3 * twice) };
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
