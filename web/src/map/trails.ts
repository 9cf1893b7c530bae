/** Trails as flat paths, made again only when trails or what is shown of them have changed. */
import type { PictureStore, Trail } from '../picture';

export interface TrailPath {
  number: number;
  sidc: string;
  path: Float64Array;
  /** Microseconds since 1970 of each point. */
  valid: Float64Array;
}

/** What is older is as faint as a trail becomes; the node keeps 64 points, one every half minute. */
const oldestUs = 30 * 60e6;
const [newest, oldest] = [150, 30];

/** How opaque a point of a trail is drawn, 0 to 255: the older, the fainter. */
export function trailOpacity(ageUs: number): number {
  const share = Math.min(Math.max(ageUs / oldestUs, 0), 1);
  return Math.round(newest + (oldest - newest) * share);
}

const flattened = new WeakMap<Trail, Float64Array>();

/** Longitude, latitude, longitude, … going the short way round, so that no line crosses the map at 180 degrees. */
export function flatten(trail: Trail): Float64Array {
  const known = flattened.get(trail);
  if (known) return known;
  const path = new Float64Array(trail.lon.length * 2);
  trail.lon.forEach((lon, i) => {
    const before = i ? path[2 * i - 2]! : lon;
    path[2 * i] = lon + 360 * Math.round((before - lon) / 360);
    path[2 * i + 1] = trail.lat[i]!;
  });
  flattened.set(trail, path);
  return path;
}

export class TrailPaths {
  private paths: TrailPath[] = [];
  private version = -1;
  private size = 0;

  constructor(private readonly store: PictureStore) {}

  /** The same array as before when nothing has changed. */
  current(): TrailPath[] {
    const { store } = this;
    const { trailsVersion: version, trails } = store;
    if (version === this.version && trails.size === this.size) return this.paths;
    [this.version, this.size] = [version, trails.size];
    this.paths = [];
    for (const [number, trail] of store.trails) {
      const row = store.table.rowOf(number);
      const words = row === undefined ? undefined : store.wordsOf(row);
      if (!words || trail.lon.length < 2) continue;
      this.paths.push({ number, sidc: words.sidc, path: flatten(trail), valid: trail.valid });
    }
    return this.paths;
  }
}
