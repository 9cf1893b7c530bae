/** What the node says of a place on the map, asked again and again while there is one. */
import { poll } from '../api/poll.svelte';
import type { Place } from '../position/grid';
import { api } from '../session/session.svelte';

interface Asked<T> {
  /** What was said of this very place; null until it was. */
  readonly info: T | null;
  readonly failure: unknown;
}

/** Call it while a component is made. Another place, or another path, is asked of at once. */
export function askOfPlace<T>(place: () => Place | null, path: () => string, everyMs: number): Asked<T> {
  const found = poll(
    async (signal) => {
      const [at, of] = [place(), path()];
      const query = { lat: String(at?.lat), lon: String(at?.lon) };
      return { at, of, info: await api.request<T>(of, { query, signal }) };
    },
    everyMs,
    () => place() !== null,
  );
  return {
    get info() {
      const { value } = found;
      return value !== null && value.at === place() && value.of === path() ? value.info : null;
    },
    get failure() {
      return place() === null ? null : found.failure;
    },
  };
}
