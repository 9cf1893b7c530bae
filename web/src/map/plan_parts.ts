/** What is drawn of a planned route beside its line: the corridor, and its corners with number and time. */
import type { Feature, Position } from 'geojson';

import { zulu } from '../i18n/format';
import type { MapFeature } from './adapter';
import { corridorRing } from './corridor';

export function planParts({ geometry, plan, object }: MapFeature, side: string): Feature[] {
  if (plan == null || geometry.type !== 'LineString') return [];
  const ring = corridorRing(geometry.coordinates, plan.corridorM);
  const corners = geometry.coordinates.map((at, i) => corner(at, i + 1, plan.times.get(i + 1)));
  const parts: Feature[] = ring === null ? corners : [area(ring), ...corners];
  return parts.map((part) => ({ ...part, properties: { ...part.properties, object, side } }));
}

function area(ring: Position[]): Feature {
  return {
    type: 'Feature',
    geometry: { type: 'Polygon', coordinates: [ring] },
    properties: { role: 'corridor' },
  };
}

function corner(at: Position, number: number, us: number | undefined): Feature {
  const time = us === undefined ? '' : timeText(us);
  const properties = { role: 'corner', number: String(number), time };
  return { type: 'Feature', geometry: { type: 'Point', coordinates: at }, properties };
}

/** `14:30Z`, as it stands beside a corner. */
export function timeText(us: number): string {
  return `${zulu(us).slice(0, 5)}Z`;
}
