/** The node's own basemaps that this reader may see. */
import type { BasemapInfo } from '../api/types';
import type { MapTiles } from '../map';
import { api } from '../session/session.svelte';

class Basemaps {
  items = $state.raw<readonly BasemapInfo[]>([]);
  /** Whether the list could not be read. */
  failed = $state(false);
  /** Whether tiles of the chosen one fail to come. */
  tilesFail = $state(false);

  async read(): Promise<void> {
    try {
      this.items = await api.request<BasemapInfo[]>('/basemaps');
      this.failed = false;
    } catch {
      this.failed = true;
    }
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
