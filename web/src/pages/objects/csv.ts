/** The table as a file: comma separated values (RFC 4180) under the marking of all its rows. */
import type { Marking } from '../../api/types';
import type { Row } from './rows';

/** Column name to what a row has there; SI units and degrees, times after RFC 3339. */
const FIELDS: Record<string, (track: Row) => string | number | null> = {
  track_id: (track) => track.track_id,
  name: (track) => track.name,
  identifier: (track) => track.identifier,
  schema: (track) => track.schema,
  // Something that lies still has no state of its own: it lies there since.
  state: (track) => (track.since === null ? track.state : null),
  in_place_since: (track) => track.since,
  latitude_deg: (track) => track.position?.lat ?? null,
  longitude_deg: (track) => track.position?.lon ?? null,
  position_std_m: (track) => track.std_m,
  speed_mps: (track) => track.speed_mps,
  course_deg: (track) => track.course_deg,
  heading_deg: (track) => track.heading_deg,
  altitude_m: (track) => track.altitude_m,
  valid: (track) => track.valid,
  heard: (track) => track.heard,
  sources: (track) => track.sources.join(' '),
  marking: (track) => track.marking.text,
};

/** The first line is a comment with the marking: a file leaves the screen, and its banner goes with it. */
export function toCsv(tracks: readonly Row[], marking: Marking | null, sign: string): string {
  const names = Object.keys(FIELDS);
  const head = `# ${[sign, marking?.text ?? ''].filter(Boolean).join(' / ')}`;
  const rows = tracks.map((track) => names.map((name) => field(FIELDS[name]!(track))).join(','));
  return [head, names.join(','), ...rows, ''].join('\r\n');
}

function field(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // A spreadsheet would run what begins like a formula, and names come from strangers' radios.
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
