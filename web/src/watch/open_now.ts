/** What is open when the watch changes hands: what stands beside the form before the line is sent. Pure. */
import type { IncidentInfo, IncidentPage } from '../api/types';

export interface OpenNow {
  /** How many are open, calls for help among them, and how many of those read nobody has taken. */
  open: number;
  calls: number;
  unowned: number;
  /** Open, and not among those that were read. */
  unlisted: number;
  /** Calls for help first; otherwise in the order in which they deserve a look. */
  items: readonly IncidentInfo[];
}

export function openNow({ items, open, priority }: IncidentPage): OpenNow {
  return {
    open,
    calls: priority,
    unowned: items.filter(({ owner }) => owner === '').length,
    unlisted: Math.max(0, open - items.length),
    items: [...items.filter((one) => one.priority), ...items.filter((one) => !one.priority)],
  };
}

/** Whether what was to be done by then is still open. */
export function isOverdue({ deadline }: Pick<IncidentInfo, 'deadline'>, nowMs: number): boolean {
  return deadline !== null && Date.parse(deadline) < nowMs;
}
