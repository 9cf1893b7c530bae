import { expect, test } from 'vitest';

import { calledText } from './called';

const called = (name: string | null, identifier: string, ...sources: string[]) =>
  calledText({ name, identifier, sources });

test('what has no name is called by what is known of it', () => {
  expect(called('FRIO', 'mmsi:219000001', 'denmark')).toBe('FRIO');
  expect(called(null, 'icao24:4b1a2c', 'receiver')).toBe('ICAO 4B1A2C');
  expect(called(null, 'track:1fk-sg3a0-17', 'tracker:RADAR NORTH@1')).toBe('Track 17 of RADAR NORTH');
  expect(called(null, 'track:204', 'tower')).toBe('Track 204 of tower');
  expect(called(null, 'mmsi:219000001', 'denmark')).toBe('Unnamed');
});
