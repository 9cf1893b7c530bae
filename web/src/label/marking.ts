/**
 * The joined marking of what is shown together, for display only: access is decided by the node.
 * The same algebra as `join_marking` of the node, as far as it goes without the policies: one label for each
 * policy with the highest classification, the union of restrictive values, the intersection of "releasable
 * to". Where the order is not known here, every label stays; `wording.svelte.ts` has the node join them.
 */
import type { Marking } from '../api/types';

/** From lowest to highest, as STANAG 4774 registers them for the NATO policy. */
export const CLASSIFICATIONS = [
  'UNMARKED',
  'UNCLASSIFIED',
  'RESTRICTED',
  'CONFIDENTIAL',
  'SECRET',
  'TOP SECRET',
] as const;

/** Policies that have these classifications, in this order. */
const ORDERED: ReadonlySet<string> = new Set(['ALLIAGE', 'NATO']);

const RELEASABLE = 'REL TO ';
export const NOBODY = 'NOBODY';
const BETWEEN = ' // ';
/** Values of this kind of category are shown together where any one of them suffices. */
export const ANY_OF = ' (any of)';
/** Values of this kind narrow nobody. */
export const NOTE = ' (note)';
export const UNLABELLED = 'UNLABELLED - NOT SHAREABLE';

/** One label of a marking. */
export interface Parts {
  policy: string;
  classification: string;
  releasable: Set<string> | null;
  /** Other categories by their tags. */
  further: Map<string, Set<string>>;
}

/** Join markings; null for none. */
export function joinMarkings(markings: Iterable<Marking>): Marking | null {
  const texts = new Map<string, Marking>();
  for (const marking of markings) texts.set(marking.text, marking);
  const different = [...texts.values()];
  if (different.length <= 1) return different[0] ?? null;
  const unlabelled = different.find((marking) => marking.text === UNLABELLED);
  if (unlabelled !== undefined) return unlabelled;
  const groups = new Map<string, Parts>();
  for (const parts of different.flatMap(partsOf)) {
    const group = groupOf(parts);
    const before = groups.get(group);
    groups.set(group, before === undefined ? parts : join(before, parts));
  }
  const lines = [...groups.values()].map(writeLabel).sort();
  return {
    text: lines.join(BETWEEN),
    classification: different.map((marking) => marking.classification).reduce(higher),
  };
}

/** A marking of which only the line is known. */
export function markingOfText(text: string): Marking {
  return {
    text,
    classification: partsOf({ text })
      .map((parts) => parts.classification)
      .reduce(higher),
  };
}

/** The labels that a marking's text names; their words as they stand there, in quotation marks or without. */
export function partsOf(marking: Pick<Marking, 'text'>): Parts[] {
  return apart(marking.text, BETWEEN).map(labelOf);
}

/** The parts of a text between signs that stand outside of quotation marks. */
function apart(text: string, sign: string): string[] {
  const parts = [''];
  for (const run of text.match(/"(?:[^"\\]|\\.)*"|[^"]+/g) ?? []) {
    const [first = '', ...others] = run.startsWith('"') ? [run] : run.split(sign);
    parts.push((parts.pop() ?? '') + first, ...others);
  }
  return parts;
}

function labelOf(text: string): Parts {
  const [head = '', ...categories] = apart(text, ' / ');
  const [, policy = '', classification = ''] = /^("(?:[^"\\]|\\.)*"|\S+) (.*)$/.exec(head) ?? [];
  const parts: Parts = { policy, classification, releasable: null, further: new Map() };
  for (const category of categories) {
    if (category.startsWith(RELEASABLE)) {
      const nations = category.slice(RELEASABLE.length);
      parts.releasable = new Set(nations === NOBODY ? [] : apart(nations, ', '));
    } else {
      const [tag = '', values = ''] = apart(category, ': ');
      parts.further.set(tag, new Set(apart(values, ', ')));
    }
  }
  return parts;
}

/** Labels of one group have an order that is known here, or the same classification. */
function groupOf(parts: Parts): string {
  const ordered = ORDERED.has(parts.policy) && rank(parts.classification) >= 0;
  return ordered ? parts.policy : `${parts.policy} ${parts.classification}`;
}

function join(a: Parts, b: Parts): Parts {
  const further = new Map(a.further);
  for (const [tag, values] of b.further) {
    const before = further.get(tag);
    further.set(tag, before === undefined ? values : joinValues(tag, before, values));
  }
  return {
    policy: a.policy,
    classification: higher(a.classification, b.classification),
    releasable: joinReleasable(a.releasable, b.releasable),
    further,
  };
}

function joinValues(tag: string, a: Set<string>, b: Set<string>): Set<string> {
  return tag.endsWith(ANY_OF) ? new Set([...a].filter((value) => b.has(value))) : new Set([...a, ...b]);
}

export function joinReleasable(a: Set<string> | null, b: Set<string> | null): Set<string> | null {
  if (a === null || b === null) return a ?? b;
  return new Set([...a].filter((nation) => b.has(nation)));
}

export function rank(classification: string): number {
  return CLASSIFICATIONS.findIndex((name) => name === classification);
}

function higher(a: string, b: string): string {
  if (rank(a) === rank(b)) return a > b ? a : b;
  return rank(a) > rank(b) ? a : b;
}

/** The line that says everything of one label, in any language the same. */
export function writeLabel(parts: Parts): string {
  const words: [string, string][] = [...parts.further].map(([tag, values]) => [
    tag,
    `${tag}: ${[...values].sort().join(', ')}`,
  ]);
  if (parts.releasable !== null) {
    words.push(['Releasable To', RELEASABLE + ([...parts.releasable].sort().join(', ') || NOBODY)]);
  }
  words.sort(([a], [b]) => (a < b ? -1 : 1));
  return [`${parts.policy} ${parts.classification}`, ...words.map(([, text]) => text)].join(' / ');
}

/** The style class of a marking's colours; the text always stands beside the colour. */
export function markingClass(marking: Marking): string {
  if (marking.text === UNLABELLED) return 'unlabelled';
  if (rank(marking.classification) < 0) return 'other';
  return marking.classification.toLowerCase().replace(' ', '-');
}
