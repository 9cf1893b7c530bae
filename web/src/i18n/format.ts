/**
 * Numbers, times and places as the screens write them. Pure functions: what they say depends on their
 * arguments only. Times come as RFC 3339 text or as microseconds since 1970, always UTC.
 */
import type { Language } from './index.svelte';

const LOCALES: Record<Language, string> = { en: 'en-GB', fr: 'fr-FR' };
const KNOTS_PER_MPS = 3600 / 1852;
const formats = new Map<string, Intl.NumberFormat>();

/** Metres per second as knots (1 kn = 1852 m an hour, exactly). */
export function knots(speedMps: number): number {
  return speedMps * KNOTS_PER_MPS;
}

export function number(value: number, language: Language, digits = 0): string {
  const key = `${language}${digits}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(LOCALES[language], {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: 'negative', // what rounds to nought has no sign
    });
    formats.set(key, format);
  }
  return format.format(value);
}

/** Bytes a second with a binary prefix: `1.2 KiB/s`. */
export function byteRate(bytesPerS: number, language: Language): string {
  const units = language === 'fr' ? ['o/s', 'Kio/s', 'Mio/s'] : ['B/s', 'KiB/s', 'MiB/s'];
  let value = bytesPerS;
  let step = 0;
  while (value >= 1024 && step < units.length - 1) {
    value /= 1024;
    step += 1;
  }
  return `${number(value, language, step === 0 ? 0 : 1)} ${units[step]}`;
}

/** An angle in whole degrees with three figures: `007°`. */
export function bearing(degrees: number): string {
  return `${String(Math.round(degrees) % 360).padStart(3, '0')}°`;
}

/** How long: `12 s`, `3 min 05 s`, `18 min`, `2 h 05 min`, `3 d 4 h`. Negative (a clock ahead) counts as 0. */
export function duration(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  return `${Math.floor(whole / 86_400)} ${language === 'fr' ? 'j' : 'd'} ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** Microseconds since 1970 of an RFC 3339 text; null where there is none. */
export function microseconds(text: string | null | undefined): number | null {
  if (text == null) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms * 1000;
}

/** `12:03:07Z`. */
export function zulu(us: number): string {
  return `${new Date(us / 1000).toISOString().slice(11, 19)}Z`;
}

/** `2013-11-12 12:03:07Z`: a date that reads the same in both languages. */
export function zuluDate(us: number): string {
  return `${new Date(us / 1000).toISOString().slice(0, 10)} ${zulu(us)}`;
}

/** The browser's own time of day, 24 hours: `13:03:07`. */
export function local(us: number): string {
  const date = new Date(us / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The browser's offset from UTC: `+01:00`. */
export function localOffset(us: number): string {
  const minutes = -new Date(us / 1000).getTimezoneOffset();
  const two = (value: number) => String(value).padStart(2, '0');
  return `${minutes < 0 ? '−' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** A height or a size in metres; how far it is somewhere is said in nautical miles (`tools/words`). */
export function metres(value: number, language: Language): string {
  return `${number(value, language)} m`;
}

const FRENCH_UNITS: Readonly<Record<string, string>> = { NM: 'M', kn: 'nd' };

/** A unit of the ontology as the screens write it everywhere. */
export function unitText(unit: string, language: Language): string {
  return (language === 'fr' ? FRENCH_UNITS[unit] : undefined) ?? unit;
}

/** A speed in knots and in metres per second. */
export function speed(speedMps: number, language: Language): string {
  const unit = language === 'fr' ? 'nd' : 'kn';
  return `${number(knots(speedMps), language, 1)} ${unit} · ${number(speedMps, language, 1)} m/s`;
}
