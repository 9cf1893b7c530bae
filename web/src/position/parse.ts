/** Reads a position as a person types it, pastes it or hears it read out. */
import { type Place, readMgrs, readUtm } from './grid';

/**
 * The place that a text names, or null. Read are
 *
 * - degrees, with minutes and seconds or without: `55.68, 12.58`, `55°41.2'N 12°35'E`, `55 41 12 N 12 35 0 E`,
 *   `N55.68 E12.58`; without letters the latitude comes first, and a sign tells the side
 * - degrees, minutes and seconds in one figure: `5541N 01235E`, `554112N 0123500E`
 * - MGRS of two to ten digits, with or without spaces: `33U UB 48123 72345` (the middle of its square)
 * - UTM with its hemisphere: `33 N 348123 6172345`
 *
 * `O` is no side: it is west in French and east in German.
 */
export function parsePosition(text: string): Place | null {
  const tidy = text.trim().replace(/[\u2212\u2013]/g, '-');
  if (tidy.length > 80) return null;
  return parseMgrs(tidy) ?? parseUtm(tidy) ?? parseDegrees(tidy);
}

const mgrs = /^(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z]{2})\s*(\d{0,5})\s*(\d{0,5})$/i;
const utm = /^(\d{1,2})\s*([NS])\s+(\d{6}(?:\.\d+)?)(?:\s*m?\s*E)?[\s,]+(\d{1,8}(?:\.\d+)?)(?:\s*m?\s*N)?$/i;

function parseMgrs(text: string): Place | null {
  const [, zone, band, square, first, second] = mgrs.exec(text) ?? [];
  if (zone === undefined) return null;
  const digits = first! + second!;
  const isSplit = second !== '';
  if (digits.length % 2 || digits.length > 10 || (isSplit && first!.length !== second!.length)) return null;
  return readMgrs(zone, band!, square!, digits);
}

function parseUtm(text: string): Place | null {
  const [, zone, hemisphere, easting, northing] = utm.exec(text) ?? [];
  return zone === undefined ? null : readUtm(zone, hemisphere!, easting!, northing!);
}

function parseDegrees(text: string): Place | null {
  const plain = text
    .toUpperCase()
    .replace(/[°º'’′"”″:]/g, ' ')
    .trim();
  if (!/^[-+NSEW\d.,;\s]+$/.test(plain)) return null;
  const parts = bySide(plain) ?? byMiddle(plain);
  if (!parts) return null;
  const [lat, lon] = [degrees(parts.lat, 90, 2), degrees(parts.lon, 180, 3)];
  return lat === null || lon === null ? null : { lon, lat };
}

interface Parts {
  lat: string;
  lon: string;
}

/** With letters, before or after their figures: `55 41 N 12 35 E`, `N55.68 E12.58`, `E12.58 N55.68`. */
function bySide(text: string): Parts | null {
  const found = (order: RegExp): Parts | null => {
    const [, first, second] = order.exec(text) ?? [];
    if (first === undefined || second === undefined) return null;
    const isLat = (part: string) => /[NS]/.test(part);
    if (isLat(first) === isLat(second)) return null;
    return isLat(first) ? { lat: first, lon: second } : { lat: second, lon: first };
  };
  return found(/^([^NSEW]+[NSEW])[\s,;]*([^NSEW]+[NSEW])$/) ?? found(/^([NSEW][^NSEW]+)([NSEW][^NSEW]+)$/);
}

/** Without letters: divided at the comma or semicolon, or in the middle of an even count of figures. */
function byMiddle(text: string): Parts | null {
  if (/[NSEW]/.test(text)) return null;
  const divided = text.split(/\s*;\s*|\s*,\s+|\s+,\s*/);
  if (divided.length === 2) return { lat: divided[0]!, lon: divided[1]! };
  const figures = text.split(/\s+/);
  if (figures.length === 1) {
    const [lat, lon, ...more] = text.split(',');
    return lat && lon && !more.length ? { lat, lon } : null;
  }
  if (figures.length % 2) return null;
  const half = figures.length / 2;
  return { lat: figures.slice(0, half).join(' '), lon: figures.slice(half).join(' ') };
}

/** Degrees with a sign from `55 41 12`, `-12.5`, `5541N`; null where a figure is out of its range. */
function degrees(text: string, most: number, wholeDigits: number): number | null {
  const side = /[NSEW]/.exec(text)?.[0];
  const body = text
    .replace(/[NSEW,;]+$/, '')
    .replace(/^[NSEW]/, '')
    .replace(/(\d),(\d)/g, '$1.$2') // a decimal comma
    .trim();
  const [, sign, figures] = /^([-+]?)\s*([\d.\s]+)$/.exec(body) ?? [];
  if (figures === undefined || (sign && side)) return null;
  const [whole, minutes, seconds, ...more] = side ? unpacked(figures, wholeDigits) : figures.split(/\s+/);
  const values = [whole, minutes ?? '0', seconds ?? '0'].map((part) =>
    /^\d+\.?\d*$/.test(part!) ? Number(part) : NaN,
  );
  const [d, m, s] = values as [number, number, number];
  const onlyLastHasFraction = !(minutes && whole!.includes('.')) && !(seconds && minutes!.includes('.'));
  if (more.length || !onlyLastHasFraction || !(m < 60 && s < 60)) return null;
  const value = d + m / 60 + s / 3600;
  if (!(value <= most)) return null;
  return sign === '-' || side === 'S' || side === 'W' ? -value : value;
}

/** `5541.2` with a letter is 55 degrees and 41.2 minutes, `554112` also seconds; the rest is as it stands. */
function unpacked(figures: string, wholeDigits: number): string[] {
  const parts = figures.trim().split(/\s+/);
  const [, packed, fraction] = /^(\d+)(\.\d*)?$/.exec(parts[0]!) ?? [];
  if (parts.length > 1 || packed === undefined || packed.length <= wholeDigits) return parts;
  const rest = packed.slice(wholeDigits);
  if (rest.length !== 2 && rest.length !== 4) return parts;
  const last = rest.slice(rest.length - 2) + (fraction ?? '');
  return [packed.slice(0, wholeDigits), ...(rest.length === 4 ? [rest.slice(0, 2)] : []), last];
}
