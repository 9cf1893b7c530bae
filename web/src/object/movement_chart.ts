/** Charts of how a track moved: lines with gaps where nothing was reported, scales of round numbers. */

export interface Series {
  /** Microseconds, rising. */
  us: readonly number[];
  /** Null where that report did not say. */
  values: readonly (number | null)[];
}

export interface Scale {
  low: number;
  high: number;
  ticks: number[];
}

/** A silence longer than so many usual intervals is a gap, and so long at least. */
const GAP_INTERVALS = 6;
const GAP_LEAST_US = 60e6;

/** Stretches of points without a silence or an unknown value between them; indices into the series. */
export function stretches({ us, values }: Series): number[][] {
  const gap = Math.max(GAP_LEAST_US, GAP_INTERVALS * median(us.slice(1).map((at, i) => at - us[i]!)));
  const found: number[][] = [];
  let last: number | null = null;
  values.forEach((value, i) => {
    if (value === null) return void (last = null);
    const continues = last !== null && us[i]! - us[last]! <= gap;
    if (continues) found.at(-1)!.push(i);
    else found.push([i]);
    last = i;
  });
  return found;
}

/** A scale that holds all values, with three to six round ticks; from a floor on, where there is one. */
export function scaleOf(values: readonly (number | null)[], least: number, floor?: number): Scale {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { low: 0, high: least, ticks: [0, least] };
  const [low, high] = [floor ?? Math.min(...known), Math.max(...known)];
  const step = roundStep(Math.max(high - low, least) / 4);
  const from = Math.floor(low / step) * step;
  const to = Math.max(Math.ceil(high / step), from / step + Math.ceil(least / step)) * step;
  const ticks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
  return { low: from, high: to, ticks };
}

/**
 * Courses as a line that does not leap at north: each is turned by whole circles towards the one before. The
 * axis shows them modulo 360.
 */
export function unwound(degrees: readonly (number | null)[]): (number | null)[] {
  let before: number | null = null;
  return degrees.map((value) => {
    if (value === null) return null;
    const turned: number = before === null ? value : value + 360 * Math.round((before - value) / 360);
    before = turned;
    return turned;
  });
}

/** Index of the report that is nearest to a time, or null for none. */
export function nearest(us: readonly number[], at: number): number | null {
  let best: number | null = null;
  us.forEach((value, i) => {
    if (best === null || Math.abs(value - at) < Math.abs(us[best]! - at)) best = i;
  });
  return best;
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((n) => n * power >= rough) ?? 10) * power;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
