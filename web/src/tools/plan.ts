/** Who is to follow a route that is drawn, how far from it they may be, and when they pass its corners. */
import type { SearchHit } from '../api/types';
import { momentOf } from '../parts/moment';

const METRES_PER_MILE = 1852;

/** As the form holds it; times by corner, '' for none. */
export interface PlanForm {
  corridor: string;
  followers: readonly SearchHit[];
  times: readonly string[];
}

export const NO_PLAN: PlanForm = { corridor: '', followers: [], times: [] };

export type PlanRead =
  { properties: Record<string, string | number | string[]> } | { wrong: 'corridor' | 'time' | 'order' };

/** What the node is told of a line with so many corners. */
export function readPlan(form: PlanForm, corners: number): PlanRead {
  const properties: Record<string, string | number | string[]> = {};
  if (form.followers.length > 0) properties['followed_by'] = form.followers.map(({ id }) => id);
  const corridor = form.corridor.trim().replace(',', '.');
  if (corridor !== '') {
    const miles = /^\d+(\.\d+)?$/.test(corridor) ? Number(corridor) : 0;
    if (miles < 0.01 || miles > 100) return { wrong: 'corridor' };
    properties['corridor_m'] = Math.round(miles * METRES_PER_MILE * 10) / 10;
  }
  const typed = form.times
    .slice(0, corners)
    .map((time, corner) => ({ corner: corner + 1, time: time.trim() }))
    .filter(({ time }) => time !== '');
  const times = typed.map(({ corner, time }) => ({ corner, at: momentOf(time) }));
  if (times.some(({ at }) => at === null)) return { wrong: 'time' };
  if (times.some(({ at }, i) => i > 0 && at! <= times[i - 1]!.at!)) return { wrong: 'order' };
  if (times.length > 0) {
    const told = times.map(({ corner, at }) => `${corner} ${at!.replace(/\.\d+Z$/, 'Z')}`);
    properties['passes_at'] = told.join('; ');
  }
  return { properties };
}
