/** What the marking of a screen comes from: its parts by their markings, that which gives the whole first. No browser here. */
import type { Marking } from '../api/types';
import { rank, UNLABELLED } from './marking';

/** What of a screen bears a marking. */
export type MarkedKind = 'tracks' | 'side_maps' | 'features' | 'panel' | 'plots' | 'basemap' | 'over';

export interface MarkedPart {
  what: MarkedKind;
  marking: Marking;
}

/** One thing of a part that can be gone to, or null for the part as a whole. */
export interface MarkedThing extends MarkedPart {
  thing: { name: string; go: () => void } | null;
}

export interface MarkedGroup {
  marking: Marking;
  of: MarkedThing[];
}

export function byMarking(things: readonly MarkedThing[], whole: Marking | null): MarkedGroup[] {
  const groups = new Map<string, MarkedGroup>();
  for (const one of things) {
    const group = groups.get(one.marking.text) ?? { marking: one.marking, of: [] };
    group.of.push(one);
    groups.set(one.marking.text, group);
  }
  const height = ({ marking }: MarkedGroup) => {
    if (marking.text === whole?.text) return 101;
    return marking.text === UNLABELLED ? 100 : rank(marking.classification);
  };
  return [...groups.values()].sort((a, b) => height(b) - height(a));
}
