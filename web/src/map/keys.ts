/** The map's keys beside those that MapLibre takes: it pans with the arrows and zooms with + and -. */
import type { Place } from '../position/grid';
import type { MapTool } from './adapter';

interface Keyed {
  tool: MapTool | null;
  hasSelection: boolean;
  middle(): Place;
  step(step: 1 | -1): void;
  clear(): void;
  northUp(): void;
}

/** What a key does now, where it does anything. */
export function actionOf(event: KeyboardEvent, map: Keyed): (() => void) | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const { tool } = map;
  // With nothing to let go, Escape is for whatever else is open.
  if (event.key === 'Escape' && tool === null && !map.hasSelection) return undefined;
  const actions: Record<string, () => void> = tool
    ? {
        ' ': () => tool.press(map.middle()),
        Enter: () => tool.finish(),
        Backspace: () => tool.undo(),
        Escape: () => tool.cancel(),
      }
    : {
        ']': () => map.step(1),
        '[': () => map.step(-1),
        Escape: () => map.clear(),
      };
  actions['0'] = () => map.northUp();
  return actions[event.key];
}
