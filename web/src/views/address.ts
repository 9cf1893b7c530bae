/** What of the map's layers and filters is written into an address, so that a view can be pasted. */
import type { MapLayers } from '../map';

type Switch = Exclude<keyof MapLayers, 'kinds' | 'basemap'>;

/** As they are when nobody has touched them. */
export const FIRST_LAYERS: MapLayers = {
  trails: true,
  names: true,
  vectors: true,
  uncertainty: false,
  graticule: false,
  places: true,
  features: true,
  plots: true,
  source_tracks: true,
  basemap: null,
  kinds: null,
};

const switches = Object.keys(FIRST_LAYERS).filter(
  (name) => name !== 'kinds' && name !== 'basemap',
) as Switch[];

/**
 * Query parts: `layers=-trails,graticule` names what differs from the usual, `kinds=Vessel,Aircraft` the filter,
 * `base=charts` the node's own basemap.
 */
export function writeLayers(layers: MapLayers): Record<'layers' | 'kinds' | 'base', string | null> {
  const changed = switches.filter((name) => layers[name] !== FIRST_LAYERS[name]);
  return {
    layers: changed.map((name) => (layers[name] ? name : `-${name}`)).join(',') || null,
    // An empty filter shows nothing, which is another thing than no filter.
    kinds: layers.kinds === null ? null : layers.kinds.join(',') || '-',
    base: layers.basemap,
  };
}

/** What an address says of layers and filters; what it does not name is as usual, and unknown names say nothing. */
export function readLayers(query: URLSearchParams): MapLayers {
  const layers = { ...FIRST_LAYERS };
  for (const word of (query.get('layers') ?? '').split(',')) {
    const [off, name] = word.startsWith('-') ? [true, word.slice(1)] : [false, word];
    if ((switches as string[]).includes(name)) layers[name as Switch] = !off;
  }
  const kinds = query.get('kinds');
  if (kinds !== null) layers.kinds = kinds.split(',').filter((kind) => /^[A-Za-z]\w*$/.test(kind));
  layers.basemap = /^[a-z0-9][a-z0-9_-]{0,39}$/.exec(query.get('base') ?? '')?.[0] ?? null;
  return layers;
}

/** Whether an address says anything of them. */
export function namesLayers(query: URLSearchParams): boolean {
  return query.has('layers') || query.has('kinds') || query.has('base');
}
