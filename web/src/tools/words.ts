/** Distances, courses and areas as the tools write them. */
import { circleOf95, metresPerNauticalMile } from '../map/geometry';

const mile = (language: string) => (language === 'fr' ? 'M' : 'NM');

/** Nautical miles, as exactly as it makes sense; metres below half a mile. */
export function distanceText(metres: number, language: string): string {
  const miles = metres / metresPerNauticalMile;
  if (miles < 0.5) return `${Math.round(metres).toLocaleString(language)} m`;
  const digits = miles < 10 ? 2 : miles < 100 ? 1 : 0;
  return milesText(miles, digits, language);
}

export function milesText(miles: number, digits: number, language: string): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return `${miles.toLocaleString(language, options)} ${mile(language)}`;
}

/** Rings are multiples of their spacing: all of them have its decimals. */
export function ringText(number: number, spacingNm: number, language: string): string {
  const decimals = String(spacingNm).split('.')[1]?.length ?? 0;
  return milesText(number * spacingNm, Math.min(decimals, 3), language);
}

/** How far from its position a thing is at most in 95 of 100 cases: metres below a tenth of a mile. */
export function radiusText(stdM: number, language: string): string {
  const metres = stdM * circleOf95;
  const miles = metres / metresPerNauticalMile;
  if (miles < 0.1) return `${Math.round(metres)} m`;
  const options = { minimumFractionDigits: 1, maximumFractionDigits: miles < 1 ? 2 : 1 };
  return `${miles.toLocaleString(language, options)} ${mile(language)}`;
}

/** Clockwise from true north, three digits and a tenth: `045.3°`. */
export function courseText(degrees: number): string {
  return `${((Math.round(degrees * 10) / 10) % 360).toFixed(1).padStart(5, '0')}°`;
}

/** Square nautical miles with square kilometres beside them. */
export function areaText(squareMetres: number, language: string): string {
  const number = (value: number) => value.toLocaleString(language, { maximumSignificantDigits: 4 });
  const miles = squareMetres / metresPerNauticalMile ** 2;
  return `${number(miles)} ${mile(language)}² · ${number(squareMetres / 1e6)} km²`;
}

/** Hours and minutes for a distance at a speed: `2 h 05 min`. */
export function durationText(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
