/** A small drawing of some places: which part of the world it shows, and everything in its pixels. Pure. */
import type { Geometry, Position } from 'geojson';

import type { Place } from '../position/grid';
import { mercatorX, mercatorY, metresPerPixel, worldPixels } from './geometry';

/** Where something was, the earliest first. */
export interface SmallMapLine {
  name: string;
  places: readonly Place[];
}

/** Part of the world: its upper left corner in pixels of the whole world at this zoom, and its size. */
export interface Frame {
  zoom: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

const DEEPEST_ZOOM = 10;
/** In open water there is no coast near: how much wider the corner looks that tells where that is. */
const WIDER_ZOOMS = 4.5;
/** Of the drawing's width and height, that is left free around what it shows. */
const MARGIN = 0.12;

/** The part of the world with all these places in it; null where there are none. */
export function frameOf(places: readonly Place[], width: number, height: number): Frame | null {
  const first = places[0];
  if (first === undefined) return null;
  // Across the antimeridian: as near to the first place as may be.
  const xs = places.map(({ lon }) => mercatorX(near(lon, first.lon)));
  const ys = places.map(({ lat }) => mercatorY(lat));
  const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = 1 - 2 * MARGIN;
  const most = Math.min(
    Math.log2((width * room) / worldPixels(0) / (east - west)),
    Math.log2((height * room) / worldPixels(0) / (south - north)),
  );
  const zoom = Math.max(0, Math.min(DEEPEST_ZOOM, most));
  const world = worldPixels(zoom);
  return {
    zoom,
    left: ((west + east) / 2) * world - width / 2,
    top: ((north + south) / 2) * world - height / 2,
    width,
    height,
  };
}

/** A wider part of the world around the middle of a frame, for a corner of the drawing. */
export function around(frame: Frame, width: number, height: number): Frame {
  const zoom = Math.max(1, frame.zoom - WIDER_ZOOMS);
  const scale = worldPixels(zoom) / worldPixels(frame.zoom);
  return {
    zoom,
    left: (frame.left + frame.width / 2) * scale - width / 2,
    top: (frame.top + frame.height / 2) * scale - height / 2,
    width,
    height,
  };
}

/** A place in the drawing's pixels. */
export function pixelOf(frame: Frame, { lon, lat }: Place): [x: number, y: number] {
  const world = worldPixels(frame.zoom);
  const middle = ((frame.left + frame.width / 2) / world) * 360 - 180;
  return [
    round(mercatorX(near(lon, middle)) * world - frame.left),
    round(mercatorY(lat) * world - frame.top),
  ];
}

/** A name beside where its line ends, or over what it is of. */
export interface LineName {
  name: string;
  x: number;
  y: number;
  anchor: 'start' | 'middle' | 'end';
}

type Pixel = readonly [x: number, y: number];

const LETTER_PIXELS = 7;
const NAME_PIXELS = { away: 12, high: 14, wide: 130 };

/** The names of lines, each once, below each other where their ends are near. */
export function namesOf(frame: Frame, lines: readonly SmallMapLine[]): LineName[] {
  const placed: LineName[] = [];
  for (const { name, places } of lines) {
    const end = places.at(-1);
    if (end === undefined || placed.some((one) => one.name === name)) continue;
    const [x, middle] = pixelOf(frame, end);
    const isRight = x > frame.width * 0.7;
    let y = middle + 4;
    const covers = (one: LineName) =>
      Math.abs(one.y - y) < NAME_PIXELS.high && Math.abs(one.x - x) < NAME_PIXELS.wide;
    while (placed.some(covers)) y += NAME_PIXELS.high;
    const away = isRight ? -NAME_PIXELS.away : NAME_PIXELS.away;
    placed.push({ name, x: x + away, y, anchor: isRight ? 'end' : 'start' });
  }
  return placed;
}

/** Within the drawing, with room for half a name. */
const NAME_INSIDE = { x: 50, above: 24, below: 30 };
const STEPS = 24;

/** The name of an area or a line over it: where it is farthest from what else is marked. Null where it is not seen. */
export function nameOver(
  frame: Frame,
  { name, geometry }: { name: string | null; geometry: Geometry },
  marked: readonly Pixel[],
): LineName | null {
  if (name === null) return null;
  const seen = linesOf(geometry)
    .flatMap((line) => alongOf(line.map((point) => pixelOf(frame, asPlace(point)))))
    .filter(
      ([x, y]) =>
        x >= NAME_INSIDE.x &&
        x <= frame.width - NAME_INSIDE.x &&
        y >= NAME_INSIDE.above &&
        y <= frame.height - NAME_INSIDE.below,
    );
  const farFrom = ([x, y]: Pixel) => Math.min(...marked.map(([ox, oy]) => Math.hypot(x - ox, y - oy)));
  const [best] = seen.map((at) => ({ at, far: farFrom(at) })).sort((one, other) => other.far - one.far);
  return best === undefined ? null : { name, x: best.at[0], y: round(best.at[1] - 6), anchor: 'middle' };
}

/** Where a smaller drawing covers the least of these pixels: at the upper right, else another corner without the scale. */
export function freeCorner(
  frame: Frame,
  { width, height, inset }: { width: number; height: number; inset: number },
  pixels: readonly Pixel[],
): Pixel {
  const [right, bottom] = [frame.width - width - inset, frame.height - height - inset];
  const corners: Pixel[] = [
    [right, inset],
    [inset, inset],
    [right, bottom],
  ];
  const covered = ([left, top]: Pixel) =>
    pixels.filter(([x, y]) => x >= left && x <= left + width && y >= top && y <= top + height).length;
  return corners.reduce((best, corner) => (covered(corner) < covered(best) ? corner : best));
}

/** Pixels along a name, so that nothing is laid over it. */
export function pixelsOf({ name, x, y, anchor }: LineName): Pixel[] {
  const wide = name.length * LETTER_PIXELS;
  const left = anchor === 'start' ? x : anchor === 'end' ? x - wide : x - wide / 2;
  return [0, 0.25, 0.5, 0.75, 1].map((share) => [left + share * wide, y - 4]);
}

function linesOf(geometry: Geometry): readonly (readonly Position[])[] {
  switch (geometry.type) {
    case 'LineString':
      return [geometry.coordinates];
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates;
    case 'MultiPolygon':
      return geometry.coordinates.flat();
    case 'GeometryCollection':
      return geometry.geometries.flatMap(linesOf);
    default:
      return [];
  }
}

/** The points of a line, and some between them. */
function alongOf(points: readonly Pixel[]): Pixel[] {
  return points.slice(1).flatMap(([x, y], i) => {
    const [fromX, fromY] = points[i]!;
    return Array.from({ length: STEPS + 1 }, (_, n): Pixel => {
      const share = n / STEPS;
      return [round(fromX + (x - fromX) * share), round(fromY + (y - fromY) * share)];
    });
  });
}

/** Path data of a line through these places. */
export function lineData(frame: Frame, places: readonly Place[]): string {
  return dataOf(places.map((place) => pixelOf(frame, place)));
}

/** Path data of an area, or of a line such as a cable; points have none. */
export function geometryData(frame: Frame, geometry: Geometry): string {
  const path = (points: readonly Position[], end = '') =>
    dataOf(points.map((point) => pixelOf(frame, asPlace(point)))) + end;
  switch (geometry.type) {
    case 'LineString':
      return path(geometry.coordinates);
    case 'MultiLineString':
      return geometry.coordinates.map((line) => path(line)).join('');
    case 'Polygon':
      return geometry.coordinates.map((ring) => path(ring, 'Z')).join('');
    case 'MultiPolygon':
      return geometry.coordinates.flatMap((rings) => rings.map((ring) => path(ring, 'Z'))).join('');
    case 'GeometryCollection':
      return geometry.geometries.map((one) => geometryData(frame, one)).join('');
    default:
      return '';
  }
}

/** Metres in a pixel, in the middle of the drawing. */
export function scaleOf(frame: Frame): number {
  const y = (frame.top + frame.height / 2) / worldPixels(frame.zoom);
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  return metresPerPixel(lat, frame.zoom);
}

export function dataOf(points: readonly (readonly [x: number, y: number])[]): string {
  return points.length === 0 ? '' : `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}`;
}

const asPlace = ([lon = 0, lat = 0]: Position): Place => ({ lon, lat });
const near = (lon: number, to: number): number => lon - 360 * Math.round((lon - to) / 360);
const round = (pixels: number): number => Math.round(pixels * 10) / 10;
