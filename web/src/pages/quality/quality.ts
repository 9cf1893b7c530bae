/** What the mean of squared Mahalanobis distances in two dimensions says of a filter: 2 is expected. */

export type Consistency = 'consistent' | 'too_sure' | 'too_careful' | 'unknown';

/** Twice and half of it. */
const MOST = 4;
const LEAST = 1;

export function consistency(nisMean: number | null): Consistency {
  if (nisMean === null) return 'unknown';
  if (nisMean > MOST) return 'too_sure';
  return nisMean < LEAST ? 'too_careful' : 'consistent';
}
