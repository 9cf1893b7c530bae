/** Times as a form's fields hold them: typed text in UTC, `2026-11-27 19:30`, the same in every browser. */
import { readTime } from '../object/property_input';

/** What a field holds as RFC 3339: a time, or a date for its beginning; null where it holds none. */
export function momentOf(field: string): string | null {
  const typed = field.trim();
  const read = readTime(/^\d{4}-\d\d-\d\d$/.test(typed) ? `${typed} 00:00` : typed);
  return 'wrong' in read ? null : read.value;
}

/** Whether something is typed that is no time. */
export function isWrong(field: string): boolean {
  return field.trim() !== '' && momentOf(field) === null;
}

/** A moment as a field holds it, to the minute. */
export function fieldOf(us: number): string {
  return new Date(us / 1000).toISOString().slice(0, 16).replace('T', ' ');
}
