/** Of which time an incident's map shows where its things were. Pure. */
import type { EvidenceInfo, IncidentDetail } from '../api/types';
import { microseconds } from '../i18n/format';

const BEFORE_US = 20 * 60e6;
const AFTER_US = 60e6;
const LONGEST_US = 12 * 3600e6;

/** When the reports among the evidence are of; a claim may hold since long before, or later. */
export function reportTimes(evidence: EvidenceInfo[]): string[] {
  return evidence.filter(({ property }) => property === null).map(({ valid }) => valid);
}

/**
 * @param presentUs the picture's time; what goes on is shown until then.
 * @returns microseconds, or null where nothing says when it was.
 */
export function spanOf(
  { incident, found }: Pick<IncidentDetail, 'incident' | 'found'>,
  presentUs: number | null,
): { fromUs: number; toUs: number } | null {
  const startUs = microseconds(incident.start);
  if (startUs === null) return null;
  const seen = found.flatMap(({ end, evidence }) => [end, ...reportTimes(evidence)]);
  const times = seen.map(microseconds).filter((us) => us !== null);
  const lastUs = Math.max(startUs, ...times, ...(incident.is_over || presentUs === null ? [] : [presentUs]));
  const toUs = lastUs + AFTER_US;
  return { fromUs: Math.max(startUs - BEFORE_US, toUs - LONGEST_US), toUs };
}
