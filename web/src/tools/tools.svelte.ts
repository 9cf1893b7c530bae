/** Which tool has the map. What a tool does is loaded when it is first taken up. */
import type { MapTool, SketchPart } from '../map';
import type { Drawing, Reshaped, Shape } from './drawing.svelte';
import type { Measuring } from './measuring.svelte';
import type { PlaceTool } from './place_tool.svelte';
import type { Ranging } from './ranging.svelte';
import type { DrawnShape } from './shape';
import { WaitingTool } from './waiting';

export type Tool = (PlaceTool<'arrival'> | PlaceTool<'usual'> | Measuring | Ranging | Drawing) &
  MapTool & { readonly sketch: SketchPart[] };
export type ToolName = 'arrival' | 'measure' | 'rings' | 'usual' | Shape;

class Tools {
  current = $state.raw<Tool | null>(null);
  /** Taken up, and not there yet. */
  #waiting = $state.raw<WaitingTool<ToolName> | null>(null);

  /** What has the map. */
  get taken(): (MapTool & { readonly name: ToolName }) | null {
    return this.#waiting ?? this.current;
  }

  get sketch(): SketchPart[] {
    return this.current?.sketch ?? [];
  }

  /** Takes a tool up, or lays it down where it is the one in hand. */
  async toggle(name: ToolName): Promise<void> {
    if (this.taken?.name === name) return this.close();
    await this.#take(name, make(name));
  }

  /** Takes up what was drawn and saved, so that its shape can be changed. */
  async reshape({ shape, corners }: DrawnShape, of: Reshaped): Promise<void> {
    const made = import('./drawing.svelte').then(({ Drawing }) => new Drawing(shape, of, corners));
    await this.#take(shape, made);
  }

  /** Clicks and keys are the tool's from now on, also while it is fetched. */
  async #take(name: ToolName, made: Promise<Tool>): Promise<void> {
    this.current = null;
    const waiting = (this.#waiting = new WaitingTool(name, () => this.close()));
    try {
      const tool = await made;
      // Another one was taken up meanwhile, or this one laid down.
      if (this.#waiting !== waiting) return;
      this.current = tool;
      waiting.handOver(tool);
    } finally {
      if (this.#waiting === waiting) this.#waiting = null;
    }
  }

  close(): void {
    this.#waiting = null;
    this.current = null;
  }
}

async function make(name: ToolName): Promise<Tool> {
  if (name === 'measure') return new (await import('./measuring.svelte')).Measuring();
  if (name === 'arrival') return new (await import('./place_tool.svelte')).PlaceTool(name);
  if (name === 'usual') return new (await import('./place_tool.svelte')).PlaceTool(name);
  if (name === 'rings') return new (await import('./ranging.svelte')).Ranging();
  return new (await import('./drawing.svelte')).Drawing(name);
}

export const tools = new Tools();
