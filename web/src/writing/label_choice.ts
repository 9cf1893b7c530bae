/** A label that a person chooses, and the marking that it will show. */
import type { LabelIn, Marking } from '../api/types';
import { CLASSIFICATIONS, joinReleasable, partsOf, rank, UNLABELLED, type Parts } from '../label/marking';

/** The policy of a node that has seen none yet. */
const FIRST_POLICY = 'ALLIAGE';

/**
 * What somebody begins with who writes in front of this screen: what is marked on it, since nobody can tell
 * what went through a head; with nothing on it, or with what no nation may have, for the writer's own nation
 * only. It is never wider than the marking.
 */
export function labelInFrontOf(marking: Marking | null, nation: string): LabelIn {
  if (marking === null || marking.text === UNLABELLED) {
    return { policy: FIRST_POLICY, classification: 'UNCLASSIFIED', releasable_to: [nation] };
  }
  const own = chosenOf(marking);
  const highest = partsOf(marking).reduce((a, b) =>
    rank(a.classification) >= rank(b.classification) ? a : b,
  );
  const releasable = partsOf(marking)
    .map((parts) => parts.releasable)
    .reduce(joinReleasable);
  const known = CLASSIFICATIONS.find((name) => name === highest.classification && name !== 'UNMARKED');
  return {
    policy: own?.policy ?? FIRST_POLICY,
    classification: known ?? 'UNCLASSIFIED',
    releasable_to: releasable === null ? null : releasable.size > 0 ? [...releasable].sort() : [nation],
  };
}

/** What is marked on the screen and no label chosen by hand can carry: further policies and categories. */
export function beyondLabel(marking: Marking | null): string[] {
  if (marking === null || marking.text === UNLABELLED) return [];
  const own = chosenOf(marking);
  return partsOf(marking).flatMap((parts) => [
    ...(parts.policy === own?.policy ? [] : [`${parts.policy} ${parts.classification}`]),
    ...[...parts.further].map(([tag, values]) => `${tag}: ${[...values].sort().join(', ')}`),
  ]);
}

/** The label of a marking that one can choose by hand: of a policy with the ordinary classifications. */
function chosenOf(marking: Marking): Parts | undefined {
  return partsOf(marking).find((parts) => rank(parts.classification) >= 0);
}

/** Classifications up to one's clearance. */
export function choosable(clearance: string): LabelIn['classification'][] {
  const highest = CLASSIFICATIONS.findIndex((name) => name === clearance);
  return CLASSIFICATIONS.slice(1, highest + 1) as LabelIn['classification'][];
}

/** Nations from `DNK, FRA`; null for no text: not restricted. False where one is no ISO 3166 alpha-3 code. */
export function nationsOf(text: string): string[] | null | false {
  const codes = text
    .toUpperCase()
    .split(/[\s,;]+/)
    .filter((code) => code !== '');
  if (codes.length === 0) return null;
  return codes.every((code) => /^[A-Z]{3}$/.test(code)) ? [...new Set(codes)].sort() : false;
}
