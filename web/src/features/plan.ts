/** What the map draws of a planned route: its corridor, and when its corners are to be passed. No browser here. */
import type { PropertyValue } from '../api/types';
import { microseconds } from '../i18n/format';
import type { MapPlan } from '../map';

/** To either side, where nobody says how wide it is: a nautical mile, as the node takes it. */
export const USUAL_CORRIDOR_M = 1852;
const SAYS_A_PLAN = ['followed_by', 'corridor_m', 'passes_at'];

/** Null where nobody said that somebody is to follow it, within which corridor, or when. */
export function planOf(values: Readonly<Record<string, PropertyValue>>): MapPlan | null {
  if (!SAYS_A_PLAN.some((name) => values[name] != null)) return null;
  const corridor = values['corridor_m'];
  return {
    corridorM: typeof corridor === 'number' ? corridor : USUAL_CORRIDOR_M,
    times: timesOf(String(values['passes_at'] ?? '')),
  };
}

/** By the number of a corner, from 1 on, when it is to be passed; what cannot be read is left out. */
export function timesOf(text: string): Map<number, number> {
  const found = new Map<number, number>();
  for (const part of text.split(/[;\n]/)) {
    const [, corner, time = ''] = /^\s*(\d{1,4})[\s:]\s*(\S.*?)\s*$/.exec(part) ?? [];
    const us = microseconds(time.replace(' ', 'T').replace(/Z?$/, 'Z'));
    if (corner !== undefined && us !== null) found.set(Number(corner), us);
  }
  return found;
}
