import { describe, expect, test } from 'vitest';

import type { Marking } from '../src/api/types';
import { joinMarkings, markingClass, UNLABELLED } from '../src/label/marking';

const open: Marking = { text: 'ALLIAGE UNCLASSIFIED / REL TO DNK, FRA', classification: 'UNCLASSIFIED' };
const secret: Marking = { text: 'ALLIAGE SECRET / REL TO DNK', classification: 'SECRET' };
const plain: Marking = { text: 'NATO TOP SECRET', classification: 'TOP SECRET' };
const caveat: Marking = { text: 'ALLIAGE SECRET / Caveat: A, B / REL TO FRA', classification: 'SECRET' };
const unlabelled: Marking = { text: UNLABELLED, classification: 'TOP SECRET' };
const red: Marking = { text: 'TLP RED', classification: 'RED' };
const green: Marking = { text: 'TLP GREEN / REL TO DNK', classification: 'GREEN' };
const all = [open, secret, plain, caveat, unlabelled, red, green];

describe('markings shown together', () => {
  test('take the highest classification and the nations that may have all of it', () => {
    expect(joinMarkings([open, secret])).toEqual(secret);
    expect(joinMarkings([open, caveat])?.text).toBe('ALLIAGE SECRET / Caveat: A, B / REL TO FRA');
  });

  test('that no nation may have all of say so', () => {
    expect(joinMarkings([secret, caveat])?.text).toBe('ALLIAGE SECRET / Caveat: A, B / REL TO NOBODY');
  });

  test('of several policies name them all', () => {
    expect(joinMarkings([open, plain])).toEqual({
      text: 'ALLIAGE UNCLASSIFIED / REL TO DNK, FRA // NATO TOP SECRET',
      classification: 'TOP SECRET',
    });
    const quoted: Marking = { text: '"A B" LOW', classification: 'LOW' };
    expect(joinMarkings([quoted, plain])?.text).toBe('"A B" LOW // NATO TOP SECRET');
  });

  test('whose order only the node knows all stay', () => {
    expect(joinMarkings([red, green])).toEqual({
      text: 'TLP GREEN / REL TO DNK // TLP RED',
      classification: 'RED',
    });
  });

  test('of a category of which any value suffices keep the values in common', () => {
    const [a, b] = ['A, B', 'B, C'].map((values) => ({
      text: `NATO SECRET / Only (any of): ${values}`,
      classification: 'SECRET',
    }));
    expect(joinMarkings([a!, b!])?.text).toBe('NATO SECRET / Only (any of): B');
  });

  test('have a colour also where their classification has none of its own', () => {
    expect(markingClass(plain)).toBe('top-secret');
    expect(markingClass(red)).toBe('other');
  });

  test('with something unlabelled are not shareable', () => {
    expect(joinMarkings(all)).toEqual(unlabelled);
    expect(markingClass(unlabelled)).toBe('unlabelled');
  });

  test('join the same in every order, and joining twice changes nothing', () => {
    for (const a of all) {
      expect(joinMarkings([a, a])).toEqual(a);
      for (const b of all) {
        const joined = joinMarkings([a, b]);
        expect(joinMarkings([b, a])).toEqual(joined);
        expect(joinMarkings([joined ?? a, b])).toEqual(joined);
        for (const c of all) {
          const left = joinMarkings([joined ?? a, c]);
          expect(joinMarkings([a, joinMarkings([b, c]) ?? b])).toEqual(left);
        }
      }
    }
  });

  test('of nothing are none', () => {
    expect(joinMarkings([])).toBeNull();
  });
});
