/** The language of the screens and the words in it. */
import { dictionary, type Key } from './dictionary';
import { fill, type Parameters } from './fill';

export type { Key } from './dictionary';
export type Language = 'en' | 'fr';

const STORED = 'alliage.language';

function firstLanguage(): Language {
  const stored = typeof localStorage === 'undefined' ? null : localStorage.getItem(STORED);
  if (stored === 'en' || stored === 'fr') return stored;
  return typeof navigator !== 'undefined' && navigator.language.startsWith('fr') ? 'fr' : 'en';
}

const state = $state<{ language: Language }>({ language: firstLanguage() });

/** The language now; read it in a template and the template follows. */
export function language(): Language {
  return state.language;
}

/** Switch the screens' language and remember it in this browser. */
export function setLanguage(next: Language): void {
  state.language = next;
  localStorage.setItem(STORED, next);
  document.documentElement.lang = next;
}

/** The text of a key in the language now, with `{name}` filled from `parameters`. */
export function t(key: Key, parameters?: Parameters): string {
  return fill(dictionary[state.language][key], parameters, state.language);
}

/** Whether there are words under this key. */
export function isKey(key: string): key is Key {
  return key in dictionary.en;
}

/** A text that comes with the data in several languages (a schema's title, a quarantine reason). */
export function pick(texts: Readonly<Record<string, string>> | null | undefined): string {
  if (texts == null) return '';
  return texts[state.language] ?? texts.en ?? Object.values(texts)[0] ?? '';
}
