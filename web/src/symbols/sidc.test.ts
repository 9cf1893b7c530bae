import { expect, test } from 'vitest';

import { affiliationOf, frameCode, hasFrame, shapeOf } from './sidc';

test.each([
  ['0', 'pending'],
  ['1', 'unknown'],
  ['2', 'friend'],
  ['3', 'friend'],
  ['4', 'neutral'],
  ['5', 'hostile'],
  ['6', 'hostile'],
])('standard identity %s has the frame of %s', (digit, frame) => {
  expect(affiliationOf(`100${digit}3000001400000000`)).toBe(frame);
});

test('a tanker and a tug of an exercise share the frame of an unknown ship', () => {
  expect(frameCode('10113000001401090000')).toBe('10013000000000000000');
  expect(frameCode('10113000001401110000')).toBe('10013000000000000000');
});

test('a cable is a line, an operations zone an area', () => {
  expect([shapeOf('10112500001100000000'), shapeOf('10112500001710000000')]).toEqual(['line', 'area']);
});

test('control measures have no frame, ships have one', () => {
  expect([hasFrame('10112500002134000000'), hasFrame('10113000001401090000')]).toEqual([false, true]);
});
