/** Columns of the table of tracks, and which of them this person wants; kept in the browser. */
import type { Column } from './rows';

export interface ColumnLook {
  column: Column;
  /** Right-aligned. */
  number?: boolean;
  /** As a grid track of CSS. */
  width: string;
  /** The least width in pixels, by which the table is scrolled sideways. */
  least: number;
}

export const COLUMNS: readonly ColumnLook[] = [
  { column: 'name', width: 'minmax(194px, 1.6fr)', least: 194 },
  { column: 'identifier', width: 'minmax(92px, 1fr)', least: 92 },
  { column: 'schema', width: 'minmax(146px, 0.7fr)', least: 146 },
  { column: 'state', width: '78px', least: 78 },
  { column: 'age', number: true, width: '104px', least: 104 },
  { column: 'speed', number: true, width: '80px', least: 80 },
  { column: 'course', number: true, width: '62px', least: 62 },
  { column: 'heading', number: true, width: '72px', least: 72 },
  { column: 'altitude', number: true, width: '96px', least: 96 },
  { column: 'uncertainty', number: true, width: '104px', least: 104 },
  { column: 'sources', width: 'minmax(76px, 0.8fr)', least: 76 },
  { column: 'marking', width: 'minmax(200px, 1fr)', least: 200 },
  { column: 'position', width: 'minmax(188px, 1.2fr)', least: 188 },
];

/** Without a name no row says what it is. */
export const FIXED: Column = 'name';
const USUAL: readonly Column[] = [
  'name',
  'identifier',
  'schema',
  'state',
  'age',
  'speed',
  'course',
  'sources',
  'position',
];
const STORED = 'alliage.columns';

class Columns {
  #chosen = $state.raw<readonly Column[]>(stored());

  get shown(): ColumnLook[] {
    return COLUMNS.filter(({ column }) => this.#chosen.includes(column));
  }

  has(column: Column): boolean {
    return this.#chosen.includes(column);
  }

  toggle(column: Column): void {
    const others = this.#chosen.filter((one) => one !== column);
    this.#keep(this.has(column) ? others : [...others, column]);
  }

  reset(): void {
    this.#keep(USUAL);
  }

  #keep(chosen: readonly Column[]): void {
    this.#chosen = chosen;
    localStorage.setItem(STORED, chosen.join(','));
  }
}

function stored(): readonly Column[] {
  const kept = localStorage.getItem(STORED)?.split(',') ?? [];
  const known = COLUMNS.map(({ column }) => column).filter((column) => kept.includes(column));
  return known.length > 0 ? [...new Set<Column>([FIXED, ...known])] : USUAL;
}

export const columns = new Columns();
