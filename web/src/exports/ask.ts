/** What can be exported, in which formats, and how a form becomes a question to the node. */
import type { Query } from '../api/client';
import { momentOf } from '../parts/moment';
import type { AsOf } from '../time/as_of';

export const WHATS = ['observations', 'claims', 'tracks'] as const;
export type What = (typeof WHATS)[number];
export const FORMATS = {
  observations: ['csv', 'geojson', 'jsonl', 'parquet', 'arrow'],
  claims: ['csv', 'jsonl', 'parquet', 'arrow'],
  tracks: ['csv', 'geojson', 'jsonl', 'parquet', 'arrow'],
} as const;
export type Format = 'csv' | 'geojson' | 'jsonl' | 'parquet' | 'arrow';

/** What a table of tracks lets through: words of names and identifiers, a kind, a state; all where empty. */
export interface RowFilter {
  text: string;
  schema: string;
  state: string;
}

/** How a table of tracks stands on the screen, in the words of the file. */
export interface TableLook {
  columns: readonly string[];
  /** The column by which its rows are sorted; with a minus from the highest down. */
  sort: string;
}

export function letsAllThrough({ text, schema, state }: RowFilter): boolean {
  return text.trim() === '' && schema === '' && state === '';
}

export interface Form {
  what: What;
  format: Format;
  /** An object alone; null for all. */
  object: string | null;
  /** As somebody types it, read as UTC; empty for open. */
  from: string;
  to: string;
  /** Whether the joined marking is bound to the file, in a zip of both. */
  bound: boolean;
  /** Of tracks: only those that a table lets through; null for all. */
  rows: RowFilter | null;
  /** Of tracks: the columns of a table, and their order; null for all as they come. */
  table: TableLook | null;
}

/** The format, or the first that there is for this. */
export function formatFor(what: What, format: Format): Format {
  return (FORMATS[what] as readonly Format[]).includes(format) ? format : 'csv';
}

/** The path under the API and its query. */
export function question(form: Form, asOf: AsOf | null): { path: string; query: Query } {
  const path = `/exports/${form.what}`;
  const format = formatFor(form.what, form.format);
  const asked: Query = { format, object: form.object, bind: form.bound ? 'xml' : null };
  if (form.what === 'tracks')
    return { path, query: { ...asked, ...rowsOf(form.rows), ...lookOf(form.table), ...asOf } };
  const times = { from: momentOf(form.from), to: momentOf(form.to) };
  return { path, query: { ...asked, ...times, known: asOf?.known ?? null } };
}

function rowsOf(rows: RowFilter | null): Query {
  if (rows === null) return {};
  const { text, schema, state } = rows;
  return { q: text.trim() || null, schema: schema || null, state: state || null };
}

function lookOf(table: TableLook | null): Query {
  return table === null ? {} : { columns: table.columns.join(','), sort: table.sort };
}
