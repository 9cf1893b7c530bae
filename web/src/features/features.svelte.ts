/** Things with a geometry of their own that this reader may see, kept as the node tells of changes. */
import type { FeatureCollection, FeatureInfo, Marking } from '../api/types';
import { joinMarkings } from '../label/marking';
import type { MapFeature } from '../map';
import { schemaTitle } from '../ontology/ontology.svelte';
import type { PictureClient } from '../picture';
import { api } from '../session/session.svelte';
import { type AsOf, mayStand } from '../time/as_of';
import { planOf } from './plan';

/** Several things drawn at once are one change. */
const TOGETHER_MS = 200;

/** Kinds that are drawn as they lie in the world; what people agreed on is dashed. */
const BUILT = new Set(['Infrastructure', 'Cable', 'Pipeline', 'Facility']);

class Features {
  items = $state.raw<FeatureInfo[]>([]);
  marking = $state.raw<Marking | null>(null);
  /** False when the node has more of them than it sends at once. */
  complete = $state(true);
  failed = $state(false);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #asOf: AsOf | null = null;

  /** As the map wants them; of these kinds, null for all. */
  drawn(kinds: readonly string[] | null): MapFeature[] {
    return this.#chosen(kinds).map(asDrawn);
  }

  /** The joined marking of these. */
  markingOf(kinds: readonly string[] | null): Marking | null {
    if (kinds === null) return this.marking;
    return joinMarkings(this.#chosen(kinds).map(({ properties }) => properties.marking));
  }

  #chosen(kinds: readonly string[] | null): FeatureInfo[] {
    return this.items.filter(({ properties }) => kinds?.includes(properties.schema) ?? true);
  }

  /** Read them now, and again whenever they change; returns what ends that. */
  follow(client: PictureClient): () => void {
    this.#soon();
    return client.store.onNotice(({ notice }) => notice === 'features' && this.#soon());
  }

  /** Read those of this time, or (null) of the present. */
  showAsOf(asOf: AsOf | null): void {
    if (asOf?.valid === this.#asOf?.valid && asOf?.known === this.#asOf?.known) return;
    if (!mayStand(this.#asOf, asOf)) this.#forget();
    this.#asOf = asOf;
    this.#soon();
  }

  byObject(id: string): FeatureInfo | null {
    return this.items.find((item) => item.id === id) ?? null;
  }

  async read(): Promise<void> {
    const asked = this.#asOf;
    try {
      const found = await api.request<FeatureCollection>('/features', { query: { ...asked } });
      if (!mayStand(asked, this.#asOf)) return;
      this.items = found.features;
      this.marking = found.marking;
      this.complete = found.complete;
      this.failed = false;
    } catch {
      // What was read stays; the drawer says that it may be old.
      this.failed = true;
    }
  }

  #forget(): void {
    this.items = [];
    this.marking = null;
    this.complete = true;
  }

  #soon(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.read();
    }, TOGETHER_MS);
  }
}

/** As a map draws it. */
export function asDrawn({ id, geometry, properties }: FeatureInfo): MapFeature {
  return {
    object: id,
    geometry: geometry as unknown as MapFeature['geometry'],
    name: properties.name,
    kind: schemaTitle(properties.schema),
    sidc: properties.sidc,
    lineStyle: BUILT.has(properties.schema) ? 'solid' : 'dashed',
    isControlMeasure: 'control_measure' in properties.values,
    plan: planOf(properties.values),
  };
}

export const features = new Features();
