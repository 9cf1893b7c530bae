import { t, type Key } from '../i18n/index.svelte';

const KNOWN = ['clearance', 'nation', 'community', 'unlabelled', 'not-permitted', 'fault'] as const;

/** Why something is withheld, in words; a rule of the node's own policy by its name. */
export function reasonText(reason: string): string {
  const known = KNOWN.find((one) => one === reason);
  return known === undefined ? t('see_as.reason.rule', { rule: reason }) : t(`see_as.reason.${known}` as Key);
}
