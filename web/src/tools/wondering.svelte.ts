/** A place on the map of which somebody wants to know what traffic is usual there. */
import type { MapTool, SketchPart } from '../map';
import type { Place } from '../position/grid';
import { at, linePart, vertexPart } from './sketch';
import { tools } from './tools.svelte';

export class Wondering implements MapTool {
  readonly name = 'usual';
  /** Where; null until it was put. */
  place = $state.raw<Place | null>(null);
  /** Of the area in which it lies, as the node says. */
  outline = $state.raw<readonly Place[]>([]);

  readonly sketch: SketchPart[] = $derived([
    ...(this.outline.length > 1 ? [linePart(this.outline.map(at), 'line')] : []),
    ...(this.place === null ? [] : [vertexPart(this.place)]),
  ]);

  press(place: Place): void {
    this.place = place;
    this.outline = [];
  }

  move(): void {}

  grab(): boolean {
    return false;
  }

  drag(): void {}

  finish(): void {}

  undo(): void {
    this.place = null;
    this.outline = [];
  }

  cancel(): void {
    tools.close();
  }
}
