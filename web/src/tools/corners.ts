/** Corners of a line or an area while it is drawn: added, taken hold of, moved, taken away. No browser here. */
import type { Place } from '../position/grid';
import { leg } from '../position/lines';

/** Two clicks of a double click lie this near each other, as a part of the reach of the pointer. */
const SAME_M = 1;

export function add(corners: readonly Place[], place: Place): Place[] {
  const last = corners.at(-1);
  if (last && leg(last, place, 'great_circle').distanceM < SAME_M) return [...corners];
  return [...corners, place];
}

export function moved(corners: readonly Place[], index: number, place: Place): Place[] {
  return corners.map((corner, i) => (i === index ? place : corner));
}

export function without(corners: readonly Place[], index: number): Place[] {
  return corners.filter((_, i) => i !== index);
}

/** The nearest corner within reach, or null. */
export function cornerAt(corners: readonly Place[], place: Place, reachM: number): number | null {
  let nearest: number | null = null;
  let best = reachM;
  corners.forEach((corner, i) => {
    const { distanceM } = leg(corner, place, 'great_circle');
    if (distanceM <= best) [nearest, best] = [i, distanceM];
  });
  return nearest;
}
