/** How far apart range rings are at first. Pure. */
import { metresPerNauticalMile } from '../map/geometry';

/** Between two rings on the screen, about. */
const SPACING_PIXELS = 80;
const FIRST_SPACING_NM = 5;

/** A round number of nautical miles, 1, 2 or 5 of a power of ten, that gives rings of a good size at this zoom. */
export function spacingAt(metresPerPixel: number | null): number {
  if (metresPerPixel === null) return FIRST_SPACING_NM;
  const most = Math.min(1000, Math.max(0.05, (SPACING_PIXELS * metresPerPixel) / metresPerNauticalMile));
  const power = 10 ** Math.floor(Math.log10(most));
  return Number(([5, 2, 1].find((n) => n * power <= most)! * power).toPrecision(1));
}
