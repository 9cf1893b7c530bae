import { expect, test } from 'vitest';

import type { SearchHit } from '../api/types';
import { corridorOf, isPlan, NO_PLAN, readPlan } from './plan';

const follower = { id: 'a'.repeat(32), title: 'FRIO' } as SearchHit;

test('who follows a route, its corridor and its times become properties', () => {
  const form = {
    corridor: '0,5',
    followers: [follower],
    times: ['2026-11-27 12:00', '', '2026-11-27 13:30'],
  };
  expect(readPlan(form, 3)).toEqual({
    properties: {
      followed_by: [follower.id],
      corridor_m: 926,
      passes_at: '1 2026-11-27T12:00:00Z; 3 2026-11-27T13:30:00Z',
    },
  });
  expect(readPlan(NO_PLAN, 3)).toEqual({ properties: {} });
});

test('a time of a corner that was taken away is not told', () => {
  const form = { ...NO_PLAN, times: ['2026-11-27 12:00', '2026-11-27 13:00'] };
  expect(readPlan(form, 1)).toEqual({ properties: { passes_at: '1 2026-11-27T12:00:00Z' } });
});

test('what cannot be is said before it is sent', () => {
  expect(readPlan({ ...NO_PLAN, corridor: 'wide' }, 2)).toEqual({ wrong: { what: 'corridor' } });
  expect(readPlan({ ...NO_PLAN, corridor: '0' }, 2)).toEqual({ wrong: { what: 'corridor' } });
});

test('a time that cannot be is told with its corner', () => {
  const read = (...times: string[]) => readPlan({ ...NO_PLAN, times }, 3);
  expect(read('', 'noon')).toEqual({ wrong: { what: 'time', corner: 2 } });
  expect(read('2026-11-27 12:00', '', '2026-11-27 11:00')).toEqual({
    wrong: { what: 'order', corner: 3, before: 1 },
  });
});

test('the corridor is as wide as was typed so far, and as usual where nothing was', () => {
  expect(['', '1', '1,', '1,5'].map(corridorOf)).toEqual([1852, 1852, 1852, 2778]);
  expect(['0', '0.', 'x', '101'].map(corridorOf)).toEqual([null, null, null, null]);
  expect([NO_PLAN, { ...NO_PLAN, times: ['', '12:00'] }].map(isPlan)).toEqual([false, true]);
});
