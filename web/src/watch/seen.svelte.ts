/** When this person last looked at the incidents, in this browser. */
import { session } from '../session/session.svelte';
import { openedWith, type Opened } from './news';

interface Stored {
  since: string | null;
  opened: Opened;
}

const NOTHING: Stored = { since: null, opened: {} };

class Seen {
  #stored = $state.raw<Stored | null>(null);

  /** RFC 3339; null: never. */
  get since(): string | null {
    return this.#read().since;
  }

  get opened(): Opened {
    return this.#read().opened;
  }

  open(id: string, changed: string): void {
    const { since, opened } = this.#read();
    if (opened[id] !== changed) this.#write({ since, opened: openedWith(opened, id, changed) });
  }

  /** Everything that is there at this moment has been looked at. */
  all(now: string): void {
    this.#write({ since: now, opened: {} });
  }

  get #key(): string {
    return `alliage.watch_seen.${session.info?.user ?? ''}`;
  }

  #read(): Stored {
    if (this.#stored !== null) return this.#stored;
    try {
      return { ...NOTHING, ...(JSON.parse(localStorage.getItem(this.#key) ?? '{}') as Partial<Stored>) };
    } catch {
      return NOTHING;
    }
  }

  #write(stored: Stored): void {
    this.#stored = stored;
    localStorage.setItem(this.#key, JSON.stringify(stored));
  }
}

export const seen = new Seen();
