/** From an incident to the picture: where it is, and when it was. */
import type { IncidentInfo } from '../api/types';
import { microseconds } from '../i18n/format';
import { past } from '../time/past.svelte';
import { workspace } from '../workspace/workspace.svelte';

/** What is over for so long is shown as it was then. */
const LONG_AGO_US = 600e6;

/** @param atUs the moment that tells most of it; null where only its beginning is known. */
export function showOnPicture(incident: IncidentInfo, atUs: number | null): void {
  const { latitude_deg: lat, longitude_deg: lon } = incident;
  const moment = atUs ?? microseconds(incident.start);
  const present = workspace.presentUs;
  const isLongAgo = incident.is_over && moment !== null && present !== null && present - moment > LONG_AGO_US;
  const thing = incident.things.find(({ object_id: id }) => id !== null);
  if (thing?.object_id) workspace.showOnMap(thing.object_id, lon, lat);
  else if (lat !== null && lon !== null) workspace.goTo({ lon, lat });
  if (isLongAgo) past.open(moment, false);
  else if (past.isOn) past.toPresent();
}
