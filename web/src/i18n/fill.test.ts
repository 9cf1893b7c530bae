import { expect, test } from 'vitest';

import { fill } from './fill';

test('a place is filled, and one that nothing is known of stays', () => {
  expect(fill('{a} of {b}', { a: 1 })).toBe('1 of {b}');
});

test('one of a thing has another word than several of it, and in French so has none', () => {
  const said = (count: string | number, language: 'en' | 'fr') =>
    fill('{count} {count|piste|pistes}', { count }, language);
  expect([said(0, 'en'), said(1, 'en'), said('1', 'en'), said(2, 'en')]).toEqual([
    '0 pistes',
    '1 piste',
    '1 piste',
    '2 pistes',
  ]);
  expect([said(0, 'fr'), said('1', 'fr'), said('1 508', 'fr'), said('1,508', 'en')]).toEqual([
    '0 piste',
    '1 piste',
    '1 508 pistes',
    '1,508 pistes',
  ]);
});
