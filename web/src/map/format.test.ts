import { expect, test } from 'vitest';

import { age, bearing, knots, scaleBar } from './format';

test('the scale is a round distance that fits', () => {
  for (const metresPerPixel of [0.3, 2, 43, 684, 20_000]) {
    const { label, pixels } = scaleBar(metresPerPixel, 120, 'en');
    expect(pixels).toBeGreaterThan(40);
    expect(pixels).toBeLessThanOrEqual(120);
    expect(label).toMatch(/^(0\.)?[125]0*(,000)? (NM|m)$/);
  }
});

test('speed is in knots, in the words of the language', () => {
  expect(knots(5.1444, 'en')).toBe('10.0 kn');
  expect(knots(5.1444, 'fr')).toBe('10,0 nd');
});

test('a bearing has three digits and north is zero', () => {
  expect([bearing(7.2), bearing(359.8)]).toEqual(['007°', '000°']);
});

test('an age is in its largest unit', () => {
  expect([4e6, 200e6, 8000e6, 200_000e6].map((us) => age(us, 'en'))).toEqual(['4 s', '3 min', '2 h', '2 d']);
});
