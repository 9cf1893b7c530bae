/** Failures of a request, as one type, whatever went wrong. */
import type { Key } from '../i18n/dictionary';

export type ErrorKind =
  | 'offline'
  | 'timeout'
  | 'timeout_of_change'
  | 'signed_out'
  | 'forbidden'
  | 'not_found'
  | 'not_kept'
  | 'conflict'
  | 'invalid'
  | 'too_many'
  | 'unavailable'
  | 'internal'
  | 'broken';

/** One field that the node refused. */
export interface FieldError {
  field: string;
  message: string;
  /** The same in the words of the screens, where they have some for it. */
  code?: string | null;
  /** Of the label that those words are about. */
  marking?: string | null;
}

/** Problem details after RFC 9457, as the node sends them. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  errors?: FieldError[];
}

export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly kind: ErrorKind,
    readonly problem: Problem | null = null,
    readonly retryAfterS: number | null = null,
  ) {
    super(problem?.detail ?? kind);
  }

  /** Whether the node said this kind of problem (`sign-in-refused`). */
  is(problemKind: string): boolean {
    return this.problem?.type === `urn:alliage:problem:${problemKind}`;
  }
}

const KIND_OF_STATUS: Readonly<Record<number, ErrorKind>> = {
  400: 'invalid',
  401: 'signed_out',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  410: 'not_kept',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
  429: 'too_many',
  502: 'unavailable',
  503: 'unavailable',
};

const SAFE = new Set(['GET', 'HEAD']);

/** Whether a request of this method only reads: nothing is changed by it, answered or not. */
export function onlyReads(method: string): boolean {
  return SAFE.has(method);
}

/** No answer in time: what was only read was changed by nobody; of a change nobody knows. */
export function late(method: string): ErrorKind {
  return onlyReads(method) ? 'timeout' : 'timeout_of_change';
}

export function kindOfStatus(status: number, method = 'GET'): ErrorKind {
  if (status === 504) return late(method);
  return KIND_OF_STATUS[status] ?? (status >= 500 ? 'internal' : 'broken');
}

/** Whether the node refused this field of what was sent. */
export function refuses(error: unknown, field: string): boolean {
  const errors = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
  return errors.some((one) => one.field === `body.${field}`);
}

/** What the screen says about a failure: the two sentences, their parameters and the refused fields. */
export interface Explanation {
  what: Key;
  /** None where the refusals say it themselves. */
  todo: Key | null;
  parameters: Record<string, string | number>;
  /** The node's own sentence, in English, where it adds something. */
  detail: string | null;
  fields: readonly FieldError[];
  /** What the node refused, in words of the screens. */
  refusals: readonly { key: Key; marking: string | null }[];
}

const REFUSALS = {
  ship_unknown: 'refusal.ship_unknown',
  ship_unfit: 'refusal.ship_unfit',
  no_ship_fits: 'refusal.no_ship_fits',
  time_out_of_reach: 'refusal.time_out_of_reach',
  nation_unknown: 'refusal.nation_unknown',
  corner_missing: 'refusal.corner_missing',
  corner_timed: 'refusal.corner_timed',
  follower_unknown: 'refusal.follower_unknown',
  follower_unfit: 'refusal.follower_unfit',
  line_nowhere: 'refusal.line_nowhere',
  label_lower: 'refusal.label_lower',
  label_unreadable: 'refusal.label_unreadable',
} as const satisfies Record<string, Key>;

export function refusal(code: string | null | undefined): Key | null {
  return code != null && code in REFUSALS ? REFUSALS[code as keyof typeof REFUSALS] : null;
}

export function explain(error: unknown): Explanation {
  const failure = error instanceof ApiError ? error : new ApiError('broken');
  const problem = failure.problem;
  const tells = ['conflict', 'forbidden', 'invalid', 'unavailable'].includes(failure.kind);
  const errors = problem?.errors ?? [];
  const refusals = errors.flatMap(({ code, marking = null }) => {
    const key = refusal(code);
    return key === null ? [] : [{ key, marking }];
  });
  const fields = errors.filter((one) => refusal(one.code) === null);
  const saysAll = refusals.length > 0 && fields.length === 0;
  return {
    what: failure.is('label-refused') ? 'error.label_refused.what' : `error.${failure.kind}.what`,
    todo: saysAll ? null : `error.${failure.kind}.do`,
    parameters: {
      seconds: failure.retryAfterS ?? 10,
      request: problem?.instance?.split(':').at(-1) ?? '?',
    },
    detail: tells && !saysAll ? (problem?.detail ?? null) : null,
    fields,
    refusals,
  };
}
