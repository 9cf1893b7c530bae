/** What is still to be done, and what of it is late. Pure. */
import type { TaskInfo } from '../api/types';

export const TASK_KINDS = ['look', 'watch', 'call', 'search', 'escort', 'inform', 'inspect'] as const;
export const TASK_STATES = ['to_do', 'under_way', 'done', 'dropped'] as const;

export function isOpen({ state }: Pick<TaskInfo, 'state'>): boolean {
  return state === 'to_do' || state === 'under_way';
}

export function isTaskOverdue(task: Pick<TaskInfo, 'state' | 'due'>, nowMs: number): boolean {
  return isOpen(task) && task.due !== null && Date.parse(task.due) < nowMs;
}
