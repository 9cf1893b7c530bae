/** The rule that is being written: its rows, its text, and what the node says of it. */
import { ApiError } from '../../../api/errors';
import type { RuleForm, RuleInfo, RuleReading, WrittenInfo } from '../../../api/types';
import { t } from '../../../i18n/index.svelte';
import { features } from '../../../features/features.svelte';
import { api } from '../../../session/session.svelte';
import { written } from '../../../writing/written.svelte';
import type { LabelIn } from '../../../api/types';
import { newRow, rowsOf, textOf, type Row } from './rule_text';

const WAIT_MS = 250;
const FIRST: readonly string[] = ['rule', 'speed', 'lasts'];

class Draft {
  forms = $state.raw<readonly RuleForm[]>([]);
  /** The rule that is changed; null: a new one, or none at all. */
  rule = $state.raw<RuleInfo | null>(null);
  isOpen = $state(false);
  rows = $state<Row[]>([]);
  /** Its text, where that is what is edited. */
  text = $state('');
  asText = $state(false);
  on = $state(true);
  reason = $state('');
  problem = $state.raw<RuleReading['problem']>(null);
  /** Names of areas and such that nobody knows. */
  unknown = $state.raw<readonly string[]>([]);
  failure = $state.raw<unknown>(null);
  /** Of how many things it holds now, where the node asks whether it may; null: nothing is asked. */
  flood = $state.raw<string | null>(null);
  saving = $state(false);
  /** Rises when a rule was kept. */
  version = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  get byName(): ReadonlyMap<string, RuleForm> {
    return new Map(this.forms.map((form) => [form.name, form]));
  }

  /** What would be kept. */
  get whole(): string {
    return this.asText ? this.text : textOf(this.rows, this.byName);
  }

  begin(): void {
    this.#clear(null);
    this.rows = FIRST.flatMap((name) => {
      const form = this.byName.get(name);
      return form === undefined ? [] : [newRow(form)];
    });
    this.read();
  }

  /** Begins with a rule that looks near something, as an example of what can be said. */
  async beginNear(place: string): Promise<void> {
    this.#clear(null);
    const text = [
      `rule ${t('rules.example.title', { place })}`,
      'about Vessel',
      'speed below 3 kn',
      `within 2 nm of ${place}`,
      'for 10 min',
    ].join('\n');
    const reading = await this.#read(text);
    if (reading !== null) this.take(text, reading);
  }

  open(rule: RuleInfo): void {
    this.#clear(rule);
    this.on = rule.on;
    this.take(rule.text, rule.reading);
  }

  /** Goes on with another text, such as that of an earlier version. */
  take(text: string, reading: RuleReading): void {
    this.text = text;
    this.problem = reading.problem;
    this.unknown = reading.unknown;
    this.asText = reading.problem !== null;
    this.rows = rowsOf(text, reading);
  }

  close(): void {
    this.#clear(null);
    this.isOpen = false;
  }

  async showText(shown: boolean): Promise<void> {
    if (shown) {
      this.text = this.whole;
      this.asText = true;
      return;
    }
    const reading = await this.#read(this.text);
    if (reading === null || reading.problem !== null) return;
    this.rows = rowsOf(this.text, reading);
    this.asText = false;
  }

  /** Has the node say, soon, what is wrong with what stands there now. */
  read(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(this.whole), WAIT_MS);
  }

  /** @param floods whether somebody was asked about a rule that holds of much at once, and said yes. */
  async keep(label: LabelIn | null, gone = false, floods = false): Promise<boolean> {
    this.saving = true;
    this.failure = this.flood = null;
    const { rule } = this;
    const path = rule === null ? '/watch/rules' : `/watch/rules/${encodeURIComponent(rule.rule_id)}/versions`;
    try {
      const body = {
        text: this.whole,
        on: this.on,
        gone,
        reason: this.reason.trim(),
        label,
        opened: this.#named,
        floods,
      };
      const made = await api.request<WrittenInfo>(path, { method: 'POST', body });
      written.tell(t(gone ? 'rules.did.gone' : 'rules.did.kept'), made.undo, () => (this.version += 1));
      this.version += 1;
      this.close();
      return true;
    } catch (error) {
      const failure = error instanceof ApiError ? error : new ApiError('broken');
      const asked = failure.problem?.errors?.find(({ field }) => field === 'body.floods');
      this.flood = asked === undefined ? null : (/\d+/.exec(asked.message)?.[0] ?? '');
      if (this.flood === null) this.failure = failure;
      return false;
    } finally {
      this.saving = false;
    }
  }

  /** Ids of the areas and cables that it names: its label is never lower than theirs. */
  get #named(): string[] {
    const text = this.whole.toLowerCase();
    const named = features.items.filter(({ properties: { name } }) => {
      return name != null && text.includes(name.toLowerCase());
    });
    return named.map(({ id }) => id).slice(0, 100);
  }

  async #read(text: string): Promise<RuleReading | null> {
    const asked = (this.#asked += 1);
    try {
      const body = { text };
      const reading = await api.request<RuleReading>('/watch/rules/reading', { method: 'POST', body });
      if (asked === this.#asked) [this.problem, this.unknown] = [reading.problem, reading.unknown];
      this.failure = null;
      return reading;
    } catch (error) {
      this.failure = error instanceof ApiError ? error : new ApiError('broken');
      return null;
    }
  }

  #clear(rule: RuleInfo | null): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
    [this.rule, this.isOpen, this.rows, this.text, this.asText] = [rule, true, [], '', false];
    [this.on, this.reason, this.problem, this.unknown, this.failure] = [true, '', null, [], null];
    this.flood = null;
  }
}

export const draft = new Draft();
