/**
 * Lines on the WGS 84 ellipsoid: the shortest way (great circle, after C. F. F. Karney, "Algorithms for
 * geodesics", 2013), the way of constant course (rhumb line), and rings. Degrees and metres.
 */
import geodesic from 'geographiclib-geodesic';

import type { Place } from './grid';

const earth = geodesic.Geodesic.WGS84;
const eccentricity = Math.sqrt(earth.f * (2 - earth.f));
const degree = Math.PI / 180;

export type LineKind = 'great_circle' | 'rhumb';

export interface Leg {
  distanceM: number;
  /** At the start and at the end, clockwise from true north, 0..360; the same for a rhumb line. */
  courseDeg: number;
  arrivalDeg: number;
}

export function leg(from: Place, to: Place, kind: LineKind): Leg {
  if (kind === 'rhumb') return rhumbLeg(from, to);
  const { s12, azi1, azi2 } = earth.Inverse(from.lat, from.lon, to.lat, to.lon);
  return { distanceM: s12!, courseDeg: upwards(azi1!), arrivalDeg: upwards(azi2!) };
}

/**
 * A line as positions close enough together for a map; the longitudes go on beyond ±180 degrees where it
 * crosses there, so that nothing leaps round the world.
 */
export function linePath(from: Place, to: Place, kind: LineKind): [lon: number, lat: number][] {
  const turn = shortWay(to.lon - from.lon);
  // A web map is a Mercator map, on which a rhumb line is straight.
  if (kind === 'rhumb') {
    return [
      [from.lon, from.lat],
      [from.lon + turn, to.lat],
    ];
  }
  const line = earth.InverseLine(from.lat, from.lon, to.lat, to.lon);
  const steps = Math.min(128, Math.max(1, Math.ceil(line.s13 / 20_000)));
  return unwrapped(
    Array.from({ length: steps + 1 }, (_, i) => {
      const { lon2, lat2 } = line.Position((line.s13 * i) / steps);
      return [lon2!, lat2!];
    }),
    from.lon,
  );
}

/** Where one is after some metres on the shortest way that begins with a course. */
export function destination(from: Place, courseDeg: number, distanceM: number): Place {
  const { lon2, lat2 } = earth.Direct(from.lat, from.lon, courseDeg, distanceM);
  return { lon: lon2!, lat: lat2! };
}

/** All places at a distance: a closed ring, counterclockwise as RFC 7946 wants an area's edge. */
export function ring(centre: Place, radiusM: number, corners = 96): [lon: number, lat: number][] {
  const at = (i: number): [number, number] => {
    const { lon, lat } = destination(centre, -(360 * i) / corners, radiusM);
    return [lon, lat];
  };
  const edge = unwrapped(
    Array.from({ length: corners }, (_, i) => at(i)),
    centre.lon,
  );
  return [...edge, edge[0]!];
}

/** Square metres inside an edge whose first corner is not repeated at its end. */
export function areaM2(corners: readonly Place[]): number {
  const polygon = earth.Polygon(false);
  for (const { lat, lon } of corners) polygon.AddPoint(lat, lon);
  return Math.abs(polygon.Compute(false, true).area!);
}

/** From the difference of isometric latitudes and the length of the meridian between the parallels. */
function rhumbLeg(from: Place, to: Place): Leg {
  const east = shortWay(to.lon - from.lon) * degree;
  const north = isometric(to.lat) - isometric(from.lat);
  const course = Math.atan2(east, north);
  const meridianM = earth.Inverse(from.lat, 0, to.lat, 0).s12!;
  const distanceM =
    Math.abs(Math.cos(course)) > 1e-6
      ? meridianM / Math.abs(Math.cos(course))
      : Math.abs(east) * parallelRadiusM((from.lat + to.lat) / 2);
  const courseDeg = upwards(course / degree);
  return { distanceM, courseDeg, arrivalDeg: courseDeg };
}

/** Isometric latitude in radians (J. P. Snyder, "Map Projections: A Working Manual", equation 7-7). */
function isometric(lat: number): number {
  const sine = Math.sin(lat * degree);
  return Math.atanh(sine) - eccentricity * Math.atanh(eccentricity * sine);
}

function parallelRadiusM(lat: number): number {
  return (earth.a * Math.cos(lat * degree)) / Math.sqrt(1 - (eccentricity * Math.sin(lat * degree)) ** 2);
}

const shortWay = (degrees: number) => degrees - 360 * Math.round(degrees / 360);
const upwards = (degrees: number) => (degrees + 360) % 360;

function unwrapped(path: [number, number][], firstLon: number): [lon: number, lat: number][] {
  let before = firstLon;
  return path.map(([lon, lat]) => {
    before += shortWay(lon - before);
    return [before, lat];
  });
}
