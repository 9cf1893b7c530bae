/** Saying that two identifiers are two things, and what is left to do where others hold them together. */
import { ApiError } from '../api/errors';
import type { WrittenInfo } from '../api/types';
import { api } from '../session/session.svelte';

interface Pair {
  identifier: string;
  other_identifier: string;
  /** The object that bears the other one, where it is not the same. */
  other?: string;
}

interface Held {
  /** The object that both are still. */
  object: string;
  identifier: string;
  other: string;
  by: readonly string[];
}

class Parting {
  /** The two that were parted last and are one object still. */
  held = $state.raw<Held | null>(null);
  failure = $state.raw<ApiError | null>(null);
  busy = $state(false);

  /** Fails as the request does. */
  async part(object: string, pair: Pair): Promise<WrittenInfo> {
    this.forget();
    return this.#part(object, pair, false);
  }

  /** Say that one of the two is nothing else that their object bears either. */
  async takeOut(identifier: string, other_identifier: string): Promise<WrittenInfo | null> {
    const { held } = this;
    if (held === null || this.busy) return null;
    this.busy = true;
    this.failure = null;
    try {
      return await this.#part(held.object, { identifier, other_identifier }, true);
    } catch (error) {
      this.failure = error instanceof ApiError ? error : new ApiError('broken');
      return null;
    } finally {
      this.busy = false;
    }
  }

  forget(): void {
    this.held = null;
    this.failure = null;
  }

  async #part(object: string, pair: Pair, wholly: boolean): Promise<WrittenInfo> {
    const path = `/objects/${encodeURIComponent(object)}/parting`;
    const made = await api.request<WrittenInfo>(path, { method: 'POST', body: { ...pair, wholly } });
    const { identifier, other_identifier: other } = pair;
    this.held = made.joined_by.length > 0 ? { object, identifier, other, by: made.joined_by } : null;
    return made;
  }
}

export const parting = new Parting();
