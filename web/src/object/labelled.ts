/** What may come under another label: a claim, or one report; and what the node is asked for it. */
import type { ClaimInfo, LabelIn, Marking } from '../api/types';

export type How = 'raise' | 'release' | 'redact';

export interface Labelled {
  /** Its title. */
  what: string;
  marking: Marking;
  ways: readonly How[];
  ask: (how: How, said: Said) => { path: string; body: unknown };
}

export interface Said {
  label: LabelIn;
  reason: string;
  /** Alerts that rest on it are meant to go along. */
  alerts: boolean;
}

export function labelledClaim(claim: ClaimInfo, what: string, ways: readonly How[]): Labelled {
  const claims = [claim.claim_id];
  const ask: Labelled['ask'] = (how, { label, reason, alerts }) =>
    ({
      raise: {
        path: `/claims/${encodeURIComponent(claim.claim_id)}/label`,
        body: { label, reason, alerts },
      },
      release: { path: '/proposals/releases', body: { claims, label, reason } },
      redact: { path: '/proposals/redactions', body: { claims, reason } },
    })[how];
  return { what, marking: claim.marking, ways, ask };
}

/** A report: what a stream says of a thing at one time. It can only be raised. */
export interface Report {
  stream: string;
  identifier: string;
  valid: string;
}

export function labelledReport(report: Report, what: string, marking: Marking): Labelled {
  const { stream, identifier, valid } = report;
  const ask: Labelled['ask'] = (_, said) => ({
    path: '/observations/label',
    body: { stream, identifier, valid, ...said },
  });
  return { what, marking, ways: ['raise'], ask };
}
