/** A position as text, in the five ways that people on watch read and say it. */
import { type Place, writeMgrs, writeUtm } from './grid';

export const positionFormats = ['minutes', 'decimal', 'seconds', 'mgrs', 'utm'] as const;
export type PositionFormat = (typeof positionFormats)[number];

/** What a position looks like: where the grids end, at the poles, it is in degrees and minutes. */
export function writePosition(place: Place, format: PositionFormat): string {
  const at = { lon: turned(place.lon), lat: place.lat };
  switch (format) {
    case 'decimal':
      return `${at.lat.toFixed(5)}, ${at.lon.toFixed(5)}`;
    case 'seconds':
      return `${seconds(at.lat, 2, 'NS')} ${seconds(at.lon, 3, 'EW')}`;
    case 'mgrs':
      return writeMgrs(at) ?? degreesMinutes(at);
    case 'utm':
      return writeUtm(at) ?? degreesMinutes(at);
    case 'minutes':
      return degreesMinutes(at);
  }
}

/** Longitude within -180..180: a map that was panned round the world comes back with another turn. */
export function turned(lon: number): number {
  return ((((lon + 180) % 360) + 360) % 360) - 180;
}

/** Degrees and decimal minutes as mariners write them: `55°41.234'N 012°35.001'E`. */
function degreesMinutes({ lon, lat }: Place): string {
  return `${minutes(lat, 2, 'NS')} ${minutes(lon, 3, 'EW')}`;
}

function minutes(value: number, digits: number, sides: string): string {
  // Rounded first, so that 59.9996' becomes the next degree.
  const thousandths = Math.round(Math.abs(value) * 60_000);
  const rest = ((thousandths % 60_000) / 1000).toFixed(3).padStart(6, '0');
  return `${whole(thousandths / 60_000, digits)}°${rest}'${side(value, sides)}`;
}

function seconds(value: number, digits: number, sides: string): string {
  const tenths = Math.round(Math.abs(value) * 36_000);
  const rest = ((tenths % 600) / 10).toFixed(1).padStart(4, '0');
  return `${whole(tenths / 36_000, digits)}°${whole((tenths % 36_000) / 600, 2)}'${rest}"${side(value, sides)}`;
}

const whole = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, '0');
const side = (value: number, [positive, negative]: string) => (value < 0 ? negative : positive)!;
