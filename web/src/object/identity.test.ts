import { expect, test } from 'vitest';

import { identityText, isOneIdentifier } from './identity';

test('a number and its second bearer are one identifier, and two numbers are two', () => {
  expect(isOneIdentifier('mmsi:219000001', 'mmsi:219000001')).toBe(true);
  expect(isOneIdentifier('mmsi:219000001', 'mmsi:219000001/2')).toBe(true);
  expect(isOneIdentifier('mmsi:219000001', 'mmsi:219000002')).toBe(false);
});

test('who drew a thing is told without the node that released it, unless that is all one sees', () => {
  const drawn = (...sources: string[]) =>
    identityText({ identifier: `object:${'0'.repeat(32)}`, sources, validUs: null, hasGeometry: true });
  expect(drawn('person:anna', 'release:north-1')).toBe('drawn by anna');
  expect(drawn('release:north-1')).toBe('drawn by north-1');
});
