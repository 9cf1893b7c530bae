/** How an hour was, or is so far, beside what is usual. No browser here. */
import type { UsualHour, UsualTraffic } from '../api/types';

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
