/** The form by which data leave the node as a file, and what it begins with. */
export interface Begun {
  /** One object alone, and what it is called; null for all. */
  object: { id: string; name: string } | null;
}

class Exporting {
  begun = $state.raw<Begun | null>(null);

  open(object: Begun['object'] = null): void {
    this.begun = { object };
  }

  close(): void {
    this.begun = null;
  }
}

export const exporting = new Exporting();
