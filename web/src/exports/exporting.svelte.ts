import type { RowFilter, TableLook } from './ask';

/** The form by which data leave the node as a file, and what it begins with. */
export interface Begun {
  /** One object alone, and what it is called; null for all. */
  object: { id: string; name: string } | null;
  /** What the table lets through that it begins from; null where it begins from none. */
  rows: RowFilter | null;
  /** How that table stands on the screen. */
  table: TableLook | null;
}

class Exporting {
  begun = $state.raw<Begun | null>(null);

  open(object: Begun['object'] = null, rows: RowFilter | null = null, table: TableLook | null = null): void {
    this.begun = { object, rows, table };
  }

  close(): void {
    this.begun = null;
  }
}

export const exporting = new Exporting();
