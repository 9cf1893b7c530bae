/** What lies under the pointer: the nearest symbol, by arithmetic instead of a read-back from the graphics card. */
import type { PictureStore } from '../picture';
import { mercatorX, mercatorY, worldPixels } from './geometry';
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

/** Drawn tracks in the order of their distance from a position. */
export function byDistance(store: PictureStore, scene: Scene, lon: number, lat: number): number[] {
  const [x, y] = [mercatorX(lon), mercatorY(lat)];
  const { table } = store;
  const distance = (row: number) => {
    const around = mercatorX(table.lon[row]!) - x;
    return Math.hypot(around - Math.round(around), mercatorY(table.lat[row]!) - y);
  };
  const rows = [...scene.symbols, ...scene.minis].map((row) => ({
    row,
    at: distance(row),
    id: table.id[row]!,
  }));
  return rows.sort((a, b) => a.at - b.at || a.id - b.id).map(({ row }) => row);
}
