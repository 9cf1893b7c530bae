/** How the map writes positions, distances and speeds. */
import { metresPerNauticalMile } from './geometry';

export interface ScaleBar {
  /** A round number of nautical miles, or of metres below a tenth of a mile. */
  label: string;
  pixels: number;
}

/** The longest round distance that fits into `widest` pixels. */
export function scaleBar(metresPerPixel: number, widest: number, language: string): ScaleBar {
  const miles = (widest * metresPerPixel) / metresPerNauticalMile;
  const unit = miles < 0.1 ? 1 : metresPerNauticalMile;
  const most = (widest * metresPerPixel) / unit;
  const power = 10 ** Math.floor(Math.log10(most));
  const round = [5, 2, 1].map((n) => n * power).find((n) => n <= most)!;
  const label = `${round.toLocaleString(language)} ${unit === 1 ? 'm' : language === 'fr' ? 'M' : 'NM'}`;
  return { label, pixels: (round * unit) / metresPerPixel };
}

const knotsPerMps = 3600 / metresPerNauticalMile;

export function knots(speedMps: number, language: string): string {
  const options = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return `${(speedMps * knotsPerMps).toLocaleString(language, options)} ${language === 'fr' ? 'nd' : 'kn'}`;
}

export function bearing(degrees: number): string {
  return `${String(Math.round(degrees) % 360).padStart(3, '0')}°`;
}

/** An age as short as it can be read: `12 s`, `4 min`, `3 h`, `2 d`. */
export function age(microseconds: number, language: string): string {
  const seconds = Math.max(0, Math.round(microseconds / 1e6));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} ${language === 'fr' ? 'j' : 'd'}`;
}
