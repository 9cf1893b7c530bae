/** The form for a report by voice: open for a new track, or to carry one on. */
import type { Marking } from '../api/types';
import type { ShownState } from '../object/state';
import type { Place } from '../position/grid';

type Last = Pick<ShownState, 'courseDeg' | 'speedMps' | 'stdM'>;

export interface Begun {
  /** The track that is carried on; null begins one. */
  track: { id: string; name: string } | null;
  /** What the form proposes as its position. */
  place: Place | null;
  /** How it was last reported to move, and how surely its place was known. */
  last: Last | null;
  /** Of what was opened for it; null: of what the page shows. */
  marking: Marking | null;
}

class Reporting {
  begun = $state.raw<Begun | null>(null);

  open(
    track: Begun['track'],
    place: Place | null,
    last: Last | null = null,
    marking: Marking | null = null,
  ): void {
    this.begun = { track, place, last, marking };
  }

  close(): void {
    this.begun = null;
  }
}

export const reporting = new Reporting();
