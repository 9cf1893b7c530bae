/** Cells of the picture as badges on the map: all kinds of one cell together, and none over its neighbour. */
import type { Cells } from '../picture';
import { type Affiliation, affiliationOfIdentity } from '../symbols/sidc';
import { mercatorX, mercatorY, worldPixels } from './geometry';

export interface Badge {
  lon: number;
  lat: number;
  count: number;
  moving: number;
  /** The most numerous kind first. */
  kinds: { kind: string; count: number; moving: number }[];
  /** How many are of a known side; of all others nobody has said it. */
  sides: { affiliation: Side; count: number }[];
}

export const SIDES = ['friend', 'neutral', 'hostile'] as const satisfies readonly Affiliation[];
export type Side = (typeof SIDES)[number];

/** The node counts in cells of 64 pixels at the whole part of the zoom (docs/reference/picture-protocol.md). */
const cellsPerTile = 8;
const cellPixels = 64;

export function badgeRadius(count: number): number {
  return 12 + 4 * Math.log10(count);
}

/** The badges for the cells, the smallest first, so that the largest are drawn on top. */
export function badgesOf(cells: Cells, zoom: number): Badge[] {
  const side = cellsPerTile * 2 ** Math.floor(zoom);
  const found = new Map<string, { column: number; line: number; x: number; y: number; badge: Badge }>();
  for (let row = 0; row < cells.size; row++) {
    const [x, y] = [mercatorX(cells.lon[row]!) * side, mercatorY(cells.lat[row]!) * side];
    const [column, line] = [Math.floor(x), Math.floor(y)];
    const [count, moving] = [cells.count[row]!, cells.moving[row]!];
    const key = `${column}/${line}`;
    const here = found.get(key) ?? { column, line, x: 0, y: 0, badge: emptyBadge() };
    found.set(key, here);
    here.x += x * count;
    here.y += y * count;
    here.badge.count += count;
    here.badge.moving += moving;
    addKind(here.badge, cells.schemata[cells.schema[row]!] ?? '', count, moving);
    addSide(here.badge, affiliationOfIdentity(String(cells.identity[row])), count);
  }
  const badges = [...found.values()].map(({ badge, column, line, x, y }) => {
    const margin = badgeRadius(badge.count) / cellPixels;
    const inside = (at: number, from: number) => Math.min(Math.max(at, from + margin), from + 1 - margin);
    badge.lon = (inside(x / badge.count, column) / side) * 360 - 180;
    badge.lat = latitude(inside(y / badge.count, line) / side);
    badge.kinds.sort((a, b) => b.count - a.count);
    badge.sides.sort((a, b) => SIDES.indexOf(a.affiliation) - SIDES.indexOf(b.affiliation));
    return badge;
  });
  return badges.sort((a, b) => a.count - b.count);
}

function emptyBadge(): Badge {
  return { lon: 0, lat: 0, count: 0, moving: 0, kinds: [], sides: [] };
}

function addKind({ kinds }: Badge, kind: string, count: number, moving: number): void {
  const known = kinds.find((one) => one.kind === kind);
  if (known === undefined) return void kinds.push({ kind, count, moving });
  known.count += count;
  known.moving += moving;
}

function addSide({ sides }: Badge, affiliation: Affiliation, count: number): void {
  const side = SIDES.find((one) => one === affiliation);
  if (side === undefined) return;
  const known = sides.find((one) => one.affiliation === side);
  if (known === undefined) sides.push({ affiliation: side, count });
  else known.count += count;
}

function latitude(y: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
}

/** The badge that covers a position, or null; of several the largest, which is drawn on top. */
export function pickBadge(badges: Badge[], lon: number, lat: number, zoom: number): Badge | null {
  const world = worldPixels(zoom);
  const [x, y] = [mercatorX(lon), mercatorY(lat)];
  return (
    badges.findLast((badge) => {
      const around = mercatorX(badge.lon) - x;
      const away = Math.hypot(around - Math.round(around), mercatorY(badge.lat) - y) * world;
      return away <= badgeRadius(badge.count);
    }) ?? null
  );
}
