import { expect, test } from 'vitest';

import { isOpen, isTaskOverdue, TASK_STATES } from './tasks';

test('a task is open until it is done or dropped, and late only while it is open', () => {
  expect(TASK_STATES.filter((state) => isOpen({ state }))).toEqual(['to_do', 'under_way']);
  const due = '2026-11-01T12:00:00Z';
  const after = Date.parse(due) + 1;
  expect(isTaskOverdue({ state: 'to_do', due }, after)).toBe(true);
  expect(isTaskOverdue({ state: 'to_do', due }, after - 2)).toBe(false);
  expect(isTaskOverdue({ state: 'done', due }, after)).toBe(false);
  expect(isTaskOverdue({ state: 'to_do', due: null }, after)).toBe(false);
});
