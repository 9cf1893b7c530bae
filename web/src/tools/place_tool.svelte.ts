/** A place on the map that something is asked of: when a track will be there, or what traffic is usual. */
import type { MapTool, SketchPart } from '../map';
import type { Place } from '../position/grid';
import { at, linePart, vertexPart } from './sketch';
import { tools } from './tools.svelte';

export class PlaceTool<Name extends 'arrival' | 'usual'> implements MapTool {
  /** Where; null until it was put. */
  place = $state.raw<Place | null>(null);
  /** Of the area in which it lies, where the node says one. */
  outline = $state.raw<readonly Place[]>([]);

  readonly sketch: SketchPart[] = $derived([
    ...(this.outline.length > 1 ? [linePart(this.outline.map(at), 'line')] : []),
    ...(this.place === null ? [] : [vertexPart(this.place)]),
  ]);

  constructor(readonly name: Name) {}

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
