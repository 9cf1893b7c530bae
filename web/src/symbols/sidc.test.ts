import { expect, test } from 'vitest';

import { affiliationOf, sidcOfKind } from './sidc';

test.each([
  ['0', 'pending'],
  ['1', 'unknown'],
  ['2', 'friend'],
  ['3', 'friend'],
  ['4', 'neutral'],
  ['5', 'hostile'],
  ['6', 'hostile'],
])('standard identity %s has the frame of %s', (digit, frame) => {
  expect(affiliationOf(`100${digit}3000001400000000`)).toBe(frame);
});

test('a kind has a code of twenty digits, known or not', () => {
  for (const kind of ['Vessel', 'Aircraft', 'Kraken']) expect(sidcOfKind(kind)).toMatch(/^\d{20}$/);
});
