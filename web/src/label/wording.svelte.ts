/**
 * Markings in the reader's language: the node knows the policies and writes them; each is asked for once.
 * Until it has answered, and where it cannot, the plain line stands there, which says everything.
 */
import { SvelteMap } from 'svelte/reactivity';

import type { Marking, MarkingWords } from '../api/types';
import { language, t } from '../i18n/index.svelte';
import { api } from '../session/session.svelte';
import { UNLABELLED } from './marking';

/** Rows of a table have few different markings; more than this are a fault, and ask no more. */
const MOST = 2000;
/** What the node takes; a longer line stands as it is. */
const CHARACTERS = 600;

const known = new SvelteMap<string, MarkingWords | null>();
const asked = new Set<string>();

/** What stands on the screen for a marking. */
export function inWords(marking: Marking): string {
  const { text } = marking;
  if (text === UNLABELLED) return t('banner.unlabelled');
  const words = known.get(text);
  if (words === undefined) ask(text);
  return words?.page[language()] ?? text;
}

/** A classification as its policy says it in the reader's language, without the policy's name. */
export function classificationInWords(policy: string, classification: string): string {
  const words = inWords({ text: `${policy} ${classification}`, classification });
  return words.startsWith(`${policy} `) ? words.slice(policy.length + 1) : words;
}

/** A clearance is given in these words, whatever other policies call theirs. */
export function clearanceInWords(clearance: string): string {
  return classificationInWords('ALLIAGE', clearance);
}

function ask(text: string): void {
  if (text.length > CHARACTERS || asked.has(text) || asked.size >= MOST) return;
  asked.add(text);
  // Not while a template is read: the answer changes what it reads.
  queueMicrotask(() => void read(text));
}

async function read(text: string): Promise<void> {
  try {
    known.set(text, await api.request<MarkingWords>('/markings/words', { query: { text } }));
  } catch {
    asked.delete(text);
  }
}
