/** Maps beside the first one: each has a place of its own, and its part of the address keeps it. */
import type { MapAdapter } from '../map';
import { router } from '../router/router.svelte';

/** Parts of the query, one for each map that may be beside the first; more than four maps are too small to read. */
const NAMES = ['at2', 'at3', 'at4'] as const;
export type SideMapName = (typeof NAMES)[number];

class SideMaps {
  open = $state.raw<readonly SideMapName[]>(inAddress());
  #maps: Partial<Record<SideMapName, MapAdapter | null>> = {};
  /** Goes up whenever an address was read: every map then begins anew where that says. */
  readings = $state(0);

  /** A map has been made, or (null) is gone. */
  set(name: SideMapName, map: MapAdapter | null): void {
    this.#maps[name] = map;
  }

  /** Those that are ready, in their order. */
  get shown(): MapAdapter[] {
    return this.open.flatMap((name) => this.#maps[name] ?? []);
  }

  get mayAdd(): boolean {
    return this.open.length < NAMES.length;
  }

  add(): void {
    const free = NAMES.find((name) => !this.open.includes(name));
    if (free !== undefined) this.open = NAMES.filter((name) => name === free || this.open.includes(name));
  }

  close(name: SideMapName): void {
    this.open = this.open.filter((other) => other !== name);
    router.setQuery({ [name]: null });
  }

  closeAll(): void {
    this.open = [];
    router.setQuery(Object.fromEntries(NAMES.map((name) => [name, null])));
  }

  readAddress(): void {
    this.open = inAddress();
    this.readings += 1;
  }
}

function inAddress(): SideMapName[] {
  return NAMES.filter((name) => router.query.has(name));
}

export const sideMaps = new SideMaps();
