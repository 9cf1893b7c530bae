/** What lies under the pointer: the nearest symbol, by arithmetic instead of a read-back from the graphics card. */
import type { PictureStore } from '../picture';
import type { Place } from '../position/grid';
import { type Bbox, mercatorX, mercatorY, worldPixels } from './geometry';
import type { Scene } from './scene';

const symbolReach = 16;
const miniReach = 8;

/** The row of the nearest drawn track within reach of a position, or undefined. */
export function pickTrack(store: PictureStore, scene: Scene, lon: number, lat: number, zoom: number) {
  const world = worldPixels(zoom);
  const [x, y] = [mercatorX(lon), mercatorY(lat)];
  const { table } = store;
  let best: number | undefined;
  let nearest = Infinity;
  const look = (rows: number[], reach: number) => {
    for (const row of rows) {
      if (row >= table.size) continue;
      const around = mercatorX(table.lon[row]!) - x;
      const distance = Math.hypot(around - Math.round(around), mercatorY(table.lat[row]!) - y) * world;
      if (distance > reach || distance >= nearest) continue;
      nearest = distance;
      best = row;
    }
  };
  look(scene.symbols, symbolReach);
  if (best === undefined || nearest > miniReach) look(scene.minis, miniReach);
  return best;
}

/** Drawn tracks within a box in the order of their distance from its middle, or from another place in it. */
export function byDistance(
  store: PictureStore,
  scene: Scene,
  middle: Place,
  [west, south, east, north]: Bbox,
): number[] {
  const [x, y] = [mercatorX(middle.lon), mercatorY(middle.lat)];
  const { table } = store;
  const isInside = (row: number) => {
    const lon = table.lon[row]! + 360 * Math.round((middle.lon - table.lon[row]!) / 360);
    return lon >= west && lon <= east && table.lat[row]! >= south && table.lat[row]! <= north;
  };
  const distance = (row: number) => {
    const around = mercatorX(table.lon[row]!) - x;
    return Math.hypot(around - Math.round(around), mercatorY(table.lat[row]!) - y);
  };
  const inside = [...scene.symbols, ...scene.minis].filter(isInside);
  const rows = inside.map((row) => ({
    row,
    at: distance(row),
    id: table.id[row]!,
  }));
  return rows.sort((a, b) => a.at - b.at || a.id - b.id).map(({ row }) => row);
}
