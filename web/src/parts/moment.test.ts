import { expect, test } from 'vitest';

import { fieldOf, isWrong, momentOf } from './moment';

test('a field is read as UTC, and nothing from what is no time', () => {
  expect(momentOf('2026-11-28 21:30')).toBe('2026-11-28T21:30:00.000Z');
  expect(momentOf(' 2026-11-28T21:30:15Z ')).toBe('2026-11-28T21:30:15.000Z');
  expect(momentOf('2026-11-28')).toBe('2026-11-28T00:00:00.000Z');
  for (const none of ['', 'yesterday', '28/11/2026', '2026-13-01']) expect(momentOf(none)).toBeNull();
});

test('an empty field is open and not wrong', () => {
  expect(isWrong(' ')).toBe(false);
  expect(isWrong('28/11/2026')).toBe(true);
  expect(isWrong('2026-11-28 21:30')).toBe(false);
});

test('a moment stands in a field in UTC, year first', () => {
  expect(fieldOf(Date.UTC(2026, 0, 31, 12, 5) * 1000)).toBe('2026-01-31 12:05');
});
