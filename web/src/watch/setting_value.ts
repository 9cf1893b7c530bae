/** The value of a detector's setting as people read it; its unit is how its name ends. */
import type { SettingInfo } from '../api/types';
import { duration, speed } from '../i18n/format';
import type { Language } from '../i18n/index.svelte';
import { lengthText } from './wording';

type Write = (value: number, language: Language, name: string) => string;
type Value = SettingInfo['value'];

const DIGITS = 4;

const UNITS: readonly (readonly [ending: string, write: Write])[] = [
  ['_mps', speed],
  ['_deg', (value, language) => `${plain(value, language)}°`],
  ['_s', duration],
  ['_m', (value, language, name) => lengthText(name, value, language)],
];

export function settingValue(name: string, value: Value | null, language: Language): string {
  if (value === null) return '–';
  if (typeof value === 'number') {
    const unit = UNITS.find(([ending]) => name.endsWith(ending));
    return unit === undefined ? plain(value, language) : unit[1](value, language, name);
  }
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.join(', ') || '–';
  const parts = Object.entries(value).map(([of, one]) => `${of}: ${settingValue(name, one, language)}`);
  return parts.join(', ') || '–';
}

/** Up to four digits that count; what is very small as a power of ten. */
function plain(value: number, language: Language): string {
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential();
  return new Intl.NumberFormat(language, { maximumSignificantDigits: DIGITS }).format(value);
}
