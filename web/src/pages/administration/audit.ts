/** The audit's filter, and how what it says is shown in a dense table. */

import type { AuditInfo, RightsThen } from '../../api/types';
import { number } from '../../i18n/format';
import { isKey, language, t } from '../../i18n/index.svelte';
import { roleText } from './decisions';

/** First words of acts, with the key of their name. */
export const ACTS = {
  claim: 'audit.claim',
  object: 'audit.object',
  objects: 'audit.objects',
  label: 'audit.label',
  release: 'audit.release',
  redaction: 'audit.redaction',
  proposal: 'audit.proposal',
  session: 'audit.session',
  account: 'audit.account',
  token: 'audit.token',
  data: 'audit.data',
  node: 'audit.node.acts',
  source: 'audit.source',
  policy: 'audit.policy',
  audit: 'audit.audit',
} as const;

/** An act in words; its code where a newer node has one that is not known here. */
export function actText(act: string): string {
  const key = `act.${act}`;
  return isKey(key) ? t(key) : act;
}

const HEX = /^[0-9a-f]{32}$/;

/** The first of several ids, random ones by their beginning, and how many more there are. */
export function shortened(ids: readonly string[]): string {
  const [first] = ids;
  if (first === undefined) return '';
  const name = HEX.test(first) ? `${first.slice(0, 8)}…` : first;
  return ids.length === 1 ? name : `${name} +${ids.length - 1}`;
}

/** Somebody's rights in one line; what they do not have is left out. */
export function rightsLine(rights: RightsThen): string {
  const parts = [rights.nation, rights.clearance, ...rights.roles.map(roleText), ...rights.communities];
  return [...parts, rights.purpose].filter((part) => part !== '').join(' · ');
}

/** One part of a version, as text; nothing for what was not there. */
export function partText(part: unknown): string {
  if (part === null || part === undefined) return '–';
  return typeof part === 'string' ? part : JSON.stringify(part);
}

/** Of what left the node as a file: what, in which format, how much of it, bound or not, and seen as whom. */
export function exportedText({ details }: Pick<AuditInfo, 'details'>): string {
  const { what, format, rows, see_as: seenAs, bind, sha384, read_as: readAs } = details;
  if (typeof rows !== 'number') return '';
  const key = `export.what.${String(what)}`;
  const parts = [
    isKey(key) ? t(key) : '',
    typeof format === 'string' ? format.toUpperCase() : '',
    t('audit.rows', { count: number(rows, language()) }),
    typeof bind === 'string' && sha384 !== undefined ? t('audit.bound') : '',
    typeof readAs === 'string' ? t('audit.read_as', { user: readAs }) : '',
    typeof seenAs === 'string' ? t('audit.seen_as', { reader: seenAs }) : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
