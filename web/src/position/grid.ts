/** UTM and MGRS on WGS 84 (NGA.STND.0037, DMA TM 8358.1). Both end where the polar grids begin. */
import Mgrs, { LatLon as MgrsLatLon } from 'geodesy/mgrs.js';
import Utm from 'geodesy/utm.js';

export interface Place {
  lon: number;
  lat: number;
}

/** In UTM, or null beyond 80 degrees south and 84 degrees north, where the grid ends. */
function onGrid({ lon, lat }: Place) {
  return attempt(() => new MgrsLatLon(lat, lon).toUtm());
}

/** `33 N 348123 6172345`: zone, hemisphere, easting and northing in metres. Null beyond the grid. */
export function writeUtm(place: Place): string | null {
  const found = onGrid(place);
  if (!found) return null;
  const { zone, hemisphere, easting, northing } = found;
  return `${zone} ${hemisphere} ${easting.toFixed(0)} ${northing.toFixed(0)}`;
}

/** Zone, hemisphere (N or S, not a latitude band), easting, northing. Null when that is no place. */
export function readUtm(zone: string, hemisphere: string, easting: string, northing: string): Place | null {
  return attempt(() => toPlace(Number(zone), hemisphere.toUpperCase(), Number(easting), Number(northing)));
}

/** `33U UB 48123 72345`: a square of one metre. Null beyond the grid. */
export function writeMgrs(place: Place): string | null {
  return onGrid(place)?.toMgrs().toString(10) ?? null;
}

/** The middle of the square that the digits name; null when there is none. */
export function readMgrs(zone: string, band: string, square: string, digits: string): Place | null {
  const half = digits.length / 2;
  const side = 10 ** (5 - half);
  const [easting, northing] = [digits.slice(0, half), digits.slice(half)].map((part) => Number(part) * side);
  const [column, row] = square.toUpperCase();
  return attempt(() => {
    const corner = new Mgrs(Number(zone), band.toUpperCase(), column!, row!, easting!, northing!).toUtm();
    const middle = side / 2;
    const { zone: at, hemisphere } = corner;
    return toPlace(at, hemisphere, corner.easting + middle, corner.northing + middle);
  });
}

function toPlace(zone: number, hemisphere: string, easting: number, northing: number): Place {
  const { lon, lat } = new Utm(zone, hemisphere as 'N' | 'S', easting, northing).toLatLon();
  return { lon, lat };
}

/** The library throws on figures that name no place, and on places that its grid does not reach. */
function attempt<T>(convert: () => T): T | null {
  try {
    return convert();
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}
