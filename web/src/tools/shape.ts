/** A saved geometry as the tool for drawing takes it up again. */
import type { Geometry, Position } from 'geojson';

import type { Place } from '../position/grid';
import type { Shape } from './drawing.svelte';

export interface DrawnShape {
  shape: Shape;
  corners: Place[];
}

/** Null for what it could not have drawn: several parts, an area with holes. */
export function shapeOf(geometry: Geometry): DrawnShape | null {
  switch (geometry.type) {
    case 'Point':
      return { shape: 'place', corners: [place(geometry.coordinates)] };
    case 'LineString':
      return { shape: 'route', corners: geometry.coordinates.map(place) };
    case 'Polygon': {
      const [edge = [], ...holes] = geometry.coordinates;
      return holes.length > 0 ? null : { shape: 'area', corners: edge.slice(0, -1).map(place) };
    }
    default:
      return null;
  }
}

const place = ([lon = 0, lat = 0]: Position): Place => ({ lon, lat });
