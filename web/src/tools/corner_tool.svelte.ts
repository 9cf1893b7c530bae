/** A tool that works on corners: what measuring and drawing have in common. */
import type { MapTool, SketchPart } from '../map';
import type { Place } from '../position/grid';
import { add, cornerAt, moved, without } from './corners';

export abstract class CornerTool implements MapTool {
  corners = $state.raw<readonly Place[]>([]);
  /** Where the next corner would be. */
  pointer = $state.raw<Place | null>(null);
  /** True when nothing more is added: corners can still be moved. */
  finished = $state(false);
  #held: number | null = null;

  /** `most`: as many corners as make it whole by themselves. */
  constructor(private readonly most = 500) {}

  /** What it draws now. */
  abstract readonly sketch: SketchPart[];

  press(place: Place): void {
    if (this.finished) return;
    this.corners = add(this.corners, place);
    if (this.corners.length >= this.most) this.finish();
  }

  move(place: Place | null): void {
    this.pointer = place;
  }

  grab(place: Place, reachM: number): boolean {
    this.#held = cornerAt(this.corners, place, reachM);
    // The last corner is let lie while the line goes on: a double click must not move it.
    if (!this.finished && this.#held === this.corners.length - 1) this.#held = null;
    return this.#held !== null;
  }

  drag(place: Place): void {
    if (this.#held !== null) this.corners = moved(this.corners, this.#held, place);
  }

  remove(index: number): void {
    this.corners = without(this.corners, index);
    this.finished = false;
  }

  undo(): void {
    if (this.corners.length > 0) this.remove(this.corners.length - 1);
  }

  finish(): void {
    if (this.corners.length > 0) this.finished = true;
  }

  clear(): void {
    this.corners = [];
    this.finished = false;
  }

  abstract cancel(): void;
}
