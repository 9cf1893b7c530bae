/** Reading something again and again while a page is seen: the last answer stays when one fails. */
import { ApiError } from './errors';

export interface Polled<T> {
  readonly value: T | null;
  readonly failure: unknown;
  again(): void;
}

/**
 * Read now and every `everyMs` while `active()` holds. Call it while a component is made.
 *
 * @param read asks the node; what it reads of reactive state starts it anew.
 */
export function poll<T>(
  read: (signal: AbortSignal) => Promise<T>,
  everyMs: number | (() => number),
  active: () => boolean,
): Polled<T> {
  let value = $state.raw<T | null>(null);
  let failure = $state.raw<unknown>(null);
  let round = $state(0);

  $effect(() => {
    void round;
    if (!active()) return;
    const abort = new AbortController();
    const step = async () => {
      if (document.hidden) return;
      try {
        value = await read(abort.signal);
        failure = null;
      } catch (error) {
        if (!abort.signal.aborted) failure = error instanceof ApiError ? error : new ApiError('broken');
      }
    };
    // The next one is counted from the answer: a slow node is not asked twice at a time.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const turn = async () => {
      await step();
      if (abort.signal.aborted) return;
      timer = setTimeout(() => void turn(), typeof everyMs === 'number' ? everyMs : everyMs());
    };
    void turn();
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  });

  return {
    get value() {
      return value;
    },
    get failure() {
      return failure;
    },
    again: () => (round += 1),
  };
}
