/**
 * What deck.gl is given of the tracks: copies. It reads a layer's data when it draws, and by then the store
 * may have been emptied, or hold another track in the same row.
 */
import type { PictureStore } from '../picture';
import { type Affiliation, affiliationOf } from '../symbols/sidc';

export interface DrawnTrack {
  row: number;
  position: [lon: number, lat: number];
  sidc: string;
  affiliation: Affiliation;
  /** Metres per second and degrees; NaN when not known. */
  speed: number;
  course: number;
  /** Metres, metres and degrees of the error ellipse; NaN when not known. */
  std: number;
  minor: number;
  axis: number;
  /** True when a report is overdue. */
  overdue: boolean;
}

/** The tracks in these rows as they are now; a row that holds nothing is left out. */
export function drawnTracks(store: PictureStore, rows: readonly number[]): DrawnTrack[] {
  const { lon, lat, speed, course, std, minor, axis, state } = store.table;
  return rows.flatMap((row) => {
    const sidc = row < store.table.size ? store.wordsOf(row)?.sidc : undefined;
    if (sidc === undefined) return [];
    return {
      row,
      position: [lon[row]!, lat[row]!],
      sidc,
      affiliation: affiliationOf(sidc),
      speed: speed[row]!,
      course: course[row]!,
      std: std[row]!,
      minor: minor[row]!,
      axis: axis[row]!,
      overdue: state[row] !== 0,
    };
  });
}
