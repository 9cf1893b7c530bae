/** What is new or has changed since somebody looked; pure. */
import type { IncidentInfo } from '../api/types';

export type News = 'new' | 'changed' | null;

/** When what stood there was opened by this browser, by incident: what one has read oneself is no news. */
export type Opened = Readonly<Record<string, string>>;

const KEPT = 300;

/** @param since RFC 3339, or null: nobody has looked yet, and everything is new. */
export function newsOf(
  incident: Pick<IncidentInfo, 'incident_id' | 'begun' | 'changed'>,
  since: string | null,
  opened: Opened,
): News {
  const after = (moment: string, other: string) => Date.parse(moment) > Date.parse(other);
  const read = opened[incident.incident_id];
  if (read !== undefined && !after(incident.changed, read)) return null;
  if (read === undefined && (since === null || after(incident.begun, since))) return 'new';
  return since === null || after(incident.changed, since) ? 'changed' : null;
}

/** With one more that was opened; the oldest are forgotten. */
export function openedWith(opened: Opened, id: string, changed: string): Opened {
  const others = Object.entries(opened).filter(([one]) => one !== id);
  return Object.fromEntries([...others.slice(-(KEPT - 1)), [id, changed]]);
}
