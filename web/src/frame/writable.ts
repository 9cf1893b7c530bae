import { address } from '../api/client';
import type { components } from '../api/schema';

type Readiness = components['schemas']['Readiness'];

/** So often it is asked: a full disk stops intake and every word of a watch. */
export const ASKED_EVERY_MS = 15_000;

/** Whether the node can write what it is told; null where it does not say. */
export async function canWrite(send: typeof fetch = (...args) => fetch(...args)): Promise<boolean | null> {
  try {
    const answer = await send(address('/health/ready'), { headers: { Accept: 'application/json' } });
    if (!answer.ok && answer.status !== 503) return null;
    return ((await answer.json()) as Readiness).log_open;
  } catch {
    return null; // no connection is told by itself
  }
}
