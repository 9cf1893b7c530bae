import { expect, test } from 'vitest';

import { frameOf, GAP, placeBeside } from './placing';

const card = { width: 320, height: 160 };
const room = { left: 0, top: 22, width: 1440, height: 878 };
const phone = { left: 0, top: 22, width: 390, height: 822 };

test('a card stands on the first side that has room', () => {
  const bar = { left: 72, top: 844, width: 1368, height: 56 };
  expect(placeBeside(bar, card, room, ['below', 'above'])).toEqual({ left: 596, top: 844 - 160 - GAP });
  const field = { left: 500, top: 30, width: 380, height: 30 };
  expect(placeBeside(field, card, room, ['below', 'above'])).toEqual({ left: 530, top: 60 + GAP });
});

test('below something in a bar, a card leaves the whole bar free', () => {
  const under = { left: 360, top: 66, width: 1080, height: 834 };
  const field = { left: 300, top: 29, width: 380, height: 30 };
  expect(placeBeside(field, card, under, ['below'])).toEqual({ left: 360 + GAP, top: 66 + GAP });
});

test('a card stays in its room, also beside a thing at its edge', () => {
  const help = { left: 0, top: 842, width: 72, height: 58 };
  expect(placeBeside(help, card, room, ['right'])).toEqual({ left: 72 + GAP, top: 900 - 160 - GAP });
  const drawer = { left: 72, top: 66, width: 248, height: 778 };
  expect(placeBeside(drawer, card, room, ['right'])).toEqual({ left: 320 + GAP, top: 375 });
  const button = { left: 8, top: 74, width: 36, height: 36 };
  expect(placeBeside(button, card, phone, ['below'])).toEqual({ left: GAP, top: 110 + GAP });
});

test('a card stands within what is larger than itself', () => {
  const map = { left: 320, top: 66, width: 1120, height: 778 };
  expect(placeBeside(map, card, room, ['within'])).toEqual({ left: 1440 - 320 - GAP, top: 66 + GAP });
});

test('a card without room on any side lies at the lower edge', () => {
  const drawer = { left: 0, top: 66, width: 300, height: 700 };
  expect(placeBeside(drawer, card, phone, ['right'])).toEqual({ left: 35, top: 844 - 160 - GAP });
});

test('the frame round a thing is never outside the window', () => {
  const screen = { width: 1440, height: 900 };
  const banner = { left: 0, top: 0, width: 1440, height: 22 };
  expect(frameOf(banner, screen)).toEqual({ left: 0, top: 0, width: 1440, height: 25 });
});
