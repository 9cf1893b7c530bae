/** Small geometry of the web map: Mercator, lengths on the ground, ends of vectors. */

const earthRadiusM = 6_371_008.8; // mean radius, IUGG
const earthGirthM = 40_075_016.686; // WGS 84 equator
const tilePixels = 512;
export const metresPerNauticalMile = 1852;
/**
 * Radius of the circle (or half axes of the ellipse) that holds 95 % of a two-dimensional normal distribution, in
 * standard deviations: the square root of chi-square(0.95, 2), 2.4477.
 */
export const circleOf95 = Math.sqrt(-2 * Math.log(0.05));

export type Bbox = [west: number, south: number, east: number, north: number];

/** Longitude to 0..1 across the world. */
export function mercatorX(lon: number): number {
  return (lon + 180) / 360;
}

/** Latitude to 0..1 from the north edge of the web map. */
export function mercatorY(lat: number): number {
  const sine = Math.sin((lat * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

/** Width of the world in pixels at a zoom. */
export function worldPixels(zoom: number): number {
  return tilePixels * 2 ** zoom;
}

export function metresPerPixel(lat: number, zoom: number): number {
  return (earthGirthM * Math.cos((lat * Math.PI) / 180)) / worldPixels(zoom);
}

/** Where something is after going `metres` on a constant course; good for the lengths of vectors. */
export function destination(lon: number, lat: number, courseDeg: number, metres: number): [number, number] {
  const course = (courseDeg * Math.PI) / 180;
  const north = ((metres * Math.cos(course)) / earthRadiusM) * (180 / Math.PI);
  const middle = ((lat + north / 2) * Math.PI) / 180;
  const east = ((metres * Math.sin(course)) / (earthRadiusM * Math.cos(middle))) * (180 / Math.PI);
  return [lon + east, lat + north];
}

const ellipseCorners = 48;

/**
 * A closed ring around a place.
 *
 * `major` and `minor` are half axes in metres, `axisDeg` the direction of the major one from true north.
 */
export function ellipse(
  lon: number,
  lat: number,
  major: number,
  minor: number,
  axisDeg: number,
): [number, number][] {
  return Array.from({ length: ellipseCorners + 1 }, (_, i) => {
    const turn = (2 * Math.PI * i) / ellipseCorners;
    const [along, across] = [major * Math.cos(turn), minor * Math.sin(turn)];
    const course = axisDeg + (Math.atan2(across, along) * 180) / Math.PI;
    return destination(lon, lat, course, Math.hypot(along, across));
  });
}

/** A box whose longitudes may leave -180..180 (the map wraps) as the picture protocol wants it. */
export function normalBbox([west, south, east, north]: Bbox): Bbox {
  if (east - west >= 360) return [-180, south, 180, north];
  const wrap = (lon: number) => ((((lon + 180) % 360) + 360) % 360) - 180;
  return [wrap(west), Math.max(-90, south), wrap(east), Math.min(90, north)];
}

const tenKnotsMps = 5.144;

/** Minutes that a speed vector looks ahead: the first usual figure at which 10 knots are worth a look. */
export function vectorMinutes(lat: number, zoom: number): number {
  const minutes = vectorSeconds(lat, zoom, tenKnotsMps) / 60;
  return [1, 2, 3, 6, 12, 20, 30, 60].find((usual) => usual >= minutes) ?? 60;
}

/** The same for aircraft, in seconds, after 300 knots: two minutes at most. In a ship's time they cross the map. */
export function airVectorSeconds(lat: number, zoom: number): number {
  const seconds = vectorSeconds(lat, zoom, 30 * tenKnotsMps);
  return [10, 30, 60, 120].find((usual) => usual >= seconds) ?? 120;
}

/** How long it takes at a speed to come so far that one sees it on the map. */
function vectorSeconds(lat: number, zoom: number, speedMps: number): number {
  const lookPixels = zoom < 10 ? 28 : 45; // large symbols would cover short ones
  return (lookPixels * metresPerPixel(lat, zoom)) / speedMps;
}
