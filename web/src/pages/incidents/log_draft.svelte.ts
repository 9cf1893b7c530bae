/** The line of the watch log that is being written: it stays while its writer looks at an incident. */
import type { Marking } from '../../api/types';
import { joinMarkings } from '../../label/marking';

class LogDraft {
  text = $state('');
  /** What was marked on the screen in front of which it is written. */
  before = $state.raw<Marking | null>(null);

  /** Go on in front of what is on the screen now. */
  begin(shown: readonly Marking[]): void {
    const written = this.text.trim() === '' || this.before === null ? [] : [this.before];
    this.before = joinMarkings([...written, ...shown]);
  }
}

export const logDraft = new LogDraft();
