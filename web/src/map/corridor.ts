/**
 * The edge of what lies within so many metres of a line, as the map draws the line: straight on Mercator's
 * projection. That is conformal: what is at a right angle there is so on the ground, and lengths differ with the
 * latitude alone.
 */
import type { Position } from 'geojson';

const EARTH_M = 6_371_008.8;
const RADIAN = Math.PI / 180;
/** Along a leg the edge is given anew at least so often, for the map's scale changes with the latitude. */
const PIECE_M = 20_000;
const MOST_PIECES = 60;
/** A turn of the edge round a corner or an end is drawn in steps of so much. */
const STEP = 15 * RADIAN;

type Vector = readonly [x: number, y: number];

interface Leg {
  from: Vector;
  to: Vector;
  length: number;
  /** Along it, of length 1. */
  along: Vector;
}

/** A closed ring; null for a line without length. */
export function corridorRing(line: readonly Position[], halfWidthM: number): Position[] | null {
  const legs = legsOf(line);
  const [first, last] = [legs[0], legs.at(-1)];
  if (first === undefined || last === undefined) return null;
  const reach = ([, y]: Vector) => (halfWidthM / EARTH_M) * Math.cosh(y);
  const backwards = legs.map(({ from, to, length, along: [x, y] }) => ({
    from: to,
    to: from,
    length,
    along: [-x, -y] as const,
  }));
  const ring = [
    ...leftOf(legs, reach),
    ...arc(last.to, reach(last.to), angleOf(leftward(last.along)), -Math.PI),
    ...leftOf(backwards.reverse(), reach),
    ...arc(first.from, reach(first.from), angleOf(leftward(first.along)) + Math.PI, -Math.PI),
  ];
  return [...ring, ring[0]!].map(toDegrees);
}

/** The edge at the left hand of somebody who goes along the legs. */
function leftOf(legs: readonly Leg[], reach: (at: Vector) => number): Vector[] {
  return legs.flatMap((leg, i) => {
    const [before, after] = [legs[i - 1], legs[i + 1]];
    const [cutBefore, cutAfter] = [cutOf(before, leg, reach), cutOf(leg, after, reach)];
    const side = leftward(leg.along);
    const count = Math.min(MOST_PIECES, Math.ceil((leg.length * EARTH_M) / Math.cosh(leg.from[1]) / PIECE_M));
    const along = Array.from({ length: count + 1 }, (_, n) => (n / count) * leg.length).filter(
      (gone) => gone >= cutBefore && gone <= leg.length - cutAfter,
    );
    const beside = along.map((gone) => {
      const at = plus(leg.from, leg.along, gone);
      return plus(at, side, reach(at));
    });
    return [...beside, ...(after === undefined ? [] : roundCorner(leg, after, reach))];
  });
}

/** How much of both legs the edge leaves out at a corner that turns towards it. */
function cutOf(leg: Leg | undefined, after: Leg | undefined, reach: (at: Vector) => number): number {
  if (leg === undefined || after === undefined || turnOf(leg, after) <= 0) return 0;
  return reach(leg.to) * Math.tan(turnOf(leg, after) / 2);
}

function roundCorner(leg: Leg, after: Leg, reach: (at: Vector) => number): Vector[] {
  const turn = turnOf(leg, after);
  const side = leftward(leg.along);
  // To the right: the edge goes round outside.
  if (turn <= 0) return arc(leg.to, reach(leg.to), angleOf(side), turn);
  const cut = cutOf(leg, after, reach);
  // Where legs are too short for that, both edges meet in the corner itself.
  if (cut > Math.min(leg.length, after.length)) return [leg.to];
  return [plus(plus(leg.to, leg.along, -cut), side, reach(leg.to))];
}

/** By how much the way turns to the left, radians. */
function turnOf({ along: [x, y] }: Leg, { along: [nextX, nextY] }: Leg): number {
  return Math.atan2(x * nextY - y * nextX, x * nextX + y * nextY);
}

function arc(middle: Vector, radius: number, begin: number, turn: number): Vector[] {
  const steps = Math.max(1, Math.ceil(Math.abs(turn) / STEP));
  return Array.from({ length: steps + 1 }, (_, n) => {
    const angle = begin + (turn * n) / steps;
    return plus(middle, [Math.cos(angle), Math.sin(angle)], radius);
  });
}

function legsOf(line: readonly Position[]): Leg[] {
  let before = line[0]?.[0] ?? 0;
  const points = line.map(([lon = 0, lat = 0]): Vector => {
    before = lon - 360 * Math.round((lon - before) / 360);
    const bounded = Math.max(-89, Math.min(89, lat));
    return [before * RADIAN, Math.asinh(Math.tan(bounded * RADIAN))];
  });
  return points.slice(1).flatMap((to, i) => {
    const from = points[i]!;
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (length === 0) return [];
    return { from, to, length, along: [(to[0] - from[0]) / length, (to[1] - from[1]) / length] as const };
  });
}

const leftward = ([x, y]: Vector): Vector => [-y, x];
const angleOf = ([x, y]: Vector) => Math.atan2(y, x);
const plus = ([x, y]: Vector, [dx, dy]: Vector, times: number): Vector => [x + dx * times, y + dy * times];
const toDegrees = ([x, y]: Vector): Position => [x / RADIAN, Math.atan(Math.sinh(y)) / RADIAN];
