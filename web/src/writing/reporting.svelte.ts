/** The form for a report by voice: open for a new track, or to carry one on. */
import type { Place } from '../position/grid';

export interface Begun {
  /** The track that is carried on; null begins one. */
  track: { id: string; name: string } | null;
  /** What the form proposes as its position. */
  place: Place | null;
}

class Reporting {
  begun = $state.raw<Begun | null>(null);

  open(track: Begun['track'], place: Place | null): void {
    this.begun = { track, place };
  }

  close(): void {
    this.begun = null;
  }
}

export const reporting = new Reporting();
