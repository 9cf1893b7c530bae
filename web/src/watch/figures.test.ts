import { expect, test } from 'vitest';

import { figureName } from './figures';

test('a figure has a name in each language, and goes by its own where there is none', () => {
  expect(figureName('cpa_m', 'en')).toBe('Closest approach');
  expect(figureName('cpa_m', 'fr')).toBe('Distance au plus près');
  expect(figureName('unheard_of_mps', 'fr')).toBe('unheard of');
});
