/** Who is to follow a route that is drawn, how far from it they may be, and when they pass its corners. */
import type { SearchHit } from '../api/types';
import { USUAL_CORRIDOR_M } from '../features/plan';
import { momentOf } from '../parts/moment';

const METRES_PER_MILE = 1852;

/** As the form holds it; times by corner, '' for none. */
export interface PlanForm {
  corridor: string;
  followers: readonly SearchHit[];
  times: readonly string[];
}

export const NO_PLAN: PlanForm = { corridor: '', followers: [], times: [] };

/** What cannot be read; of a time the corner, from 1 on, and the one with a time before it. */
export type PlanWrong =
  { what: 'corridor' } | { what: 'time'; corner: number } | { what: 'order'; corner: number; before: number };

export type PlanRead = { properties: Record<string, string | number | string[]> } | { wrong: PlanWrong };

/** Metres to either side, of what was typed so far: as usual where that is nothing, null where it is no width. */
export function corridorOf(typed: string): number | null {
  const miles = typed.trim().replace(',', '.');
  if (miles === '') return USUAL_CORRIDOR_M;
  if (!/^\d+\.?\d*$/.test(miles) || Number(miles) < 0.01 || Number(miles) > 100) return null;
  return Math.round(Number(miles) * METRES_PER_MILE * 10) / 10;
}

/** Whether anything was typed or chosen. */
export function isPlan({ corridor, followers, times }: PlanForm): boolean {
  return followers.length > 0 || [corridor, ...times].some((typed) => typed.trim() !== '');
}

/** What the node is told of a line with so many corners. */
export function readPlan(form: PlanForm, corners: number): PlanRead {
  const properties: Record<string, string | number | string[]> = {};
  if (form.followers.length > 0) properties['followed_by'] = form.followers.map(({ id }) => id);
  if (form.corridor.trim() !== '') {
    const metres = corridorOf(form.corridor);
    if (metres === null) return { wrong: { what: 'corridor' } };
    properties['corridor_m'] = metres;
  }
  const typed = form.times
    .slice(0, corners)
    .map((time, corner) => ({ corner: corner + 1, time: time.trim() }))
    .filter(({ time }) => time !== '');
  const times = typed.map(({ corner, time }) => ({ corner, at: momentOf(time) }));
  const unread = times.find(({ at }) => at === null);
  if (unread !== undefined) return { wrong: { what: 'time', corner: unread.corner } };
  const late = times.findIndex(({ at }, i) => i > 0 && at! <= times[i - 1]!.at!);
  if (late > 0) {
    return { wrong: { what: 'order', corner: times[late]!.corner, before: times[late - 1]!.corner } };
  }
  if (times.length > 0) {
    const told = times.map(({ corner, at }) => `${corner} ${at!.replace(/\.\d+Z$/, 'Z')}`);
    properties['passes_at'] = told.join('; ');
  }
  return { properties };
}
