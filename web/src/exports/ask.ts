/** What can be exported, in which formats, and how a form becomes a question to the node. */
import type { Query } from '../api/client';

export const WHATS = ['observations', 'claims', 'tracks'] as const;
export type What = (typeof WHATS)[number];
export const FORMATS = {
  observations: ['csv', 'geojson', 'jsonl', 'parquet', 'arrow'],
  claims: ['csv', 'jsonl', 'parquet', 'arrow'],
  tracks: ['csv', 'geojson', 'jsonl', 'parquet', 'arrow'],
} as const;
export type Format = 'csv' | 'geojson' | 'jsonl' | 'parquet' | 'arrow';

export interface Form {
  what: What;
  format: Format;
  /** An object alone; null for all. */
  object: string | null;
  /** As `<input type="datetime-local">` has it, read as UTC; empty for open. */
  from: string;
  to: string;
}

/** The format, or the first that there is for this. */
export function formatFor(what: What, format: Format): Format {
  return (FORMATS[what] as readonly Format[]).includes(format) ? format : 'csv';
}

/** The path under the API and its query. */
export function question(
  form: Form,
  asOf: Query | null,
  moment: (field: string) => string | null,
): { path: string; query: Query } {
  const path = `/exports/${form.what}`;
  const format = formatFor(form.what, form.format);
  if (form.what === 'tracks') return { path, query: { format, object: form.object, ...asOf } };
  return {
    path,
    query: { format, object: form.object, from: moment(form.from), to: moment(form.to) },
  };
}

/** A moment as `<input type="datetime-local">` takes it, in UTC. */
export function fieldOf(us: number): string {
  return new Date(us / 1000).toISOString().slice(0, 16);
}
