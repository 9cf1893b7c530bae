/**
 * Which keys mean which shortcut. A shortcut is written as on the screens: `Ctrl+K`, `?`, or two keys one after
 * the other: `G P`. Pure, so that it can be tested without a browser.
 */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** How long the second key of a pair may take, in milliseconds. */
export const PAIR_MS = 1200;
const STEP_MS = 100;

/** A key press as it is written in shortcuts; null for what never is one. */
export function keyName(press: KeyPress): string | null {
  if (press.altKey || ['Control', 'Meta', 'Shift', 'Alt', 'Dead'].includes(press.key)) return null;
  const key = press.key.length === 1 ? press.key.toUpperCase() : press.key;
  return press.ctrlKey || press.metaKey ? `Ctrl+${key}` : key;
}

/** How long a page was free to take a key since the first of a pair: a page that is busy does not count on. */
export interface FreeTime {
  ms: number;
  start(): void;
}

/** It counts in steps, of which one passes however long the page is busy. */
export class CountedFreeTime implements FreeTime {
  ms = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    clearTimeout(this.#timer);
    this.ms = 0;
    const step = () => {
      this.ms += STEP_MS;
      if (this.ms <= PAIR_MS) this.#timer = setTimeout(step, STEP_MS);
    };
    this.#timer = setTimeout(step, STEP_MS);
  }
}

const NOT_COUNTED: FreeTime = { ms: Infinity, start: () => undefined };

export class ShortcutReader {
  #first: string | null = null;
  #at = 0;

  constructor(
    private readonly known: () => Iterable<string>,
    private readonly free: FreeTime = NOT_COUNTED,
  ) {}

  /**
   * Take a key press; return the shortcut that it completes, or null.
   *
   * `typed` is when it was pressed, `now` when it is taken, in milliseconds: a page that is busy takes keys late, and
   * nobody types on before something has answered. So the second key has its time from when the first was taken, and
   * what the page was busy for meanwhile is no part of it.
   */
  take(press: KeyPress, typed: number, now = typed): string | null {
    const name = keyName(press);
    if (name === null) return null;
    const shortcuts = new Set(this.known());
    const isInTime = typed - this.#at <= PAIR_MS || this.free.ms <= PAIR_MS;
    const pair = this.#first !== null && isInTime ? `${this.#first} ${name}` : null;
    this.#first = null;
    if (pair !== null && shortcuts.has(pair)) return pair;
    if (shortcuts.has(name)) return name;
    if ([...shortcuts].some((shortcut) => shortcut.startsWith(`${name} `))) {
      this.#first = name;
      this.#at = now;
      this.free.start();
    }
    return null;
  }
}

/** Whether a shortcut is made of plain characters, which somebody may type by accident or by voice. */
export function isPlain(shortcut: string): boolean {
  return !shortcut.startsWith('Ctrl+');
}
