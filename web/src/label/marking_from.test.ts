import { expect, test } from 'vitest';

import { markingOfText, UNLABELLED } from './marking';
import { byMarking, type MarkedThing } from './marking_from';

const OPEN = 'ALLIAGE UNCLASSIFIED / REL TO DNK';
const part = (what: MarkedThing['what'], text: string): MarkedThing => ({
  what,
  marking: markingOfText(text),
  thing: null,
});

test('what gives the whole its marking is told first, and what is marked alike together', () => {
  const secret = 'ALLIAGE SECRET / REL TO DNK';
  const parts = [
    part('tracks', OPEN),
    part('features', UNLABELLED),
    part('plots', OPEN),
    part('panel', secret),
  ];
  const told = (whole: string) =>
    byMarking(parts, markingOfText(whole)).map(({ marking, of }) => [
      marking.text,
      of.map(({ what }) => what),
    ]);
  expect(told(UNLABELLED)).toEqual([
    [UNLABELLED, ['features']],
    [secret, ['panel']],
    [OPEN, ['tracks', 'plots']],
  ]);
  expect(told(OPEN)[0]).toEqual([OPEN, ['tracks', 'plots']]);
});
