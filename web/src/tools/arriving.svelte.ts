/** The place on the map for which the panel says when the selected track will be there. */
import type { MapTool, SketchPart } from '../map';
import type { Place } from '../position/grid';
import { vertexPart } from './sketch';
import { tools } from './tools.svelte';

export class Arriving implements MapTool {
  readonly name = 'arrival';
  /** Where; null until it was put. */
  place = $state.raw<Place | null>(null);

  readonly sketch: SketchPart[] = $derived(this.place === null ? [] : [vertexPart(this.place)]);

  press(place: Place): void {
    this.place = place;
  }

  move(): void {}

  grab(): boolean {
    return false;
  }

  drag(): void {}

  finish(): void {}

  undo(): void {
    this.place = null;
  }

  cancel(): void {
    tools.close();
  }
}
