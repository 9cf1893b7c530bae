/** What a person typed for a property, as the node takes it; or why it cannot be. No browser here. */
import type { PropertyInfo } from '../api/types';

type Wrong =
  | { wrong: 'empty' | 'number' | 'whole' | 'time' | 'url' | 'link' }
  | { wrong: 'least'; bound: number }
  | { wrong: 'most'; bound: number };
export type Read = { value: string | number | boolean } | Wrong;

/** The kind of field that a property is typed into; geometries are drawn, not typed. */
export function isTyped(property: PropertyInfo): boolean {
  return property.type !== 'geometry';
}

/**
 * `unit` is the one that the person typed in, null for that of the property itself. Texts are trimmed; times are
 * UTC where no zone is written.
 */
export function readInput(property: PropertyInfo, text: string, unit: string | null = null): Read {
  const typed = text.trim();
  if (typed === '') return { wrong: 'empty' };
  switch (property.type) {
    case 'boolean':
      return { value: typed === 'true' };
    case 'number':
    case 'duration':
    case 'integer':
      return readNumber(property, typed, unit);
    case 'time':
      return readTime(typed);
    case 'url':
      return /^https?:\/\/\S+$/.test(typed) ? { value: typed } : { wrong: 'url' };
    case 'link':
      return /^([0-9a-f]{32}|[a-z][a-z0-9_-]*:\S+)$/.test(typed) ? { value: typed } : { wrong: 'link' };
    default:
      return { value: typed };
  }
}

function readNumber(property: PropertyInfo, typed: string, unit: string | null): Read {
  const figure = typed.replace(/[\s\u202f\u00a0]/g, '').replace(',', '.');
  if (!/^[-+]?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(figure)) return { wrong: 'number' };
  const other = property.conversions.find((conversion) => conversion.unit === unit);
  const value = other ? (Number(figure) - other.offset) / other.factor : Number(figure);
  if (property.type === 'integer' && !Number.isInteger(value)) return { wrong: 'whole' };
  if (property.minimum !== null && value < property.minimum)
    return { wrong: 'least', bound: property.minimum };
  if (property.maximum !== null && value > property.maximum)
    return { wrong: 'most', bound: property.maximum };
  return { value };
}

/** A time as above or, for short, `06:00` or `06:00:30` on a day that is given as `2026-11-27`. */
export function readTimeOn(day: string, typed: string): { value: string } | { wrong: 'time' } {
  return readTime(/^\d\d:\d\d(:\d\d)?Z?$/i.test(typed) ? `${day} ${typed}` : typed);
}

/** `2026-11-27 19:30`, with seconds or a zone where they matter. */
export function readTime(typed: string): { value: string } | { wrong: 'time' } {
  const [, date, clock, zone] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[-+]\d\d:\d\d)?$/i.exec(typed) ?? [];
  if (date === undefined) return { wrong: 'time' };
  const whole = clock!.length === 5 ? `${clock}:00` : clock!;
  const at = new Date(`${date}T${whole}${zone?.toUpperCase() ?? 'Z'}`);
  return Number.isNaN(at.getTime()) ? { wrong: 'time' } : { value: at.toISOString() };
}
