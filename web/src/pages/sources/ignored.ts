import { t, type Key } from '../../i18n/index.svelte';

/** Words for what decoders count without using it; a code that no decoder of ours has stands as it is. */
const WORDS: Readonly<Record<string, Key>> = {
  comment: 'ignored.comment',
  tag_block: 'ignored.tag_block',
  time_mark: 'ignored.time_mark',
  part: 'ignored.part',
  other_sentence: 'ignored.other_sentence',
  no_payload: 'ignored.no_payload',
  own_ship: 'ignored.own_ship',
};

export function ignoredText(code: string): string {
  const number = /^message_(\d+)$/.exec(code)?.[1];
  if (number !== undefined) return t('ignored.message', { number });
  const key = WORDS[code];
  return key === undefined ? code : t(key);
}
