import { expect, test } from 'vitest';

import type { LabelIn, LabelPolicyInfo, Marking } from '../api/types';
import {
  beyondLabel,
  isLower,
  labelInFrontOf,
  markingOf,
  nationsOf,
  PolicyTurns,
  releasableOf,
  releasedTo,
  underPolicy,
  withCategory,
} from './label_choice';

const marking = (text: string, classification: string): Marking => ({ text, classification });

test('with nothing on the screen a label is the lowest, for the writer’s own nation', () => {
  const expected = {
    policy: 'ALLIAGE',
    classification: 'UNCLASSIFIED',
    releasable_to: ['FRA'],
    categories: [],
  };
  expect(labelInFrontOf(null, 'FRA')).toEqual(expected);
  expect(labelInFrontOf(marking('UNLABELLED - NOT SHAREABLE', 'UNMARKED'), 'FRA')).toEqual(expected);
});

test('a label begins as what is marked on the screen, never wider', () => {
  expect(labelInFrontOf(marking('EX SECRET / REL TO DNK, NOR', 'SECRET'), 'FRA')).toEqual({
    policy: 'EX',
    classification: 'SECRET',
    releasable_to: ['DNK', 'NOR'],
    categories: [],
  });
  expect(labelInFrontOf(marking('EX RESTRICTED', 'RESTRICTED'), 'FRA').releasable_to).toBeNull();
});

test('of several policies it is one with ordinary classifications, as high and as narrow as all', () => {
  const both = marking('EX RESTRICTED / REL TO DNK // NATO SECRET / REL TO DNK, NOR // TLP RED', 'SECRET');
  expect(labelInFrontOf(both, 'DNK')).toEqual({
    policy: 'EX',
    classification: 'SECRET',
    releasable_to: ['DNK'],
    categories: [],
  });
  const clear = { policy: 'TLP', classification: 'GREEN', releasable_to: null, categories: [] };
  expect(labelInFrontOf(marking('TLP GREEN', 'UNCLASSIFIED'), 'FRA')).toEqual(clear);
});

test('what no nation may have begins with the writer’s own nation', () => {
  const label = labelInFrontOf(marking('EX SECRET / REL TO NOBODY', 'SECRET'), 'FRA');
  expect(label.releasable_to).toEqual(['FRA']);
});

test('a label begins with the categories that are marked, whatever signs stand in their words', () => {
  const text =
    'NATO SECRET / Administrative (note): STAFF / "A / B (any of)": "X, Y", Z / REL TO DNK, "EU, 27"';
  const label = labelInFrontOf(marking(text, 'SECRET'), 'DNK');
  expect(label.categories).toEqual([
    { tag: 'Administrative', kind: 'informative', values: ['STAFF'] },
    { tag: 'A / B (any of)', kind: 'restrictive', values: ['X, Y', 'Z'] },
    { tag: 'Releasable To', kind: 'permissive', values: ['EU, 27'] },
  ]);
  expect([label.releasable_to, releasableOf(label)]).toEqual([['DNK'], ['DNK', 'EU, 27']]);
  expect(markingOf(label).text).toBe(
    'NATO SECRET / "A / B (any of)": "X, Y", Z / Administrative (note): STAFF / REL TO "EU, 27", DNK',
  );
});

test('what is marked on the screen and would bind beyond a label is named', () => {
  const low = labelInFrontOf(null, 'DNK');
  const own = labelInFrontOf(marking('EX SECRET / Only: B, A', 'SECRET'), 'DNK');
  expect(beyondLabel(null, low)).toEqual([]);
  expect(beyondLabel(marking('EX SECRET / REL TO DNK', 'SECRET'), own)).toEqual([]);
  const text = 'EX SECRET / Handled (note): X / Only: B, A // TLP RED';
  expect(beyondLabel(marking(text, 'SECRET'), own)).toEqual(['TLP RED']);
  const less = withCategory(own, { tag: 'Only', kind: 'restrictive', values: ['A'] });
  expect(beyondLabel(marking(text, 'SECRET'), less)).toEqual(['Only: A, B', 'TLP RED']);
  expect(beyondLabel(marking(text, 'SECRET'), own, marking('TLP RED', 'RED'))).toEqual([]);
  expect(beyondLabel(marking('EX SECRET / Of (any of): A', 'SECRET'), own)).toEqual(['Of (any of): A']);
});

const TLP: LabelPolicyInfo = {
  name: 'TLP',
  classifications: [
    { name: 'CLEAR', title: { en: 'CLEAR' }, level: 'UNMARKED' },
    { name: 'GREEN', title: { en: 'GREEN' }, level: 'UNCLASSIFIED' },
  ],
  categories: [],
};
const NATO: LabelPolicyInfo = {
  name: 'NATO',
  classifications: ['UNCLASSIFIED', 'SECRET', 'TOP SECRET'].map((name) => {
    return { name, title: { en: name }, level: name };
  }),
  categories: (['Only', 'Releasable To'] as const).map((tag) => {
    return { tag, kind: 'permissive', values: [], is_open: true, at_most: null };
  }),
};

