/** What has changed of an incident since somebody looked, and why that is theirs to know. Pure. */
import type { IncidentDetail, SayingInfo } from '../api/types';
import type { Key } from '../i18n/index.svelte';

export interface Line {
  key: Key;
  parameters?: Record<string, string>;
}

export interface Reader {
  /** As the owner of an incident is written: `person:anna`. */
  who: string;
  roles: readonly string[];
}

type Texts = (texts: Record<string, string>) => string;

/** Less than that is the same probability, told again. */
const SURER = 0.1;
const SOON_MS = 30 * 60_000;

/** What has changed since a moment, the most telling first; comments are counted, not repeated. */
export function changesOf(
  { found, sayings }: Pick<IncidentDetail, 'found' | 'sayings'>,
  since: string,
  { who }: Reader,
  pick: Texts,
): Line[] {
  const isNew = (moment: string) => Date.parse(moment) > Date.parse(since);
  const lines: Line[] = [];
  for (const alert of found) {
    const [first, last] = [alert.tellings[0], alert.tellings.at(-1)];
    if (first === undefined || last === undefined || !isNew(last.known)) continue;
    const kind = pick(alert.title);
    if (isNew(first.known)) lines.push({ key: 'changed.found', parameters: { kind } });
    if (last.ended) lines.push({ key: 'changed.over', parameters: { kind } });
    const before = alert.tellings.filter(({ known }) => !isNew(known)).at(-1);
    if (before === undefined || last.ended) continue;
    const step = last.probability - before.probability;
    if (Math.abs(step) >= SURER - 1e-9)
      lines.push({ key: step > 0 ? 'changed.surer' : 'changed.less_sure', parameters: { kind } });
  }
  const others = sayings.filter(({ known, by }) => isNew(known) && by !== who);
  const said = (...words: SayingInfo['said'][]) => others.filter((one) => words.includes(one.said));
  const owner = said('take', 'assign').at(-1);
  if (owner !== undefined) {
    const name = owner.said === 'take' ? owner.by : owner.owner;
    lines.push(name === who ? { key: 'changed.yours' } : { key: 'changed.owner', parameters: { who: name } });
  }
  const state = said('state').at(-1);
  if (state?.state != null)
    lines.push({ key: 'changed.state', parameters: { who: state.by, state: state.state } });
  const comments = said('comment').length;
  if (comments > 0) lines.push({ key: 'changed.comments', parameters: { count: String(comments) } });
  return lines;
}

/** Why an incident is this reader's business, by who they are and what they are here for. */
export function mattersTo(
  { incident, found }: Pick<IncidentDetail, 'incident' | 'found'>,
  { who, roles }: Reader,
  nowMs: number,
): Line[] {
  if (incident.is_closed) return [];
  const leads = roles.includes('commander');
  const works = leads || roles.includes('analyst') || roles.includes('planner');
  const isMine = incident.owner === who;
  const lines: Line[] = [];
  if (works && incident.priority && !incident.acknowledged) lines.push({ key: 'matters.unheard' });
  if (isMine) lines.push({ key: 'matters.yours' });
  if (incident.owner === '' && works) lines.push({ key: leads ? 'matters.give' : 'matters.take' });
  if (incident.deadline !== null && (isMine || leads)) {
    const leftMs = Date.parse(incident.deadline) - nowMs;
    if (leftMs < 0) lines.push({ key: 'matters.overdue' });
    else if (leftMs < SOON_MS) lines.push({ key: 'matters.due' });
  }
  if (works && incident.useful === null && found.every(({ end }) => end !== null))
    lines.push({ key: 'matters.judge' });
  return lines;
}
