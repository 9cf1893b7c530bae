/** A rule's text as rows that can be edited one by one, and back. What is no line of a form stays as it is. */
import type { RuleForm, RuleReading } from '../../../api/types';

export interface Row {
  /** For lists: the same while the row is edited. */
  key: number;
  /** The form of the line; null for a comment or an empty line. */
  form: string | null;
  /** By gap what stands there; of a comment its line under `line`. */
  said: Record<string, string>;
  /** Whether it, or the line before, has to hold. */
  isOther: boolean;
}

let lastKey = 0;
const key = () => (lastKey += 1);

/** The rows of a text, as the node has read it. */
export function rowsOf(text: string, reading: RuleReading): Row[] {
  const read = new Map(reading.lines.map((line) => [line.number, line]));
  return text.split('\n').map((line, nth) => {
    const found = read.get(nth + 1);
    if (found === undefined) return { key: key(), form: null, said: { line }, isOther: false };
    return { key: key(), form: found.form, said: { ...found.said }, isOther: found.is_other };
  });
}

/** The text of some rows. */
export function textOf(rows: readonly Row[], forms: ReadonlyMap<string, RuleForm>): string {
  return rows.map((row) => lineOf(row, forms)).join('\n');
}

function lineOf(row: Row, forms: ReadonlyMap<string, RuleForm>): string {
  const form = row.form === null ? undefined : forms.get(row.form);
  if (form === undefined) return row.said['line'] ?? '';
  const line = form.template.replace(/\{(\w+)\}/g, (_gap, name: string) => (row.said[name] ?? '').trim());
  return row.isOther ? `or ${line}` : line;
}

/** A row to begin with: the first of each choice, and nothing else. */
export function newRow(form: RuleForm): Row {
  const said = Object.fromEntries(form.fields.map(({ name, choices }) => [name, choices[0] ?? '']));
  return { key: key(), form: form.name, said, isOther: false };
}

/** The rows with another one: before the line that says for how long, so that *or* joins it with conditions. */
export function withRow(rows: readonly Row[], added: Row): Row[] {
  const lasts = rows.findIndex(({ form }) => form === 'lasts');
  const at = lasts < 0 ? rows.length : lasts;
  return [...rows.slice(0, at), added, ...rows.slice(at)];
}

/** What a line shows, in order: words that stand in it, and its gaps. */
export function partsOf(shown: string): { words: string; gap: string | null }[] {
  return shown
    .split(/(\{\w+\})/)
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const gap = /^\{(\w+)\}$/.exec(part);
      return { words: part.trim(), gap: gap === null ? null : (gap[1] ?? null) };
    });
}

/** The forms that may still be added: of those that stand there once already, such as *or* may join. */
export function addable(forms: readonly RuleForm[], rows: readonly Row[]): RuleForm[] {
  return forms.filter(({ name, once, joins }) => !(once && !joins && rows.some((row) => row.form === name)));
}

/** Keys of the rows that may begin with *or*: those behind a line that may be joined, as they may. */
export function joinable(rows: readonly Row[], forms: ReadonlyMap<string, RuleForm>): ReadonlySet<number> {
  const lines = rows.filter(({ form }) => form !== null);
  const joins = (row: Row | undefined) => forms.get(row?.form ?? '')?.joins === true;
  return new Set(lines.filter((row, nth) => joins(row) && joins(lines[nth - 1])).map(({ key }) => key));
}
