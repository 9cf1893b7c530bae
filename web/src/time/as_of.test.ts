import { expect, test } from 'vitest';

import { mayStand } from './as_of';

const noon = '2026-06-01T12:00:00.000Z';
const later = '2026-06-01T12:10:00.000Z';

test('what was read of an earlier moment stands until the later one is read', () => {
  expect(mayStand({ valid: noon }, { valid: later })).toBe(true);
  expect(mayStand({ valid: noon, known: noon }, { valid: later, known: later })).toBe(true);
  expect(mayStand(null, null)).toBe(true);
});

test('nothing of the present, of later or of other knowledge stands in the past', () => {
  expect(mayStand(null, { valid: noon })).toBe(false);
  expect(mayStand({ valid: noon }, null)).toBe(false);
  expect(mayStand({ valid: later }, { valid: noon })).toBe(false);
  expect(mayStand({ valid: noon }, { valid: noon, known: noon })).toBe(false);
  expect(mayStand({ valid: noon, known: noon }, { valid: noon })).toBe(false);
});
