/** Looking back: the one place from which the bar, the commands and the address move the picture's time. */
import type { NotKept } from '../api/types';
import { workspace } from '../workspace/workspace.svelte';

export const PACES = [1, 2, 5, 10, 30, 60, 120, 300] as const;
const STORED = 'alliage.pace';
/** With this little left to the present there is nothing to look back to. */
const NEAR_US = 2e6;

class Past {
  #pace = $state(storedPace());
  /** Whether the past is shown as it was known then, not with what came later. */
  asKnownThen = $state(false);

  /** The first moment that is kept, as far as the time bar has read it. */
  earliestUs = $state<number | null>(null);

  /** Whether another time than the present is shown. */
  get isOn(): boolean {
    return workspace.client.past !== null;
  }

  get isPlaying(): boolean {
    return (workspace.client.past?.pace ?? 0) > 0;
  }

  /** The pace that play means. */
  get pace(): number {
    return this.#pace;
  }

  /** The time that is shown, in microseconds; null before the picture has one. */
  get atUs(): number | null {
    return workspace.clock?.us ?? null;
  }

  /** Streams of which some of the time that is shown is no longer kept. */
  get notKept(): NotKept[] {
    const before = this.isOn ? (workspace.client.store.past?.not_kept ?? {}) : {};
    return Object.entries(before).map(([stream, us]) => ({
      stream,
      before: new Date(us / 1000).toISOString(),
      since: null,
      why: 'not kept',
    }));
  }

  /** Whether a time is shown of which nothing is kept. */
  get isBeforeAll(): boolean {
    const { atUs, earliestUs } = this;
    return this.isOn && workspace.isPast && atUs !== null && earliestUs !== null && atUs < earliestUs;
  }

  /** Show another moment; what was playing plays on from there. From the present it begins to play. */
  goTo(us: number): void {
    const present = workspace.presentUs;
    if (present !== null && us >= present - NEAR_US) return this.toPresent();
    this.#show(us, this.isOn && !this.isPlaying ? 0 : this.#pace);
  }

  step(seconds: number): void {
    if (this.atUs !== null) this.goTo(this.atUs + seconds * 1e6);
  }

  toPresent(): void {
    workspace.client.lookBack(null);
  }

  /** Stand still, or go on. In the present it stands at the moment that is shown. */
  togglePlay(): void {
    if (this.atUs !== null) this.#show(this.atUs, this.isOn && !this.isPlaying ? this.#pace : 0);
  }

  setPace(pace: number): void {
    this.#pace = pace;
    localStorage.setItem(STORED, String(pace));
    if (this.isPlaying && this.atUs !== null) this.#show(this.atUs, pace);
  }

  /** A pasted address names a moment: show it and stand there. */
  open(us: number, asKnownThen: boolean): void {
    this.asKnownThen = asKnownThen;
    this.#show(us, 0);
  }

  /** Show the same time under the other knowledge. */
  toggleKnown(): void {
    this.asKnownThen = !this.asKnownThen;
    const { past } = workspace.client;
    if (past !== null && this.atUs !== null) this.#show(this.atUs, past.pace);
  }

  #show(us: number, pace: number): void {
    workspace.client.lookBack({ atUs: us, pace, known: this.asKnownThen ? 'then' : 'now' });
  }
}

function storedPace(): number {
  const stored = Number(localStorage.getItem(STORED));
  return PACES.find((pace) => pace === stored) ?? 10;
}

export const past = new Past();
