import { expect, test } from 'vitest';

import { number } from './format';

test('what rounds to nought has no sign, and what is below it keeps its own', () => {
  expect(number(-0.001, 'en', 2)).toBe('0.00');
  expect(number(-0.01, 'en', 2)).toBe('-0.01');
  expect(number(-1234.5, 'en', 1)).toBe('-1,234.5');
});
