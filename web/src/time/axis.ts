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
/** Distances between ticks, from which the first is taken that leaves them room; then whole months and years. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map(
  (minutes) => minutes * MINUTE,
);
const MONTHS = [1, 2, 3, 6, ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((years) => years * 12)];
const MONTH = 28 * DAY;
/** A label has this much room; the longest, `2026-01`, takes less than two thirds of it. */
const TICK_PX = 80;
/** A label's middle stays so far from the ends, and twice as far from another's. */
const EDGE_PX = 24;

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
  /** Where the middle of its label is. */
  labelX: number;
  label: string;
}

/**
 * Round times with their labels: the hour, the day at midnight, and where days are far apart the month or the year. No
 * two labels touch.
 */
export function ticks(axis: Axis, width: number): Tick[] {
  const room = Math.max(1, Math.floor(width / TICK_PX));
  const least = (axis.toUs - axis.fromUs) / room;
  const step = STEPS.find((length) => length >= least);
  const times = step === undefined ? wholeMonths(axis, least) : everyStep(axis, step);
  const found: Tick[] = [];
  for (const [us, label] of times) {
    const x = place(axis, us, width);
    const labelX = Math.max(EDGE_PX, Math.min(x, width - EDGE_PX));
    // Moved in from an end, it may come too near to the next.
    const before = found.at(-1);
    if (before === undefined || labelX - before.labelX >= 2 * EDGE_PX) found.push({ us, x, labelX, label });
  }
  return found;
}

function everyStep(axis: Axis, step: number): [number, string][] {
  const found: [number, string][] = [];
  for (let us = Math.ceil(axis.fromUs / step) * step; us <= axis.toUs; us += step) {
    const text = new Date(us / 1000).toISOString();
    found.push([us, us % DAY === 0 ? text.slice(5, 10) : text.slice(11, 16)]);
  }
  return found;
}

function wholeMonths(axis: Axis, least: number): [number, string][] {
  const step = MONTHS.find((months) => months * MONTH >= least) ?? MONTHS.at(-1)!;
  const first = new Date(axis.fromUs / 1000);
  // Counted from the year 0, so that steps of years begin with round ones.
  let month = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth()) / step) * step;
  const found: [number, string][] = [];
  for (; monthUs(month) <= axis.toUs; month += step) {
    const us = monthUs(month);
    const text = new Date(us / 1000).toISOString();
    if (us >= axis.fromUs) found.push([us, step % 12 === 0 ? text.slice(0, 4) : text.slice(0, 7)]);
  }
  return found;
}

function monthUs(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12) * 1000;
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
