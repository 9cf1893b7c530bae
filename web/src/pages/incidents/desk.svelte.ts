/** The incidents that a person works through: which are listed, which is open, and saying something of it. */
import { ApiError } from '../../api/errors';
import type { IncidentInfo, LabelIn, Marking, NewSaying, WrittenInfo } from '../../api/types';
import { t, type Key } from '../../i18n/index.svelte';
import { paths } from '../../router/paths';
import { router } from '../../router/router.svelte';
import { api } from '../../session/session.svelte';
import { incidents } from '../../watch/incidents.svelte';
import { seen } from '../../watch/seen.svelte';
import { showOnPicture } from '../../watch/show';
import { news } from './news_filter.svelte';
import { written } from '../../writing/written.svelte';

export type Shown = 'open' | 'over' | 'suppressed';

class Desk {
  /** What the list shows, in its order. */
  listed = $state.raw<readonly IncidentInfo[]>([]);
  /** Id of the incident that somebody chose. */
  chosen = $state<string | null>(null);
  /** Whether those beyond the hour's budget are listed, too. */
  unfolded = $state(false);
  #dialog = $state<'suppress' | 'deadline' | 'assign' | 'close' | null>(null);
  /** What is being written, by incident: another one may be looked at meanwhile. */
  comments = $state<Record<string, string>>({});
  /** Labels that were chosen for what is said, by incident, each with the marking that stood there then. */
  #labels = $state.raw<Readonly<Record<string, { label: LabelIn; before: string }>>>({});
  busy = $state(false);
  failure = $state.raw<unknown>(null);
  /** The open one as it was read last, and when it was last seen to hold. */
  read = $state.raw<{ incident: IncidentInfo; lastUs: number | null } | null>(null);
  /** Of what the open one's map shows. */
  mapMarking = $state.raw<Marking | null>(null);
  #last: Promise<unknown> = Promise.resolve();
  /** The incident that was chosen, and when it had been looked at before. */
  #before = $state.raw<{ id: string; since: string | null } | null>(null);
  /** Rises with what was said here, for what is read of the open incident. */
  version = $state(0);

  /** The chosen one as the list has it, or the first; null where a link led to one that is not listed. */
  get current(): IncidentInfo | null {
    if (this.chosen === null) return this.listed[0] ?? null;
    return this.listed.find(({ incident_id: id }) => id === this.chosen) ?? null;
  }

  get currentId(): string | null {
    return this.chosen ?? this.current?.incident_id ?? null;
  }

  /** RFC 3339: when this person had looked at an incident before they opened it; null: never. */
  lookedBefore(id: string): string | null {
    if (this.#before?.id === id) return this.#before.since;
    return news.opened[id] ?? news.since;
  }

  get dialog() {
    return this.#dialog;
  }

  /** What failed before is not about what is asked now. */
  set dialog(dialog) {
    if (dialog !== null) this.failure = null;
    this.#dialog = dialog;
  }

  /** What was chosen for what is said of an incident; null: the incident's own, as it is once that has changed. */
  labelFor(id: string): LabelIn | null {
    const chosen = this.#labels[id];
    const incident =
      this.read?.incident.incident_id === id
        ? this.read.incident
        : this.listed.find((one) => one.incident_id === id);
    return chosen !== undefined && chosen.before === incident?.marking.text ? chosen.label : null;
  }

  chooseLabel(
    { incident_id: id, marking }: Pick<IncidentInfo, 'incident_id' | 'marking'>,
    label: LabelIn,
  ): void {
    this.#labels = { ...this.#labels, [id]: { label, before: marking.text } };
  }

  choose(incident: IncidentInfo): void {
    const { incident_id: id } = incident;
    this.#before = { id, since: this.lookedBefore(id) };
    this.chosen = id;
    seen.open(incident.incident_id, incident.changed);
    router.replace(paths.incident(incident.incident_id) + location.search);
  }

  /** Open the next one, or the one before. */
  move(by: 1 | -1): void {
    const { current } = this;
    const next = current === null ? this.listed[0] : this.listed[this.listed.indexOf(current) + by];
    if (next !== undefined) this.choose(next);
  }

  /** On the picture, also while it is still being read. */
  show(): void {
    const { read, current } = this;
    if (read?.incident.incident_id === this.currentId) showOnPicture(read.incident, read.lastUs);
    else if (current !== null) showOnPicture(current, null);
  }

  beginComment(): void {
    document.querySelector<HTMLElement>('[data-detail] [name=comment]')?.focus();
  }

  take(): void {
    void this.say({ said: 'take' }, 'incident.did.take');
  }

  judge(useful: boolean): void {
    void this.say({ said: 'judge', useful }, useful ? 'incident.did.useful' : 'incident.did.useless');
  }

  /** Close the open one; a call for help that goes on, or was never heard, is not closed without a reason. */
  askToClose(): void {
    const { current } = this;
    const isCall = current !== null && current.priority;
    if (isCall && !(current.is_over && current.acknowledged)) this.dialog = 'close';
    else void this.close();
  }

  /** It leaves the list of the open ones; the one after it is next. Returns whether the node has it. */
  async close(reason = ''): Promise<boolean> {
    const { current } = this;
    const at = current === null ? -1 : this.listed.indexOf(current);
    const next = this.listed[at + 1] ?? this.listed[at - 1];
    const isListedOpen = current !== null && !current.is_closed;
    const isUnheard = current !== null && current.priority && !current.acknowledged;
    if (isUnheard && !(await this.say({ said: 'acknowledge' }, 'incident.did.acknowledge'))) return false;
    const isSaid = await this.say({ said: 'state', state: 'closed', reason }, 'incident.did.state');
    if (isSaid && isListedOpen && next !== undefined) this.choose(next);
    return isSaid;
  }

  /** Say something of the open incident; returns whether the node has it. */
  async say(saying: NewSaying, done: Key): Promise<boolean> {
    const id = this.currentId;
    return id !== null && this.sayOf(id, saying, done);
  }

  sayOf(id: string, saying: NewSaying, done: Key): Promise<boolean> {
    // That an alarm was heard is told to everybody who hears it.
    const label = saying.said === 'acknowledge' ? null : this.labelFor(id);
    return this.write(`/incidents/${encodeURIComponent(id)}/sayings`, { ...saying, label }, done);
  }

  /** One after the other: no key is lost while the node answers to the one before. */
  write(path: string, body: object, done: Key): Promise<boolean> {
    const said = this.#last.then(() => this.#writeNow(path, body, done));
    this.#last = said;
    return said;
  }

  async #writeNow(path: string, body: object, done: Key): Promise<boolean> {
    this.busy = true;
    this.failure = null;
    let made: WrittenInfo;
    try {
      made = await api.request<WrittenInfo>(path, { method: 'POST', body });
    } catch (error) {
      this.failure = error instanceof ApiError ? error : new ApiError('broken');
      return false;
    } finally {
      this.busy = false; // the next key counts while the list is read
    }
    written.tell(t(done), made.undo, () => void this.again());
    await this.again();
    return true;
  }

  async again(): Promise<void> {
    this.version += 1;
    await incidents.now();
  }
}

export const desk = new Desk();
