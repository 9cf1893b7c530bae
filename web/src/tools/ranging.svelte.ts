/** Range rings and bearings around a place, or around the selected track wherever it goes. */
import { language } from '../i18n/index.svelte';
import type { MapTool, SketchPart } from '../map';
import { metresPerNauticalMile } from '../map/geometry';
import type { Place } from '../position/grid';
import { destination, linePath, ring } from '../position/lines';
import { workspace } from '../workspace/workspace.svelte';
import { linePart, textPart, vertexPart } from './sketch';
import { spacingAt } from './spacing';
import { tools } from './tools.svelte';
import { ringText } from './words';

export const RINGS_AT_MOST = 12;

export class Ranging implements MapTool {
  readonly name = 'rings';
  /** Where it was put; null until then. */
  place = $state.raw<Place | null>(null);
  /** Whether it goes with the selected track, where there is one. */
  withTrack = $state(true);
  spacingNm = $state(spacingAt(workspace.map?.look().metresPerPixel ?? null));
  count = $state(4);
  /** Degrees between bearings; 0 draws none. */
  bearingStepDeg = $state(30);

  /** The track that the rings go with. */
  readonly track = $derived.by(() => {
    void workspace.client.store.version;
    const held = workspace.selected === null ? null : workspace.client.store.track(workspace.selected);
    return this.withTrack ? held : null;
  });
  readonly centre: Place | null = $derived(
    this.track === null ? this.place : { lon: this.track.lon, lat: this.track.lat },
  );

  readonly sketch: SketchPart[] = $derived.by(() => {
    const { centre } = this;
    if (centre === null || !(this.spacingNm > 0)) return [];
    const numbers = Array.from({ length: this.count }, (_, i) => i + 1);
    return [
      ...numbers.flatMap((number) => circle(centre, number, this.spacingNm)),
      ...this.#spokes(centre, this.count * this.spacingNm * metresPerNauticalMile),
    ];
  });

  press(place: Place): void {
    this.place = place;
    this.withTrack = false;
  }

  grab(place: Place, reachM: number): boolean {
    return this.place !== null && this.track === null && near(this.place, place, reachM);
  }

  drag(place: Place): void {
    this.place = place;
  }

  move(): void {}

  finish(): void {}

  undo(): void {
    this.place = null;
  }

  cancel(): void {
    tools.close();
  }

  #spokes(centre: Place, radiusM: number): SketchPart[] {
    const step = this.bearingStepDeg;
    const bearings = step > 0 ? Array.from({ length: Math.floor(360 / step) }, (_, i) => i * step) : [];
    return [
      vertexPart(centre),
      ...bearings.flatMap((bearing) => {
        const end = destination(centre, bearing, radiusM);
        const name = `${String(bearing).padStart(3, '0')}°`;
        return [linePart(linePath(centre, end, 'great_circle'), 'thin'), textPart(end, name)];
      }),
    ];
  }
}

function circle(centre: Place, number: number, spacingNm: number): SketchPart[] {
  const radiusM = number * spacingNm * metresPerNauticalMile;
  const label = destination(centre, 15, radiusM); // between the usual bearings
  return [linePart(ring(centre, radiusM), 'thin'), textPart(label, ringText(number, spacingNm, language()))];
}

function near(a: Place, b: Place, reachM: number): boolean {
  const metresPerDegree = 111_320;
  const east = (a.lon - b.lon) * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(east, a.lat - b.lat) * metresPerDegree <= reachM;
}
