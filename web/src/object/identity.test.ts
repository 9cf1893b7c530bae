import { expect, test } from 'vitest';

import { isOneIdentifier } from './identity';

test('a number and its second bearer are one identifier, and two numbers are two', () => {
  expect(isOneIdentifier('mmsi:219000001', 'mmsi:219000001')).toBe(true);
  expect(isOneIdentifier('mmsi:219000001', 'mmsi:219000001/2')).toBe(true);
  expect(isOneIdentifier('mmsi:219000001', 'mmsi:219000002')).toBe(false);
});
