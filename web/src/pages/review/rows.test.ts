import { expect, test } from 'vitest';

import type { ReviewItem } from '../../api/types';
import { besides, bitsText, rowsOf } from './rows';

const side = (values: Record<string, string | number>) => ({ values }) as unknown as ReviewItem['one'];
const item = {
  judgement: {
    weights: [
      { property: 'prior', level: '', bits: -9.97 },
      { property: 'place', level: '', bits: 4.2 },
      { property: 'name', level: 'nearly_same', bits: 6.6 },
      { property: 'call_sign', level: 'differs', bits: -4.1 },
      { property: 'mmsi', level: 'same', bits: 15 },
    ],
  },
  one: side({ name: 'BALTIC STAR', call_sign: 'OXYZ', ship_type: 'cargo' }),
  other: side({ name: 'BALTIK STAR', call_sign: 'SABC', mmsi: 219000001 }),
} as unknown as ReviewItem;

test('what weighs most comes first, and what one side alone says comes last', () => {
  expect(rowsOf(item).map((row) => [row.property, row.level, row.bits])).toEqual([
    ['mmsi', 'same', 15],
    ['name', 'nearly_same', 6.6],
    ['call_sign', 'differs', -4.1],
    ['ship_type', null, null],
  ]);
  expect(rowsOf(item)[0]).toMatchObject({ one: undefined, other: 219000001 });
});

test('what is weighed beside the properties is told apart', () => {
  expect(besides(item)).toEqual([
    { name: 'prior', bits: -9.97 },
    { name: 'place', bits: 4.2 },
  ]);
  expect([bitsText(6.64), bitsText(-9.97)]).toEqual(['+6.6', '−10.0']);
});
