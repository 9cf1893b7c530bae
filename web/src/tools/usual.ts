/** How an hour was, or is so far, beside what is usual. No browser here. */
import type { UsualHour, UsualTraffic } from '../api/types';
import type { Place } from '../position/grid';
import { leg } from '../position/lines';

/** Too many may be said before the hour is over, too few only then. */
export function isUnusual(
  count: number,
  usual: Pick<UsualHour, 'least' | 'most'>,
  isOver: boolean,
): 'more' | 'fewer' | null {
  if (count > usual.most) return 'more';
  return isOver && count < usual.least ? 'fewer' : null;
}

/** Whether so little was learned that no number means anything yet. */
export function isLearning({ learned_days, least_days }: UsualTraffic): boolean {
  return learned_days < least_days;
}

/** `09:00`, of an hour of the day; 24 is midnight again. */
export function clockOf(hour: number): string {
  return `${String(hour % 24).padStart(2, '0')}:00`;
}

/** From one corner of an area to the farthest other, metres. */
export function acrossM(outline: readonly Place[]): number {
  const [first, ...others] = outline;
  if (first === undefined) return 0;
  return Math.max(0, ...others.map((place) => leg(first, place, 'great_circle').distanceM));
}

/** Whether a place lies within an area of which this is the edge, wherever 180 degrees are. */
export function isWithin(outline: readonly Place[], { lon, lat }: Place): boolean {
  const east = (place: Place) => place.lon - lon - 360 * Math.round((place.lon - lon) / 360);
  return outline.reduce((inside, to, i) => {
    const from = outline.at(i - 1)!;
    if (from.lat > lat === to.lat > lat) return inside;
    const share = (lat - from.lat) / (to.lat - from.lat);
    return east(from) + share * (east(to) - east(from)) > 0 ? !inside : inside;
  }, false);
}
