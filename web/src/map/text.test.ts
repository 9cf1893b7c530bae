import { expect, test } from 'vitest';

import { mapText } from './text';

test('both languages say the same things', () => {
  expect(Object.keys(mapText.fr)).toEqual(Object.keys(mapText.en));
});

test('the kinds that badges count have plurals in both languages', () => {
  expect([mapText.en.kind('Vessel'), mapText.fr.kind('Vessel')]).toEqual(['Vessels', 'Navires']);
});
