/** Reading APP-6(D) symbol identification codes of 20 digits. Source: STANAG 2019, APP-6(D), annex A. */

export type Affiliation = 'pending' | 'unknown' | 'friend' | 'neutral' | 'hostile';

/** Digit 4, the standard identity, as one of the five frames. */
export function affiliationOf(sidc: string): Affiliation {
  switch (sidc[3]) {
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

/** The code of a kind as such, without type or side: what stands for many of it. */
export function sidcOfKind(schema: string): string {
  const symbolSet = { Aircraft: '01', Vessel: '30', Facility: '20', AidToNavigation: '30', Platform: '30' }[
    schema
  ];
  return `1001${symbolSet ?? '10'}${'0'.repeat(14)}`;
}
