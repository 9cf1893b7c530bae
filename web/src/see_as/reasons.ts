import { isKey, t } from '../i18n/index.svelte';

/** Why something is withheld, in words; a rule of the node's own policy by its name. */
export function reasonText(reason: string): string {
  const key = `see_as.reason.${reason}`;
  return isKey(key) ? t(key) : t('see_as.reason.rule', { rule: reason });
}
