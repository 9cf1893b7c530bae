/**
 * Keys that are pressed before the screen is there that takes them: somebody who knows the shortcut types it while
 * the page still loads. What is typed into a field is never kept.
 */
import type { KeyPress } from './shortcuts';

export type EarlyPress = KeyPress & { timeStamp: number };

/** More than a shortcut and what went before it is nobody's wish any more. */
const MOST = 8;

export class EarlyKeys {
  #kept: EarlyPress[] = [];
  readonly #note = ({ key, ctrlKey, metaKey, altKey, timeStamp, target }: KeyboardEvent): void => {
    if (this.isTyping(target)) return;
    this.#kept = [...this.#kept, { key, ctrlKey, metaKey, altKey, timeStamp }].slice(-MOST);
  };

  constructor(
    private readonly from: Pick<Window, 'addEventListener' | 'removeEventListener'>,
    private readonly isTyping: (target: EventTarget | null) => boolean,
  ) {
    from.addEventListener('keydown', this.#note);
  }

  /** The presses so far, the first first; from now on somebody else listens. */
  end(): EarlyPress[] {
    this.from.removeEventListener('keydown', this.#note);
    return this.#kept.splice(0);
  }
}
