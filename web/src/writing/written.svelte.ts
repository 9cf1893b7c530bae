/** What was just written, so that it can be taken back in one step. */
import { ApiError } from '../api/errors';
import type { Key } from '../i18n/index.svelte';
import { api } from '../session/session.svelte';

/** So long the note stands; what was written can be taken back later from its panel, too. */
const SHOWN_MS = 20_000;
/** As everywhere; a field that is typed into keeps it for itself. */
export const UNDO_KEYS = 'Ctrl+Z';

interface Note {
  /** What was done, to what, and what the way back makes of it. */
  done: Key;
  name: string;
  back: Key;
  claims: readonly string[];
  undone: boolean;
  /** What shows it reads anew. */
  onundone: () => void;
}

const SAVED = { done: 'tools.saved', back: 'tools.undone' } as const;
const TAKEN_BACK = { done: 'tools.undone', back: 'claim.stands_again' } as const;

class Written {
  note = $state.raw<Note | null>(null);
  failure = $state.raw<ApiError | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  tell(name: string, claims: readonly string[], onundone: () => void = () => {}): void {
    this.#show({ ...SAVED, name, claims, undone: false, onundone });
  }

  tellTakenBack(name: string, claims: readonly string[], onundone: () => void): void {
    this.#show({ ...TAKEN_BACK, name, claims, undone: false, onundone });
  }

  get mayUndo(): boolean {
    return this.note !== null && !this.note.undone;
  }

  /** While somebody points at the note, or has the keyboard in it, it stays. */
  hold(held: boolean): void {
    clearTimeout(this.#timer);
    if (!held && this.note !== null) this.#timer = setTimeout(() => this.close(), SHOWN_MS);
  }

  async undo(): Promise<void> {
    const { note } = this;
    if (note === null || note.undone) return;
    try {
      for (const claim of note.claims) {
        await api.request(`/claims/${encodeURIComponent(claim)}/retraction`, { method: 'POST', body: {} });
      }
      this.#show({ ...note, undone: true });
      note.onundone();
    } catch (error) {
      this.failure = error instanceof ApiError ? error : new ApiError('broken');
    }
  }

  close(): void {
    this.note = null;
    this.failure = null;
  }

  #show(note: Note): void {
    this.failure = null;
    this.note = note;
    this.hold(false);
  }
}

export const written = new Written();
