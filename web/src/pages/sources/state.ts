import type { SourceState } from '../../api/types';
import type { Level } from '../../parts/Status.svelte';

/** How worried the reader should be about a state. */
export const SOURCE_LEVELS: Readonly<Record<SourceState, Level>> = {
  connecting: 'standby',
  connected: 'normal',
  waiting: 'serious',
  ended: 'off',
  failed: 'critical',
};
