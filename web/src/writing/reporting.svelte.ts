/** The form for a report by voice: open for a new track, or to carry one on. */
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
}

class Reporting {
  begun = $state.raw<Begun | null>(null);

  open(track: Begun['track'], place: Place | null, last: Last | null = null): void {
    this.begun = { track, place, last };
  }

  close(): void {
    this.begun = null;
  }
}

export const reporting = new Reporting();
