/** What was just written, so that it can be taken back in one step. */
import { ApiError } from '../api/errors';
import { api } from '../session/session.svelte';

/** So long the note stands; what was written can be taken back later from its panel, too. */
const SHOWN_MS = 20_000;

interface Note {
  name: string;
  claims: readonly string[];
  undone: boolean;
  /** What shows it reads anew. */
  onundone: () => void;
}

class Written {
  note = $state.raw<Note | null>(null);
  failure = $state.raw<ApiError | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  tell(name: string, claims: readonly string[], onundone: () => void = () => {}): void {
    this.#show({ name, claims, undone: false, onundone });
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
    clearTimeout(this.#timer);
    this.failure = null;
    this.note = note;
    this.#timer = setTimeout(() => this.close(), SHOWN_MS);
  }
}

export const written = new Written();