test('under another policy a label keeps what that policy has, and is never lower by itself', () => {
  const label: LabelIn = {
    policy: 'EX',
    classification: 'SECRET',
    releasable_to: ['DNK'],
    categories: [
      { tag: 'Only', kind: 'permissive', values: ['A'] },
      { tag: 'Handling', kind: 'restrictive', values: ['B'] },
    ],
  };
  expect(markingOf(underPolicy(label, NATO)).text).toBe('NATO SECRET / Only (any of): A / REL TO DNK');
  expect(markingOf(underPolicy(label, TLP)).text).toBe('TLP GREEN');
});

const ALLIAGE: LabelPolicyInfo = {
  ...NATO,
  name: 'ALLIAGE',
  classifications: ['UNMARKED', 'UNCLASSIFIED', 'RESTRICTED', 'SECRET', 'TOP SECRET'].map((name) => {
    return { name, title: { en: name }, level: name };
  }),
};
const find = (name: string) => [ALLIAGE, NATO, TLP].find((one) => one.name === name) ?? null;

test('who looks at other policies and goes back has the label that was chosen, and no other', () => {
  const chosen = { ...labelInFrontOf(null, 'DNK'), classification: 'RESTRICTED' };
  for (const ways of [[TLP], [NATO], [TLP, NATO], [NATO, TLP, NATO]]) {
    const turns = new PolicyTurns();
    let label: LabelIn = chosen;
    for (const policy of [...ways, ALLIAGE]) label = turns.turn(label, policy, find);
    expect(label).toEqual(chosen);
  }
});

test('what is chosen under another policy is what counts from then on', () => {
  const turns = new PolicyTurns();
  const looked = turns.turn(labelInFrontOf(null, 'DNK'), TLP, find);
  const chosen = { ...looked, classification: 'CLEAR' };
  expect(turns.turn(chosen, NATO, find).classification).toBe('UNCLASSIFIED');
});

test('a classification without a counterpart becomes the lowest that is no lower, whatever is above', () => {
  const at = (policy: string, classification: string): LabelIn => {
    return { ...labelInFrontOf(null, 'DNK'), policy, classification };
  };
  const under = (label: LabelIn, policy: LabelPolicyInfo) =>
    underPolicy(label, policy, find(label.policy)).classification;
  expect(under(at('TLP', 'GREEN'), ALLIAGE)).toBe('UNCLASSIFIED');
  expect(under(at('TLP', 'CLEAR'), NATO)).toBe('UNCLASSIFIED');
  expect(under(at('ALLIAGE', 'RESTRICTED'), NATO)).toBe('SECRET');
  expect(under(at('ALLIAGE', 'UNCLASSIFIED'), TLP)).toBe('GREEN');
  expect(under(at('ELSEWHERE', 'DEEP'), NATO)).toBe('TOP SECRET');
});

test('where nothing is as high as what was chosen that is known', () => {
  const turns = new PolicyTurns();
  const secret = { ...labelInFrontOf(null, 'DNK'), classification: 'SECRET' };
  const green = turns.turn(secret, TLP, find);
  expect([green.classification, isLower(green, turns.chosenFor(green), find)]).toEqual(['GREEN', true]);
  const back = turns.turn(green, NATO, find);
  expect([back.classification, isLower(back, turns.chosenFor(back), find)]).toEqual(['SECRET', false]);
});

test('a label goes to nations and to communities of them', () => {
  const label = releasedTo(labelInFrontOf(null, 'DNK'), ['NATO', 'FRA']);
  expect(label.releasable_to).toEqual(['FRA']);
  expect(markingOf(label).text).toBe('ALLIAGE UNCLASSIFIED / REL TO FRA, NATO');
  expect(markingOf(releasedTo(label, ['NATO'])).text).toBe('ALLIAGE UNCLASSIFIED / REL TO NATO');
  expect(releasedTo(label, null)).toEqual({ ...labelInFrontOf(null, 'DNK'), releasable_to: null });
  expect(markingOf(releasedTo(label, [])).text).toBe('ALLIAGE UNCLASSIFIED / REL TO NOBODY');
});

test('nations are read in any case, once each, and only by three letters', () => {
  expect(nationsOf(' fra, DNK;fra ')).toEqual(['DNK', 'FRA']);
  expect(nationsOf('')).toBeNull();
  expect(nationsOf('France')).toBe(false);
  expect(nationsOf('fra, five eyes', ['FIVE EYES'])).toEqual(['FIVE EYES', 'FRA']);
});
