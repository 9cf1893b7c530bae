/** What an explanation says of a thing's state, in the units and forms of the panel above it. */
import type { Explanation } from '../api/types';
import { bearing, metres, microseconds, number, speed, zuluDate } from '../i18n/format';
import { isKey, language, t } from '../i18n/index.svelte';
import type { Place } from '../position/grid';
import { radiusText } from '../tools/words';

type Value = Explanation['items'][number]['value'];

const TIMES: ReadonlySet<string> = new Set(['valid', 'recorded', 'known', 'heard']);
const NUMBERS: Readonly<Record<string, (value: number) => string>> = {
  combined: (value) => (value === 0 ? t('see_as.latest') : number(value, language())),
  std_m: (value) => radiusText(value, language()),
  std_minor_m: (value) => radiusText(value, language()),
  std_axis_deg: bearing,
  altitude_m: (value) => metres(value, language()),
  speed_mps: (value) => speed(value, language()),
  course_deg: bearing,
  heading_deg: bearing,
  turn_rate_degps: (value) => `${number(value * 60, language(), 1)} °/min`,
};

/** A field of the state, with positions as `write` has them; null where it is a property of the thing. */
export function stateText(name: string, value: Value, write: (place: Place) => string): string | null {
  if (typeof value === 'number') return NUMBERS[name]?.(value) ?? null;
  if (typeof value !== 'string') return null;
  const [, lat, lon] = /^(-?[\d.]+), (-?[\d.]+)$/.exec(value) ?? [];
  if (name === 'position' && lon !== undefined) return write({ lat: Number(lat), lon: Number(lon) });
  const state = `state.${value}`;
  if (name === 'state' && isKey(state)) return t(state);
  const us = TIMES.has(name) ? microseconds(value) : null;
  return us === null ? null : zuluDate(us);
}
