/** Reading APP-6(D) symbol identification codes of 20 digits. Source: STANAG 2019, APP-6(D), annex A. */

export type Affiliation = 'pending' | 'unknown' | 'friend' | 'neutral' | 'hostile';

/** Digit 4, the standard identity, as one of the five frames. */
export function affiliationOf(sidc: string): Affiliation {
  return affiliationOfIdentity(sidc[3]);
}

export function affiliationOfIdentity(digit: string | undefined): Affiliation {
  switch (digit) {
    case '0':
      return 'pending';
    case '2':
    case '3':
      return 'friend';
    case '4':
      return 'neutral';
    case '5':
    case '6':
      return 'hostile';
    default:
      return 'unknown';
  }
}

/** Whether it is something in the air (symbol set 01). */
export function isAir(sidc: string): boolean {
  return sidc.slice(4, 6) === '01';
}

/** Control measures (symbol set 25), such as marks and reference points, are drawn without a frame. */
export function hasFrame(sidc: string): boolean {
  return sidc.slice(4, 6) !== '25';
}

/** Entities of symbol set 25 that are lines, by their first two digits; most others without a symbol are areas. */
const LINES = new Set(['11', '14', '19', '22', '26', '29', '30', '33']);

/** Whether a control measure is rather a line or an area, for those that have no symbol at a point. */
export function shapeOf(sidc: string): 'line' | 'area' {
  return LINES.has(sidc.slice(10, 12)) ? 'line' : 'area';
}

/**
 * The code of the frame alone, which all things of one kind and side share. It is of reality: the X of an
 * exercise could not be read at that size, and the banner of the screen says EXERCISE.
 */
export function frameCode(sidc: string): string {
  return `${sidc.slice(0, 2)}0${sidc.slice(3, 6)}${'0'.repeat(14)}`;
}
