/** A pair, property by property: what either side says, and what the comparison of the two weighs. Pure. */
import type { PropertyValue, ReviewItem } from '../../api/types';

export interface Row {
  property: string;
  one: PropertyValue | undefined;
  other: PropertyValue | undefined;
  /** How far they agree, as the resolver said; null: it did not compare them. */
  level: string | null;
  /** For one thing above 0, for two below; null: it counts nothing. */
  bits: number | null;
}

/** What counts comes first, the heaviest before the lighter; then what stands on either side only. */
export function rowsOf({ judgement, one, other }: ReviewItem): Row[] {
  const weights = new Map(judgement.weights.map((weight) => [weight.property, weight]));
  const compared = judgement.weights.filter(({ level }) => level !== '').map(({ property }) => property);
  const names = new Set([...compared, ...Object.keys(one.values), ...Object.keys(other.values)]);
  const rows = [...names].map((property) => {
    const weight = weights.get(property);
    return {
      property,
      one: one.values[property],
      other: other.values[property],
      level: weight === undefined || weight.level === '' ? null : weight.level,
      bits: weight === undefined ? null : weight.bits,
    };
  });
  const size = (row: Row) => (row.bits === null ? -1 : Math.abs(row.bits));
  return rows.sort((a, b) => size(b) - size(a) || a.property.localeCompare(b.property));
}

/** What is weighed beside the properties: place and way, how seldom two are one, what others that fit leave. */
export function besides({ judgement }: ReviewItem): { name: string; bits: number }[] {
  return judgement.weights
    .filter(({ level }) => level === '')
    .map(({ property, bits }) => ({ name: property, bits }));
}

/** Bits with a sign, one decimal. */
export function bitsText(bits: number): string {
  const text = Math.abs(bits).toFixed(1);
  return bits < 0 ? `−${text}` : `+${text}`;
}
