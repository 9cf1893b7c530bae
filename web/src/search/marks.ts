/** A text in pieces: what was looked for, and what stands between. Pure. */

export interface Piece {
  text: string;
  marked: boolean;
}

/** @param marks begin and end of each mark in characters (code points), in order and apart. */
export function pieces(text: string, marks: readonly (readonly [number, number])[]): Piece[] {
  const characters = [...text];
  const found: Piece[] = [];
  const add = (begin: number, end: number, marked: boolean): void => {
    if (end > begin) found.push({ text: characters.slice(begin, end).join(''), marked });
  };
  let at = 0;
  for (const [begin, end] of marks) {
    add(at, begin, false);
    add(begin, end, true);
    at = end;
  }
  add(at, characters.length, false);
  return found;
}
