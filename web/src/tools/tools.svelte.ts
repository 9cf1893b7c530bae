/** Which tool has the map. What a tool does is loaded when it is first taken up. */
import type { MapTool, SketchPart } from '../map';
import type { Drawing, Reshaped, Shape } from './drawing.svelte';
import type { Measuring } from './measuring.svelte';
import type { PlaceTool } from './place_tool.svelte';
import type { Ranging } from './ranging.svelte';
import type { DrawnShape } from './shape';

export type Tool = (PlaceTool<'arrival'> | PlaceTool<'usual'> | Measuring | Ranging | Drawing) &
  MapTool & { readonly sketch: SketchPart[] };
export type ToolName = 'arrival' | 'measure' | 'rings' | 'usual' | Shape;

class Tools {
  current = $state.raw<Tool | null>(null);

  get sketch(): SketchPart[] {
    return this.current?.sketch ?? [];
  }

  /** Takes a tool up, or lays it down where it is the one in hand. */
  async toggle(name: ToolName): Promise<void> {
    if (this.current?.name === name) return this.close();
    this.current = await make(name);
  }

  /** Takes up what was drawn and saved, so that its shape can be changed. */
  async reshape({ shape, corners }: DrawnShape, of: Reshaped): Promise<void> {
    const { Drawing } = await import('./drawing.svelte');
    this.current = new Drawing(shape, of, corners);
  }

  close(): void {
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
