/** The node's own basemaps that this reader may see. */
import type { BasemapInfo } from '../api/types';
import type { MapTiles } from '../map';
import { api } from '../session/session.svelte';

class Basemaps {
  items = $state.raw<readonly BasemapInfo[]>([]);
  /** Whether the list was read once. */
  isRead = $state(false);
  /** Whether the list could not be read. */
  failed = $state(false);
  /** Whether tiles of the chosen one fail to come. */
  tilesFail = $state(false);
  /** Whether a view asked for one that is not among them: it may be another reader's. */
  isMissing = $state(false);

  async read(): Promise<void> {
    try {
      this.items = await api.request<BasemapInfo[]>('/basemaps');
      this.failed = false;
      this.isRead = true;
    } catch {
      this.failed = true;
    }
  }

  /** What is shown where a view asks for one that this reader does not have: none of the node's own. */
  chosenOf(name: string | null): string | null {
    if (name === null || !this.isRead || this.items.some((one) => one.name === name)) return name;
    this.isMissing = true;
    return null;
  }

  /** The basemap of this name; null for one that is not there or cannot be used. */
  usable(name: string | null): BasemapInfo | null {
    return this.items.find((one) => one.name === name && one.problem === null) ?? null;
  }
}

/** As the map wants it. */
export function tilesOf(basemap: BasemapInfo | null): MapTiles | null {
  if (basemap === null) return null;
  return {
    url: `${location.origin}/api/v1/basemaps/${basemap.name}/{z}/{x}/{y}`,
    kind: basemap.kind,
    minZoom: basemap.min_zoom,
    maxZoom: basemap.max_zoom,
    pixels: basemap.tile_pixels,
    vectorLayers: basemap.vector_layers,
    attribution: basemap.attribution,
  };
}

export const basemaps = new Basemaps();
