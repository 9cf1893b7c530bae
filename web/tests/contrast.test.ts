import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

/** Contrast after WCAG 2.2: 4.5 to 1 for text (1.4.3), 3 to 1 for signs and the edges of controls (1.4.11). */
const css = readFileSync('src/style/tokens.css', 'utf8');

function block(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  const body = css.slice(start, css.indexOf('}', start));
  return Object.fromEntries([...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, n, v]) => [n, v]));
}

const dark = block(':root');
const light = { ...dark, ...block(":root[data-theme='light']") };
const classes = Object.fromEntries(
  [...css.matchAll(/--(class-[\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
);

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) throw new Error('a colour is missing in tokens.css');
  const [one, two] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((one ?? 0) + 0.05) / ((two ?? 0) + 0.05);
}

const grounds = ['ground', 'surface-1', 'surface-2', 'surface-3', 'accent-soft'];

describe.each([
  ['dark', dark],
  ['light', light],
])('in the %s theme', (_name, colours) => {
  test.each(['text', 'text-2', 'critical-text'])('%s can be read on every surface', (text) => {
    for (const ground of grounds) {
      expect(contrast(colours[text], colours[ground]), ground).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('quiet text and links can be read where they stand', () => {
    for (const ground of ['ground', 'surface-1', 'surface-2']) {
      expect(contrast(colours['text-3'], colours[ground]), ground).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colours.accent, colours[ground]), ground).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(colours['accent-text'], colours.accent)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colours['exercise-text'], colours.exercise)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colours['replay-text'], colours.replay)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['critical', 'serious', 'caution', 'normal', 'standby', 'off', 'line-strong', 'accent'])(
    'the sign %s stands out from every surface that carries it',
    (sign) => {
      for (const ground of ['ground', 'surface-1', 'surface-2', 'surface-3']) {
        expect(contrast(colours[sign], colours[ground]), ground).toBeGreaterThanOrEqual(3);
      }
    },
  );
});

test('every classification can be read in its colour', () => {
  for (const name of ['unmarked', 'unclassified', 'restricted', 'confidential', 'secret', 'unlabelled']) {
    expect(contrast(classes['class-text'], classes[`class-${name}`]), name).toBeGreaterThanOrEqual(4.5);
  }
  expect(contrast(classes['class-text-dark'], classes['class-top-secret'])).toBeGreaterThanOrEqual(4.5);
});
