/** The open incidents of this reader, kept as the node tells of changes: the rail, the map and panels read them. */
import { ApiError } from '../api/errors';
import type { IncidentInfo, IncidentPage } from '../api/types';
import type { PictureClient } from '../picture';
import { api } from '../session/session.svelte';

/** So many are read; how many there are is told beside. */
const AT_ONCE = 300;
/** Several alerts at once are one change. */
const TOGETHER_MS = 400;
/** What nobody tells of any more is over after a while, and no notice says so. */
const AGAIN_MS = 60_000;

class Incidents {
  page = $state.raw<IncidentPage | null>(null);
  failure = $state.raw<unknown>(null);
  /** Rises with every change, for what is read beside the open ones. */
  version = $state(0);
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Reads can overtake each other: how many were begun, and which of them is on the screen. */
  #begun = 0;
  #shown = 0;

  readonly #byObject = $derived.by(() => {
    const found = new Map<string, IncidentInfo[]>();
    for (const incident of this.items) {
      for (const { object_id: id } of incident.things) {
        if (id !== null) found.set(id, [...(found.get(id) ?? []), incident]);
      }
    }
    return found;
  });

  /** In the order in which they deserve a look. */
  get items(): readonly IncidentInfo[] {
    return this.page?.items ?? [];
  }

  /** Calls for help whose alarm nobody has heard yet. */
  get unheard(): IncidentInfo[] {
    return this.items.filter(({ priority, acknowledged }) => priority && !acknowledged);
  }

  /** Those that are about an object, by its id or one of its other ids. */
  of(ids: readonly string[]): IncidentInfo[] {
    const found = ids.flatMap((id) => this.#byObject.get(id) ?? []);
    return [...new Set(found)];
  }

  /** Objects that an open incident is about. */
  get objects(): ReadonlyMap<string, readonly IncidentInfo[]> {
    return this.#byObject;
  }

  /** Read them now, and again whenever they change; returns what ends that. */
  follow(client: PictureClient): () => void {
    this.soon();
    const end = client.store.onNotice(({ notice }) => notice === 'incidents' && this.soon());
    const timer = setInterval(() => this.soon(), AGAIN_MS);
    return () => {
      clearInterval(timer);
      end();
    };
  }

  soon(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#read();
    }, TOGETHER_MS);
  }

  /** What somebody has just said is on the screen without a wait. */
  async now(): Promise<void> {
    await this.#read();
  }

  async #read(): Promise<void> {
    const mine = (this.#begun += 1);
    try {
      const page = await api.request<IncidentPage>('/incidents', { query: { limit: AT_ONCE } });
      if (mine < this.#shown) return;
      [this.page, this.failure, this.#shown] = [page, null, mine];
      this.version += 1;
    } catch (error) {
      // What was read stays; the page says that it may be old, unless a later read has come.
      if (mine > this.#shown) this.failure = error instanceof ApiError ? error : new ApiError('broken');
    }
  }
}

export const incidents = new Incidents();
