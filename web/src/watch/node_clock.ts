/** What time it is for the node itself: a recording that is played has a clock of its own. */
import { microseconds } from '../i18n/format';
import { nowMs } from '../session/ticker.svelte';
import { workspace } from '../workspace/workspace.svelte';

/** Seconds since the node knew something, counting on. */
export function sinceKnownS(at: string): number {
  const isLive = workspace.summary?.clock.mode === 'live';
  const nowUs = (isLive ? workspace.presentUs : null) ?? nowMs() * 1000;
  return (nowUs - (microseconds(at) ?? 0)) / 1e6;
}
