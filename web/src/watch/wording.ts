/** How the watch says how sure something is, how much was measured and who: pure, so that it can be tested. */
import type { IncidentInfo, IncidentState } from '../api/types';
import { duration, metres, number, speed } from '../i18n/format';
import type { Language } from '../i18n/index.svelte';
import type { Level } from '../parts/Status.svelte';
import { distanceText } from '../tools/words';

export type Likelihood =
  'remote' | 'highly_unlikely' | 'unlikely' | 'possible' | 'likely' | 'highly_likely' | 'almost_certain';

/**
 * Words of the yardstick of the United Kingdom's Professional Head of Intelligence Assessment. It leaves gaps
 * between its ranges; here each ends in the middle of the gap.
 */
const YARDSTICK: readonly (readonly [below: number, Likelihood])[] = [
  [0.075, 'remote'],
  [0.225, 'highly_unlikely'],
  [0.375, 'unlikely'],
  [0.525, 'possible'],
  [0.775, 'likely'],
  [0.925, 'highly_likely'],
];

export function likelihoodOf(probability: number): Likelihood {
  return YARDSTICK.find(([below]) => probability < below)?.[1] ?? 'almost_certain';
}

/** Whole percents, and never 0 or 100: nothing that is measured is that sure. */
export function percent(probability: number): string {
  return `${Math.min(99, Math.max(1, Math.round(100 * probability)))} %`;
}

/** Heights in metres; distances as the reasons beside them: in nautical miles, in metres below half of one. */
export function lengthText(name: string, value: number, language: Language): string {
  if (/(altitude|height|length)_m$/.test(name)) return metres(value, language);
  return `${value <= -1 ? '-' : ''}${distanceText(Math.abs(value), language)}`;
}

/** A figure as its name's unit says; without a unit it is a bare number. */
export function figureText(name: string, value: number, language: Language): string {
  if (/_(lat|lon)(itude|gitude)?_deg$/.test(name)) return `${number(value, language, 4)}°`;
  if (/_off(_std)?_deg$/.test(name)) return `${number(value, language, 2)}°`;
  if (/_off(_std)?_s$/.test(name)) return `${number(value, language, 1)} s`;
  if (name.endsWith('_deg')) return `${number(value, language)}°`;
  if (name.endsWith('_mps')) return speed(value, language);
  if (/(draught|depth)_m$/.test(name)) return `${number(value, language, 1)} m`;
  if (name.endsWith('_m')) return lengthText(name, value, language);
  if (name.endsWith('_s')) return `${value <= -1 ? '-' : ''}${duration(Math.abs(value), language)}`;
  return number(value, language, Number.isInteger(value) ? 0 : 2);
}

/** A person by the name that they sign in with; other streams by their own. */
export function whoIs(stream: string): string {
  return stream.replace(/^person:/, '');
}

/** The names of those streams that are people's, each once; the others say nothing of a person. */
export function peopleIn(streams: readonly string[]): string[] {
  return [...new Set(streams.filter((one) => one.startsWith('person:')).map(whoIs))].sort();
}

/** What says how sure it is: as a detector said, and by what people judged where enough of it was. */
export type Sure = Pick<IncidentInfo, 'probability' | 'calibrated'>;

/** The probability that is to be shown. */
export function shownProbability({ probability, calibrated }: Sure): number {
  return calibrated?.probability ?? probability;
}

/** How loudly an incident asks: shape and colour of its mark. */
export function levelOf({
  priority,
  is_closed: isClosed,
  state,
  ...sure
}: Sure & {
  priority: boolean;
  is_closed: boolean;
  state: IncidentState;
}): Level {
  if (isClosed) return 'off';
  if (priority) return 'critical';
  if (state === 'investigating' || state === 'handed_over') return 'standby';
  return shownProbability(sure) >= 0.775 ? 'serious' : 'caution';
}
