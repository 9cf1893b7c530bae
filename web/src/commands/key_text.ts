import { t } from '../i18n/index.svelte';

/** What is printed on a key, in the language now. */
export function keyText(key: string): string {
  if (key === 'Escape' || key === 'Enter' || key === 'Ctrl') return t(`key.${key}`);
  return key;
}

/** A shortcut in one line, for tooltips. */
export function shortcutText(keys: string): string {
  return keys
    .split(' ')
    .map((step) => step.split('+').map(keyText).join('+'))
    .join(' ');
}
