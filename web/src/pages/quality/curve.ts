/** A small curve of one figure over the last hours: what is drawn, and what is said of it. */

export interface Curve {
  /** Lines in a box of `WIDTH` by `HEIGHT`, one for each stretch of time that is known. */
  lines: string[];
  /** Where it is now; null where that is not known. */
  end: { x: number; y: number } | null;
  low: number;
  high: number;
}

export const WIDTH = 48;
export const HEIGHT = 12;
const MARGIN = 1.5;

/**
 * It stands on zero, so that a small change looks small. Null where it is known of fewer than two steps.
 *
 * @param values of equal steps, the oldest first; null where nothing is known.
 */
export function curveOf(values: readonly (number | null)[]): Curve | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const [bottom, top] = [Math.min(0, low), Math.max(0, high)];
  const x = (at: number) => MARGIN + (at / (values.length - 1)) * (WIDTH - 2 * MARGIN);
  const part = (value: number) => (top === bottom ? 0 : (value - bottom) / (top - bottom));
  const y = (value: number) => HEIGHT - MARGIN - part(value) * (HEIGHT - 2 * MARGIN);
  const stretches: string[][] = [[]];
  values.forEach((value, at) => {
    if (value === null) stretches.push([]);
    else stretches[stretches.length - 1]!.push(`${x(at).toFixed(1)},${y(value).toFixed(1)}`);
  });
  const last = values[values.length - 1] ?? null;
  return {
    // A line of one point has no length: it is drawn as a short one.
    lines: stretches
      .filter((one) => one.length > 0)
      .map((one) => (one.length > 1 ? one : [...one, ...one]).join(' ')),
    end: last === null ? null : { x: x(values.length - 1), y: y(last) },
    low,
    high,
  };
}

/** The lowest and the highest of a curve and of what is so now: a step of the curve may be minutes old. */
export function withNow({ low, high }: Curve, now: number | null): [number, number] {
  return now === null ? [low, high] : [Math.min(low, now), Math.max(high, now)];
}
