/** A label that a person chooses, and the marking that it will show. */
import type { CategoryIn, LabelIn, LabelPolicyInfo, Marking } from '../api/types';
import {
  ANY_OF,
  CLASSIFICATIONS,
  joinReleasable,
  NOBODY,
  NOTE,
  partsOf,
  rank,
  UNLABELLED,
  writeLabel,
  type Parts,
} from '../label/marking';

/** The policy of a node that has seen none yet. */
const FIRST_POLICY = 'ALLIAGE';
const RELEASABLE_TO = 'Releasable To';
const NATION = /^[A-Z]{3}$/;
/** What parts a marking; a word that holds it stands in quotation marks, as in JSON. */
const RESERVED = /["/:,()]|^REL TO\b/;
const ENDINGS = { restrictive: '', permissive: ANY_OF, informative: NOTE } as const;

/**
 * What somebody begins with who writes in front of this screen: what is marked on it, since nobody can tell
 * what went through a head; with nothing on it, or with what no nation may have, for the writer's own nation
 * only. It is never wider than the marking.
 */
export function labelInFrontOf(marking: Marking | null, nation: string): LabelIn {
  const own = marking === null || marking.text === UNLABELLED ? undefined : chosenOf(partsOf(marking));
  if (marking === null || own === undefined) {
    const first = { policy: FIRST_POLICY, classification: 'UNCLASSIFIED' };
    return { ...first, releasable_to: [nation], categories: [] };
  }
  const all = partsOf(marking);
  const highest = all.reduce((a, b) => (rank(a.classification) >= rank(b.classification) ? a : b));
  const known = CLASSIFICATIONS.find((name) => name === highest.classification && name !== 'UNMARKED');
  const releasable = all.map((parts) => parts.releasable).reduce(joinReleasable);
  const begun: LabelIn = {
    policy: unquoted(own.policy),
    classification: rank(own.classification) < 0 ? unquoted(own.classification) : (known ?? 'UNCLASSIFIED'),
    releasable_to: null,
    categories: categoriesOf(own),
  };
  if (releasable === null) return begun;
  return releasedTo(begun, releasable.size > 0 ? [...releasable].map(unquoted) : [nation]);
}

/**
 * What is marked on the screen and not in a label: other policies but those of what stays beside it, and
 * categories that would bind.
 */
export function beyondLabel(marking: Marking | null, label: LabelIn, stays: Marking | null = null): string[] {
  if (marking === null || marking.text === UNLABELLED) return [];
  const staying = new Set(stays === null ? [] : partsOf(stays).map((parts) => parts.policy));
  const { policy, further } = partsOfLabel(label);
  return partsOf(marking).flatMap((parts) => {
    if (parts.policy !== policy) {
      return staying.has(parts.policy) ? [] : [`${parts.policy} ${parts.classification}`];
    }
    return [...parts.further].flatMap(([tag, values]) => {
      const lacks = isLacking(tag, values, further.get(tag));
      return lacks ? [`${tag}: ${[...values].sort().join(', ')}`] : [];
    });
  });
}

function isLacking(tag: string, marked: ReadonlySet<string>, chosen: ReadonlySet<string> | undefined) {
  if (tag.endsWith(NOTE)) return false;
  if (tag.endsWith(ANY_OF)) return chosen === undefined || [...chosen].some((value) => !marked.has(value));
  return [...marked].some((value) => !chosen?.has(value));
}

/** The label of a marking that one begins with: rather of a policy with the ordinary classifications. */
function chosenOf(all: readonly Parts[]): Parts | undefined {
  return all.find((parts) => rank(parts.classification) >= 0) ?? all[0];
}

function categoriesOf(parts: Parts): CategoryIn[] {
  return [...parts.further].flatMap(([words, values]) => {
    const kind = words.endsWith(ANY_OF) ? 'permissive' : words.endsWith(NOTE) ? 'informative' : 'restrictive';
    const tag = unquoted(words.slice(0, words.length - ENDINGS[kind].length));
    const chosen = [...values].filter((value) => value !== '').map(unquoted);
    return chosen.length === 0 ? [] : [{ tag, kind, values: chosen.sort() }];
  });
}

/** How a label that is chosen will be marked: the line that every marking is. */
export function markingOf(label: LabelIn): Marking {
  return { text: writeLabel(partsOfLabel(label)), classification: label.classification };
}

function partsOfLabel(label: LabelIn): Parts {
  const released = releasableOf(label);
  const further = new Map<string, Set<string>>();
  for (const { tag, kind, values } of label.categories) {
    if (isRelease(tag, kind)) continue;
    const words = quoted(tag) + ENDINGS[kind];
    further.set(words, new Set([...(further.get(words) ?? []), ...values.map((value) => quoted(value))]));
  }
  return {
    policy: label.policy.includes(' ') ? JSON.stringify(label.policy) : quoted(label.policy),
    classification: quoted(label.classification),
    releasable: released === null ? null : new Set(released.map((value) => quoted(value, NOBODY))),
    further,
  };
}

export function isRelease(tag: string, kind: CategoryIn['kind']): boolean {
  return tag === RELEASABLE_TO && kind === 'permissive';
}

/** To whom a label may go: nations and communities of them; null where it is not bounded so. */
export function releasableOf(label: LabelIn): string[] | null {
  const communities = label.categories.filter(({ tag, kind }) => isRelease(tag, kind));
  const nations = label.releasable_to ?? null;
  if (nations === null && communities.length === 0) return null;
  return [...new Set([...(nations ?? []), ...communities.flatMap(({ values }) => values)])].sort();
}

/** A label that may go to these: nations, and communities that are none. */
export function releasedTo(label: LabelIn, values: readonly string[] | null): LabelIn {
  const others = label.categories.filter(({ tag, kind }) => !isRelease(tag, kind));
  const nations = (values ?? []).filter((value) => NATION.test(value)).sort();
  const communities = (values ?? []).filter((value) => !NATION.test(value)).sort();
  const community = { tag: RELEASABLE_TO, kind: 'permissive', values: communities } as const;
  return {
    ...label,
    releasable_to: values === null || (nations.length === 0 && communities.length > 0) ? null : nations,
    categories: communities.length === 0 ? others : [...others, { ...community }],
  };
}

/** A label with these values of one category and no others. */
export function withCategory(label: LabelIn, { tag, kind, values }: CategoryIn): LabelIn {
  const others = label.categories.filter((one) => one.tag !== tag || one.kind !== kind);
  return { ...label, categories: values.length === 0 ? others : [...others, { tag, kind, values }] };
}

/**
 * A label said in another policy's words: the same classification where it has that, else the lowest that is no
 * lower, else the highest that there is to choose; of the categories those that it has, too.
 *
 * @param from the policy of the label, where that is known.
 */
export function underPolicy(
  label: LabelIn,
  policy: LabelPolicyInfo,
  from: LabelPolicyInfo | null = null,
): LabelIn {
  if (policy.name === label.policy) return label;
  const categories = label.categories.flatMap((one) => {
    const known = policy.categories.find(({ tag, kind }) => tag === one.tag && kind === one.kind);
    const taken = one.values.filter((value) => known?.is_open || known?.values.some((v) => v.name === value));
    return taken.length === 0 ? [] : [{ ...one, values: taken }];
  });
  return {
    policy: policy.name,
    classification: classificationUnder(policy, label.classification, levelOf(label.classification, from)),
    releasable_to: policy.categories.some(({ tag, kind }) => isRelease(tag, kind))
      ? label.releasable_to
      : null,
    categories,
  };
}

function classificationUnder({ classifications }: LabelPolicyInfo, name: string, level: string): string {
  const isNoLower = (one: { level: string | null }) => rank(one.level ?? '') >= Math.max(rank(level), 0);
  const same = classifications.find((one) => one.name === name);
  if (same !== undefined && (same.level === null || isNoLower(same))) return same.name;
  const listed = classifications.filter((one) => one.name !== 'UNMARKED');
  const least = rank(level) < 0 ? undefined : listed.find(isNoLower);
  return least?.name ?? listed.at(-1)?.name ?? name;
}

/** How high a classification is, in the words of clearances. */
function levelOf(name: string, policy: LabelPolicyInfo | null): string {
  return policy?.classifications.find((one) => one.name === name)?.level ?? name;
}

/** Whether a label is known to be lower than what somebody chose under another policy. */
export function isLower(
  label: LabelIn,
  chosen: LabelIn,
  find: (policy: string) => LabelPolicyInfo | null,
): boolean {
  const [now, before] = [label, chosen].map((one) => rank(levelOf(one.classification, find(one.policy)))) as [
    number,
    number,
  ];
  return now >= 0 && now < before;
}

/** Leads from policy to policy by what somebody chose last: who looks at another one and goes back has that. */
export class PolicyTurns {
  #kept: { chosen: LabelIn; shown: string } | null = null;

  /** What was chosen last, which may be under another policy than the label now is. */
  chosenFor(label: LabelIn): LabelIn {
    return this.#kept?.shown === JSON.stringify(label) ? this.#kept.chosen : label;
  }

  turn(label: LabelIn, to: LabelPolicyInfo, find: (policy: string) => LabelPolicyInfo | null): LabelIn {
    const chosen = this.chosenFor(label);
    const turned = underPolicy(chosen, to, find(chosen.policy));
    this.#kept = { chosen, shown: JSON.stringify(turned) };
    return turned;
  }
}

/**
 * Nations and communities from `DNK, FRA`; null for no text: not restricted. False where one is neither an ISO
 * 3166 alpha-3 code nor one of the communities.
 */
export function nationsOf(text: string, communities: readonly string[] = []): string[] | null | false {
  const found = text.split(/[,;]+/).flatMap((part) => {
    const words = part.trim().toUpperCase();
    const community = communities.find((one) => one.toUpperCase() === words);
    return community === undefined ? words.split(/\s+/).filter((code) => code !== '') : [community];
  });
  if (found.length === 0) return null;
  const isKnown = (code: string) => NATION.test(code) || communities.includes(code);
  return found.every(isKnown) ? [...new Set(found)].sort() : false;
}

function quoted(word: string, reserved = ''): string {
  return RESERVED.test(word) || word === reserved ? JSON.stringify(word) : word;
}

function unquoted(word: string): string {
  return word.startsWith('"') ? (JSON.parse(word) as string) : word;
}
