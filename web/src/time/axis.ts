/**
 * The stretch of time that the bar shows, its ticks, and where a moment lies on it. Pure; times in microseconds
 * since 1970, widths in pixels.
 */
const SECOND = 1e6;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const SPANS = { '1h': HOUR, '6h': 6 * HOUR, '24h': DAY, '7d': 7 * DAY } as const;
export type Span = keyof typeof SPANS | 'all';
/** Distances between ticks, from which the first is taken that leaves them room. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 43_200].map(
  (minutes) => minutes * MINUTE,
);
/** A label has this much room. */
const TICK_PX = 72;

export interface Axis {
  fromUs: number;
  toUs: number;
}

/**
 * What the bar shows: the newest stretch that holds the moment that is looked at. It moves by whole steps, so that it
 * stands still while time runs.
 */
export function axisFor(span: Span, presentUs: number, atUs: number | null, earliestUs: number | null): Axis {
  if (span === 'all') {
    const from = Math.min(earliestUs ?? presentUs - HOUR, presentUs - MINUTE);
    return { fromUs: from, toUs: presentUs + (presentUs - from) / 100 };
  }
  const length = SPANS[span];
  const step = length / 60;
  const newest = Math.ceil(presentUs / step) * step;
  if (atUs === null || atUs >= newest - length) return { fromUs: newest - length, toUs: newest };
  const to = Math.ceil((atUs + length / 2) / step) * step;
  return { fromUs: to - length, toUs: to };
}

export function place(axis: Axis, us: number, width: number): number {
  return ((us - axis.fromUs) / (axis.toUs - axis.fromUs)) * width;
}

/** The moment under a pixel, never outside the axis. */
export function momentAt(axis: Axis, x: number, width: number): number {
  const share = Math.min(1, Math.max(0, width === 0 ? 0 : x / width));
  return Math.round(axis.fromUs + share * (axis.toUs - axis.fromUs));
}

export interface Tick {
  us: number;
  x: number;
  label: string;
}

/** Round times with their labels: the hour, or the date at midnight and where days are far apart. */
export function ticks(axis: Axis, width: number): Tick[] {
  const room = Math.max(1, Math.floor(width / TICK_PX));
  const step = STEPS.find((length) => (axis.toUs - axis.fromUs) / length <= room) ?? STEPS.at(-1)!;
  const first = Math.ceil(axis.fromUs / step) * step;
  const found: Tick[] = [];
  for (let us = first; us <= axis.toUs && found.length <= room + 1; us += step) {
    const text = new Date(us / 1000).toISOString();
    const label = us % DAY === 0 ? text.slice(5, 10) : text.slice(11, 16);
    found.push({ us, x: place(axis, us, width), label });
  }
  return found;
}

/** An SVG area of counts, highest at the top; a few are still seen beside many (square root). */
export function area(counts: readonly number[], width: number, height: number): string {
  const most = Math.max(...counts, 0);
  if (most === 0 || counts.length === 0) return '';
  const step = width / counts.length;
  const points = counts.map((count, bin) => {
    const y = (height * (1 - Math.sqrt(count / most))).toFixed(1);
    return `L${(bin * step).toFixed(1)} ${y}L${((bin + 1) * step).toFixed(1)} ${y}`;
  });
  return `M0 ${height}${points.join('')}L${width} ${height}Z`;
}
