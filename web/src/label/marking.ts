/**
 * The joined marking of what is shown together, for display only: access is decided by the node.
 * The same algebra as `join_marking` of the node: highest classification, union of restrictive values,
 * intersection of "releasable to".
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

const RELEASABLE = 'REL TO ';
const NOBODY = 'NOBODY';
export const UNLABELLED = 'UNLABELLED - NOT SHAREABLE';

export interface Parts {
  policies: Set<string>;
  classification: string;
  releasable: Set<string> | null;
  restrictive: Map<string, Set<string>>;
}

/** Join markings; null for none. */
export function joinMarkings(markings: Iterable<Marking>): Marking | null {
  const texts = new Map<string, Marking>();
  for (const marking of markings) texts.set(marking.text, marking);
  const different = [...texts.values()];
  if (different.length <= 1) return different[0] ?? null;
  const unlabelled = different.find((marking) => marking.text === UNLABELLED);
  if (unlabelled !== undefined) return unlabelled;
  return write(different.map(partsOf).reduce(join));
}

/** What a marking's text says. */
export function partsOf(marking: Marking): Parts {
  const [head = '', ...categories] = marking.text.split(' / ');
  const policy = head.slice(0, head.length - marking.classification.length).trim();
  const parts: Parts = {
    policies: new Set(policy.split('+')),
    classification: marking.classification,
    releasable: null,
    restrictive: new Map(),
  };
  for (const category of categories) {
    if (category.startsWith(RELEASABLE)) {
      const nations = category.slice(RELEASABLE.length);
      parts.releasable = new Set(nations === NOBODY ? [] : nations.split(', '));
    } else {
      const [tag = '', values = ''] = category.split(': ');
      parts.restrictive.set(tag, new Set(values.split(', ')));
    }
  }
  return parts;
}

function join(a: Parts, b: Parts): Parts {
  const restrictive = new Map(a.restrictive);
  for (const [tag, values] of b.restrictive) {
    restrictive.set(tag, new Set([...(restrictive.get(tag) ?? []), ...values]));
  }
  return {
    policies: new Set([...a.policies, ...b.policies]),
    classification: rank(a.classification) >= rank(b.classification) ? a.classification : b.classification,
    releasable: joinReleasable(a.releasable, b.releasable),
    restrictive,
  };
}

function joinReleasable(a: Set<string> | null, b: Set<string> | null): Set<string> | null {
  if (a === null || b === null) return a ?? b;
  return new Set([...a].filter((nation) => b.has(nation)));
}

export function rank(classification: string): number {
  return CLASSIFICATIONS.findIndex((name) => name === classification);
}

function write(parts: Parts): Marking {
  const words: [string, string][] = [...parts.restrictive].map(([tag, values]) => [
    tag,
    `${tag}: ${[...values].sort().join(', ')}`,
  ]);
  if (parts.releasable !== null) {
    words.push(['Releasable To', RELEASABLE + ([...parts.releasable].sort().join(', ') || NOBODY)]);
  }
  words.sort(([a], [b]) => (a < b ? -1 : 1));
  const head = `${[...parts.policies].sort().join('+')} ${parts.classification}`;
  return {
    text: [head, ...words.map(([, text]) => text)].join(' / '),
    classification: parts.classification,
  };
}

/** The style class of a marking's colours; the text always stands beside the colour. */
export function markingClass(marking: Marking): string {
  if (marking.text === UNLABELLED) return 'unlabelled';
  return marking.classification.toLowerCase().replace(' ', '-');
}
