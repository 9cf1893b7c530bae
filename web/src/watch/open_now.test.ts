import { expect, test } from 'vitest';

import type { IncidentInfo, IncidentPage } from '../api/types';
import { isOverdue, openNow } from './open_now';

function page(items: Partial<IncidentInfo>[], more: Partial<IncidentPage> = {}): IncidentPage {
  const whole = items.map((one) => ({ owner: '', priority: false, ...one }) as IncidentInfo);
  const calls = whole.filter(({ priority }) => priority).length;
  return { items: whole, open: items.length, priority: calls, ...more } as IncidentPage;
}

test('calls for help come first, and the others keep their order', () => {
  const { items, calls } = openNow(
    page([
      { incident_id: 'a' },
      { incident_id: 'b', priority: true },
      { incident_id: 'c' },
      { incident_id: 'd', priority: true },
    ]),
  );
  expect(items.map(({ incident_id: id }) => id)).toEqual(['b', 'd', 'a', 'c']);
  expect(calls).toBe(2);
});

test('what nobody has taken is counted', () => {
  const now = openNow(page([{ owner: 'person:anna' }, {}, { priority: true }]));
  expect([now.open, now.unowned, now.unlisted]).toEqual([3, 2, 0]);
});

test('nothing open is nothing', () => {
  expect(openNow(page([]))).toEqual({ open: 0, calls: 0, unowned: 0, unlisted: 0, items: [] });
});

test('more may be open than were read', () => {
  expect(openNow(page([{}], { open: 7 })).unlisted).toBe(6);
});

test('a deadline passes', () => {
  const noon = Date.parse('2026-01-01T12:00:00Z');
  expect(isOverdue({ deadline: '2026-01-01T11:59:00Z' }, noon)).toBe(true);
  expect(isOverdue({ deadline: '2026-01-01T12:01:00Z' }, noon)).toBe(false);
  expect(isOverdue({ deadline: null }, noon)).toBe(false);
});
