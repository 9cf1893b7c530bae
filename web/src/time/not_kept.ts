/** What is no longer kept of some streams, as text. */
import type { NotKept } from '../api/types';
import { microseconds, zuluDate } from '../i18n/format';

const SHOWN = 3;

/** `denmark < 28 Nov 12:00Z`, of at most three streams, and how many others there are. */
export function notKeptText(streams: readonly NotKept[]): string {
  const shown = streams.slice(0, SHOWN).map(({ stream, before }) => {
    const us = microseconds(before);
    return `${stream} < ${us === null ? before : zuluDate(us)}`;
  });
  if (streams.length > SHOWN) shown.push(`+${streams.length - SHOWN}`);
  return shown.join(', ');
}
