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
  { column: 'name', width: 'minmax(210px, 1.6fr)', least: 210 },
  { column: 'identifier', width: 'minmax(96px, 1fr)', least: 96 },
  { column: 'schema', width: 'minmax(76px, 0.7fr)', least: 76 },
  { column: 'state', width: '82px', least: 82 },
  { column: 'age', number: true, width: '98px', least: 98 },
  { column: 'speed', number: true, width: '84px', least: 84 },
  { column: 'course', number: true, width: '72px', least: 72 },
  { column: 'heading', number: true, width: '72px', least: 72 },
  { column: 'altitude', number: true, width: '96px', least: 96 },
  { column: 'uncertainty', number: true, width: '104px', least: 104 },
  { column: 'sources', width: 'minmax(110px, 0.8fr)', least: 110 },
  { column: 'marking', width: 'minmax(200px, 1fr)', least: 200 },
  { column: 'position', width: 'minmax(200px, 1.2fr)', least: 200 },
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
