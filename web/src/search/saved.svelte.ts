/** Searches that this person keeps under a name; the node keeps them. */
import type { SavedSearchInfo } from '../api/types';
import { api } from '../session/session.svelte';

class SavedSearches {
  #all = $state.raw<readonly SavedSearchInfo[]>([]);

  get all(): readonly SavedSearchInfo[] {
    return this.#all;
  }

  async read(signal?: AbortSignal): Promise<void> {
    this.#all = await api.request<SavedSearchInfo[]>('/searches', signal === undefined ? {} : { signal });
  }

  async save(name: string, query: string): Promise<void> {
    await api.request(address(name), { method: 'PUT', body: { query } });
    await this.read();
  }

  async remove(name: string): Promise<void> {
    await api.request(address(name), { method: 'DELETE' });
    await this.read();
  }
}

function address(name: string): string {
  return `/searches/${encodeURIComponent(name)}`;
}

export const savedSearches = new SavedSearches();
