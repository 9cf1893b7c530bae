/** What is no longer kept of some streams, as text. */
import type { NotKept } from '../api/types';
import { microseconds, zuluDate } from '../i18n/format';
import { t } from '../i18n/index.svelte';

const SHOWN = 3;

/** `denmark < 28 Nov 12:00Z`, `coast 11:00Z – 12:00Z (redacted)`, at most three, and how many others there are. */
export function notKeptText(streams: readonly NotKept[]): string {
  const shown = streams.slice(0, SHOWN).map(({ stream, before, since, why }) => {
    const span = since === null ? `< ${time(before)}` : `${time(since)} – ${time(before)}`;
    return why === 'not kept' ? `${stream} ${span}` : `${stream} ${span} (${t(`time.${why}`)})`;
  });
  if (streams.length > SHOWN) shown.push(`+${streams.length - SHOWN}`);
  return shown.join(', ');
}

function time(text: string): string {
  const us = microseconds(text);
  return us === null ? text : zuluDate(us);
}
