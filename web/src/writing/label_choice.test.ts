import { expect, test } from 'vitest';

import type { Marking } from '../api/types';
import { beyondLabel, choosable, labelInFrontOf, nationsOf } from './label_choice';

const marking = (text: string, classification: string): Marking => ({ text, classification });

test('with nothing on the screen a label is the lowest, for the writer’s own nation', () => {
  const expected = { policy: 'ALLIAGE', classification: 'UNCLASSIFIED', releasable_to: ['FRA'] };
  expect(labelInFrontOf(null, 'FRA')).toEqual(expected);
  expect(labelInFrontOf(marking('UNLABELLED - NOT SHAREABLE', 'UNMARKED'), 'FRA')).toEqual(expected);
});

test('a label begins as what is marked on the screen, never wider', () => {
  expect(labelInFrontOf(marking('EX SECRET / REL TO DNK, NOR', 'SECRET'), 'FRA')).toEqual({
    policy: 'EX',
    classification: 'SECRET',
    releasable_to: ['DNK', 'NOR'],
  });
  expect(labelInFrontOf(marking('EX RESTRICTED', 'RESTRICTED'), 'FRA').releasable_to).toBeNull();
});

test('of several policies it is one with ordinary classifications, as high and as narrow as all', () => {
  const both = marking('EX RESTRICTED / REL TO DNK // NATO SECRET / REL TO DNK, NOR // TLP RED', 'SECRET');
  expect(labelInFrontOf(both, 'DNK')).toEqual({
    policy: 'EX',
    classification: 'SECRET',
    releasable_to: ['DNK'],
  });
  expect(labelInFrontOf(marking('TLP RED', 'RED'), 'FRA').policy).toBe('ALLIAGE');
});

test('what no nation may have begins with the writer’s own nation', () => {
  const label = labelInFrontOf(marking('EX SECRET / REL TO NOBODY', 'SECRET'), 'FRA');
  expect(label.releasable_to).toEqual(['FRA']);
});

test('what a label chosen by hand cannot carry is named', () => {
  expect(beyondLabel(null)).toEqual([]);
  expect(beyondLabel(marking('EX SECRET / REL TO DNK', 'SECRET'))).toEqual([]);
  expect(beyondLabel(marking('EX SECRET / Only: B, A // TLP RED', 'SECRET'))).toEqual([
    'Only: A, B',
    'TLP RED',
  ]);
  expect(beyondLabel(marking('TLP RED', 'RED'))).toEqual(['TLP RED']);
});

test('nobody chooses above the own clearance', () => {
  expect(choosable('RESTRICTED')).toEqual(['UNCLASSIFIED', 'RESTRICTED']);
  expect(choosable('UNKNOWN')).toEqual([]);
});

test('nations are read in any case, once each, and only by three letters', () => {
  expect(nationsOf(' fra, DNK;fra ')).toEqual(['DNK', 'FRA']);
  expect(nationsOf('')).toBeNull();
  expect(nationsOf('France')).toBe(false);
});
