/** How a thing stands to a planned route, in words. No browser here. */
import type { PlanStanding } from '../api/types';
import { duration, microseconds, zulu, zuluDate } from '../i18n/format';
import type { Key, Language } from '../i18n/index.svelte';
import { distanceText } from '../tools/words';

export type Said = { key: Key; words?: Record<string, string> };

/** Within a minute it is on time. */
const ON_TIME_S = 60;

/** What is to be said, the chief thing first. */
export function standingWords(item: PlanStanding, language: Language): Said[] {
  const { begins, ends, since, isEarly, isOver } = timesOf(item);
  if (since === null) return [{ key: 'plans.no_place' }];
  if (item.has_arrived && isOver) return [{ key: 'plans.arrived' }];
  // Whoever was at the end may have gone on since.
  if (isOver) return [{ key: 'plans.over', words: { time: zuluDate(ends!) } }];
  if (isEarly) return [{ key: 'plans.begins', words: { time: zulu(begins!) } }];
  const outside = item.outside_m ?? 0;
  const where: Said =
    outside > 0
      ? { key: 'plans.outside', words: { distance: distanceText(outside, language) } }
      : { key: item.has_arrived ? 'plans.arrived' : 'plans.inside' };
  return item.late_s === null ? [where] : [where, whenWords(item.late_s, language)];
}

function whenWords(lateS: number, language: Language): Said {
  if (Math.abs(lateS) < ON_TIME_S) return { key: 'plans.on_time' };
  const time = duration(Math.round(Math.abs(lateS) / 60) * 60, language).replace(' 00 s', '');
  return { key: lateS > 0 ? 'plans.late' : 'plans.early', words: { time } };
}

function timesOf(item: PlanStanding) {
  const [begins, ends, since] = [
    microseconds(item.begins),
    microseconds(item.ends),
    microseconds(item.since),
  ];
  return {
    begins,
    ends,
    since,
    isEarly: begins !== null && since !== null && since < begins,
    isOver: ends !== null && since !== null && since > ends,
  };
}

/** Whether it wants attention: clearly outside, or more than ten minutes off its times, while those last. */
export function isOff(item: PlanStanding): boolean {
  const { isEarly, isOver } = timesOf(item);
  if (isEarly || (isOver && item.has_arrived)) return false;
  return (item.outside_m ?? 0) > 0 || Math.abs(item.late_s ?? 0) >= 600;
}
