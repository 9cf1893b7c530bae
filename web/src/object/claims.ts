import type { ClaimInfo } from '../api/types';

/** The claims of one property, and whether the latest of each source say different things. */
export interface ClaimGroup {
  property: string;
  schema: string;
  claims: ClaimInfo[];
  differ: boolean;
}

/** Group claims by property, in the order in which properties first appear; claims stay in theirs. */
export function groupClaims(claims: readonly ClaimInfo[]): ClaimGroup[] {
  const groups = new Map<string, ClaimInfo[]>();
  for (const claim of claims) {
    const group = groups.get(claim.property);
    if (group === undefined) groups.set(claim.property, [claim]);
    else group.push(claim);
  }
  return [...groups].map(([property, members]) => ({
    property,
    schema: members[0]?.schema ?? 'Thing',
    claims: members,
    differ: differ(members),
  }));
}

/** Whether claims that still hold, of different sources, have different values. */
function differ(claims: readonly ClaimInfo[]): boolean {
  const latest = new Map<string, ClaimInfo>();
  for (const claim of claims) {
    const held = latest.get(claim.source);
    if (claim.valid_to === null && (held === undefined || claim.known > held.known)) {
      latest.set(claim.source, claim);
    }
  }
  return new Set([...latest.values()].map((claim) => JSON.stringify(claim.value))).size > 1;
}
