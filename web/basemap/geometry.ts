/** What the world's outlines need before they can be cut into tiles. */
import type { MultiPolygon, Polygon, Position } from 'geojson';

/**
 * A line without jumps at 180 degrees: every step goes the short way round, so longitudes may leave
 * -180..180. (In `world-atlas` the rings of Russia, Fiji and Antarctica jump, and would flood the map.)
 */
export function unwrapLine(line: Position[]): Position[] {
  let turns = 0;
  return line.map((position, i) => {
    const [lon, lat] = position as [number, number];
    const before = line[i - 1]?.[0] ?? lon;
    if (lon - before > 180) turns -= 360;
    if (lon - before < -180) turns += 360;
    return [lon + turns, lat];
  });
}

/** A ring without jumps; one that goes around a pole (Antarctica) is closed along that pole. */
export function unwrapRing(ring: Position[]): Position[] {
  const line = unwrapLine(ring);
  const [firstLon, firstLat] = line[0] as [number, number];
  const lastLon = line.at(-1)![0]!;
  if (Math.abs(lastLon - firstLon) < 180) return line;
  const pole = firstLat < 0 ? -90 : 90;
  return [...line, [lastLon, pole], [firstLon, pole], [firstLon, firstLat]];
}

/** The polygons of a geometry, without jumps; holes are brought to the side where their outer ring is. */
export function unwrapPolygons(geometry: Polygon | MultiPolygon): Position[][][] {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return polygons.map((rings) => {
    const [outer, ...holes] = rings.map(unwrapRing) as [Position[], ...Position[][]];
    return [outer, ...holes.map((hole) => shiftInto(hole, outer))];
  });
}

function shiftInto(hole: Position[], outer: Position[]): Position[] {
  const west = Math.min(...outer.map((p) => p[0]!));
  const east = Math.max(...outer.map((p) => p[0]!));
  const lon = hole[0]![0]!;
  const shift = lon < west ? 360 : lon > east ? -360 : 0;
  return shift ? hole.map(([x, y]) => [x! + shift, y!]) : hole;
}

/** Size and centre of gravity of a ring, in square degrees shrunk by the cosine of the latitude. */
function measure(ring: Position[]): { area: number; lat: number } {
  let twice = 0;
  let moment = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [x1, y1] = ring[i] as [number, number];
    const [x2, y2] = ring[i + 1] as [number, number];
    const cross = x1 * y2 - x2 * y1;
    twice += cross;
    moment += (y1 + y2) * cross;
  }
  const lat = twice ? moment / (3 * twice) : ring[0]![1]!;
  return { area: Math.abs(twice / 2) * Math.cos((lat * Math.PI) / 180), lat };
}

/**
 * Where the name of a country stands, and how large its largest part is.
 *
 * The middle of the widest stretch of land on the parallel through the largest polygon's centre of gravity:
 * always inside, also for a bent country like Norway.
 */
export function labelPoint(polygons: Position[][][]): { lon: number; lat: number; area: number } {
  const measured = polygons.map((rings) => ({ ring: rings[0]!, ...measure(rings[0]!) }));
  const largest = measured.reduce((a, b) => (b.area > a.area ? b : a));
  const crossings: number[] = [];
  for (let i = 0; i + 1 < largest.ring.length; i++) {
    const [x1, y1] = largest.ring[i] as [number, number];
    const [x2, y2] = largest.ring[i + 1] as [number, number];
    if (y1 > largest.lat !== y2 > largest.lat)
      crossings.push(x1 + ((largest.lat - y1) / (y2 - y1)) * (x2 - x1));
  }
  crossings.sort((a, b) => a - b);
  let [from, to] = [crossings[0] ?? largest.ring[0]![0]!, crossings[1] ?? largest.ring[0]![0]!];
  for (let i = 2; i + 1 < crossings.length; i += 2)
    if (crossings[i + 1]! - crossings[i]! > to - from) [from, to] = [crossings[i]!, crossings[i + 1]!];
  const lon = ((((from + to) / 2 + 540) % 360) + 360) % 360;
  return { lon: lon - 180, lat: largest.lat, area: largest.area };
}
