/** Has the map while the tool itself is still fetched, and keeps what is done with it meanwhile. */
import type { MapTool } from '../map';
import type { Place } from '../position/grid';

export class WaitingTool<Name extends string> implements MapTool {
  readonly #done: ((tool: MapTool) => void)[] = [];

  /** `cancel`: to lay it down before it is there. */
  constructor(
    readonly name: Name,
    readonly cancel: () => void,
  ) {}

  press(place: Place): void {
    this.#done.push((tool) => tool.press(place));
  }

  move(): void {}

  grab(): boolean {
    return false;
  }

  drag(): void {}

  finish(): void {
    this.#done.push((tool) => tool.finish());
  }

  undo(): void {
    this.#done.push((tool) => tool.undo());
  }

  /** Do all that again with the tool that is there now. */
  handOver(tool: MapTool): void {
    for (const again of this.#done.splice(0)) again(tool);
  }
}
