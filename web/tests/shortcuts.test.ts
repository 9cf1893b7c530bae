import { describe, expect, test, vi } from 'vitest';

import { EarlyKeys } from '../src/commands/early';
import { CountedFreeTime, isPlain, PAIR_MS, ShortcutReader } from '../src/commands/shortcuts';
import { fits } from '../src/frame/fits';

const press = (key: string, more: { ctrlKey?: boolean; altKey?: boolean } = {}) => ({
  key,
  ctrlKey: more.ctrlKey ?? false,
  metaKey: false,
  altKey: more.altKey ?? false,
});
const reader = () => new ShortcutReader(() => ['Ctrl+K', '?', 'G P', 'G S', 'Escape']);

describe('shortcuts', () => {
  test('are read as one key, a key with Ctrl, or two keys in a row', () => {
    const keys = reader();
    expect(keys.take(press('?'), 0)).toBe('?');
    expect(keys.take(press('k', { ctrlKey: true }), 10)).toBe('Ctrl+K');
    expect(keys.take(press('g'), 20)).toBeNull();
    expect(keys.take(press('s'), 30)).toBe('G S');
  });

  test('a pair that takes too long is none', () => {
    const keys = reader();
    keys.take(press('g'), 0);
    expect(keys.take(press('p'), PAIR_MS + 1)).toBeNull();
  });

  test('a page that was busy takes the second key of a pair from when it took the first', () => {
    const keys = reader();
    expect(keys.take(press('g'), 0, 4000)).toBeNull();
    expect(keys.take(press('p'), 4000 + PAIR_MS, 6000)).toBe('G P');
    keys.take(press('g'), 7000, 9000);
    expect(keys.take(press('p'), 9001 + PAIR_MS)).toBeNull();
  });

  test('a page that is busy between the keys of a pair does not part them', () => {
    const free = { ms: Infinity, start: () => undefined };
    const keys = new ShortcutReader(() => ['G P'], free);
    keys.take(press('g'), 0);
    free.ms = 100;
    expect(keys.take(press('p'), 3000)).toBe('G P');
    keys.take(press('g'), 4000);
    free.ms = PAIR_MS + 100;
    expect(keys.take(press('p'), 7000)).toBeNull();
  });

  test('the time in which a page is free is counted anew from the first key', () => {
    vi.useFakeTimers();
    const free = new CountedFreeTime();
    free.start();
    vi.advanceTimersByTime(500);
    expect(free.ms).toBe(500);
    free.start();
    expect(free.ms).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(free.ms).toBeGreaterThan(PAIR_MS);
    vi.useRealTimers();
  });

  test('are kept while nobody takes them yet, and handed over once', () => {
    const target = new EventTarget();
    const type = (key: string) => target.dispatchEvent(Object.assign(new Event('keydown'), press(key)));
    const early = new EarlyKeys(target as Window, () => false);
    [...'unwantedgs'].forEach(type);
    const keys = reader();
    const found = early.end().map((one) => keys.take(one, one.timeStamp));
    expect(found).toEqual([...Array(7).fill(null), 'G S']);
    type('g');
    expect(early.end()).toEqual([]);
  });

  test('a key between the two breaks the pair', () => {
    const keys = reader();
    keys.take(press('g'), 0);
    keys.take(press('x'), 10);
    expect(keys.take(press('p'), 20)).toBeNull();
  });

  test('keys with Alt and lone modifiers are left alone', () => {
    const keys = reader();
    expect(keys.take(press('?', { altKey: true }), 0)).toBeNull();
    keys.take(press('g'), 10);
    keys.take(press('Shift'), 20);
    expect(keys.take(press('P'), 30)).toBe('G P');
  });

  test('those of plain characters can be told from the others', () => {
    expect(isPlain('G P')).toBe(true);
    expect(isPlain('Ctrl+K')).toBe(false);
  });
});

describe('typed words', () => {
  test('find a title without regard to case, accents and order', () => {
    expect(fits('Montrer les étiquettes', 'ETIQ mon')).toBe(true);
    expect(fits('Sources', 'objects')).toBe(false);
    expect(fits('Sources', '')).toBe(true);
  });
});
