import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { dictionary, type Key } from '../src/i18n/dictionary';
import { fill } from '../src/i18n/fill';

const keys = Object.keys(dictionary.en) as Key[];
const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe('the words', () => {
  test('exist in both languages and are never empty', () => {
    expect(Object.keys(dictionary.fr).sort()).toEqual([...keys].sort());
    for (const key of keys) {
      expect(dictionary.en[key].trim(), key).not.toBe('');
      expect(dictionary.fr[key].trim(), key).not.toBe('');
    }
  });

  test('have the same places to fill in both languages', () => {
    for (const key of keys) expect(places(dictionary.fr[key]), key).toEqual(places(dictionary.en[key]));
  });

  test('are all used, and every key that the code names exists', () => {
    const code = sources('src').join('\n');
    const quoted = new Set([...code.matchAll(/'([\w.-]+)'/g)].map(([, key]) => key));
    const isBuilt = built(code);
    const unused = keys.filter((key) => !quoted.has(key) && !isBuilt(key));
    expect(unused).toEqual([]);
  });

  test('keep a place that nobody fills, so that it is seen', () => {
    expect(fill('{count} of {all}', { count: 3 })).toBe('3 of {all}');
  });
});

/** Keys that are put together from a part that varies, wherever that is done: `state.${state}`. */
function built(code: string): (key: string) => boolean {
  const found = code.matchAll(/`([a-z_]+\.[\w.]*)\$\{[^}]+\}([\w.]*)`/g);
  const named = [...found].map(([, before, after]) => [before ?? '', after ?? ''] as const);
  const all = [...named, ['error.', ''] as const];
  return (key) => all.some(([before, after]) => key.startsWith(before) && key.endsWith(after));
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:svelte|ts)$/.test(name) && !name.includes('words'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}
