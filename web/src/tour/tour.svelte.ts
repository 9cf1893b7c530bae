/** A tour of the Picture page: which card is shown, and who has seen it in this browser. */
import { router } from '../router/router.svelte';
import { session } from '../session/session.svelte';
import { workspace } from '../workspace/workspace.svelte';
import { boxOf, STEPS, type Step } from './steps';

const STORED = 'alliage.tour_seen';
/** Who follows a link to one of these wants to see that, and a wall has nobody who reads cards. */
const NAMED = ['track', 'time', 'at', 'at2', 'wall'];

class Tour {
  /** Asked for, and shown as soon as the map is there. */
  wanted = $state(false);
  #steps = $state.raw<readonly Step[]>([]);
  #at = $state(0);
  #offered = false;

  get step(): Step | null {
    return this.#steps[this.#at] ?? null;
  }

  /** Which of how many, counted from one. */
  get number(): number {
    return this.#at + 1;
  }

  get count(): number {
    return this.#steps.length;
  }

  /** On arrival at the picture. Asked once, before the map writes its place into the address. */
  offer(): void {
    if (this.#offered) return;
    this.#offered = true;
    const user = session.info?.user;
    if (user === undefined || seenBy().includes(user)) return;
    this.wanted = !NAMED.some((name) => router.query.has(name));
  }

  /** Somebody asked for it, on whatever page. */
  start(): void {
    this.#offered = true;
    if (router.route.page !== 'picture') router.go(workspace.pictureAddress);
    if (workspace.wall) workspace.setWall(false);
    this.wanted = true;
  }

  /** Show the first card. From now on it has been seen: who reloads the page is not asked again. */
  begin(): void {
    this.wanted = false;
    this.#steps = STEPS.filter((step) => boxOf(step.of) !== null);
    this.#at = 0;
    const user = session.info?.user;
    const seen = seenBy();
    if (user === undefined || seen.includes(user)) return;
    localStorage.setItem(STORED, JSON.stringify([...seen, user]));
  }

  next(): void {
    this.#go(1);
  }

  back(): void {
    this.#go(-1);
  }

  end(): void {
    this.wanted = false;
    this.#steps = [];
  }

  /** To the nearest step whose thing is on the screen still: a window may have become narrow meanwhile. */
  #go(by: 1 | -1): void {
    let at = this.#at + by;
    while (this.#steps[at] !== undefined && boxOf(this.#steps[at]!.of) === null) at += by;
    if (at >= this.#steps.length) this.end();
    else if (at >= 0) this.#at = at;
  }
}

/** Names of the users who have seen it. */
function seenBy(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]');
    return Array.isArray(kept) ? kept.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

export const tour = new Tour();
