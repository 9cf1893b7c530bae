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
  everyMs: number,
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
    void step();
    const timer = setInterval(() => void step(), everyMs);
    return () => {
      clearInterval(timer);
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
