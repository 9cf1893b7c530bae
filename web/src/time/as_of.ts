/** As of when something is asked and shown. */

/** A time, and what was known when (absent: all that is known today); as the API takes both. */
export interface AsOf {
  valid: string;
  known?: string;
}

/**
 * Whether what was read of one time may still stand where another is shown, until that is read: of an earlier
 * moment under the same knowledge it may, of a later one, of the present or of other knowledge never.
 */
export function mayStand(read: AsOf | null, shown: AsOf | null): boolean {
  if (read === null || shown === null) return read === shown;
  const sameKnowledge = (read.known === undefined) === (shown.known === undefined);
  return sameKnowledge && read.valid <= shown.valid;
}
