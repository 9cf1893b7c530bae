import { describe, expect, test } from 'vitest';

import type { RuleForm, RuleReading } from '../../../api/types';
import { addable, joinable, newRow, partsOf, rowsOf, textOf, withRow } from './rule_text';

const title = { en: '', fr: '' };
const shown = title;
const forms: RuleForm[] = [
  {
    name: 'rule',
    template: 'rule {title}',
    title,
    shown,
    once: true,
    joins: false,
    fields: [{ name: 'title', kind: 'text', choices: [] }],
  },
  {
    name: 'speed',
    template: 'speed {side} {value} {unit}',
    title,
    shown,
    once: false,
    joins: true,
    fields: [
      { name: 'side', kind: 'choice', choices: ['below', 'above'] },
      { name: 'value', kind: 'number', choices: [] },
      { name: 'unit', kind: 'choice', choices: ['kn', 'm/s'] },
    ],
  },
  { name: 'lasts', template: 'for ever', title, shown, once: true, joins: false, fields: [] },
];
const byName = new Map(forms.map((form) => [form.name, form]));

describe('the rows of a rule', () => {
  const text = '# by the night watch\nrule Slow\nspeed below 3 kn\n\nfor ever';
  const reading: RuleReading = {
    title: 'Slow',
    problem: null,
    unknown: [],
    lines: [
      { number: 2, form: 'rule', said: { title: 'Slow' }, is_other: false },
      { number: 3, form: 'speed', said: { side: 'below', value: '3', unit: 'kn' }, is_other: false },
      { number: 5, form: 'lasts', said: {}, is_other: false },
    ],
  };

  test('make the text that they came from, comments and empty lines included', () => {
    expect(textOf(rowsOf(text, reading), byName)).toBe(text);
  });

  test('carry what is edited into the text', () => {
    const rows = rowsOf(text, reading);
    const speed = rows.find((row) => row.form === 'speed');
    if (speed !== undefined) speed.said['value'] = ' 5 ';
    expect(textOf(rows, byName)).toContain('speed below 5 kn');
  });

  test('allow once what a rule may have once', () => {
    const names = addable(forms, rowsOf(text, reading)).map(({ name }) => name);
    expect(names).toEqual(['speed']);
  });
});

test('a new row begins with the first of each choice', () => {
  const [, speed] = forms;
  if (speed === undefined) throw new Error('no such form');
  expect(newRow(speed).said).toEqual({ side: 'below', value: '', unit: 'kn' });
});

test('a line shows its words and its gaps in order', () => {
  const [, speed] = forms;
  if (speed === undefined) throw new Error('no such form');
  expect(partsOf(speed.template).map(({ words, gap }) => gap ?? words)).toEqual([
    'speed',
    'side',
    'value',
    'unit',
  ]);
});

describe('lines that are joined by or', () => {
  const text = 'rule Slow\nspeed below 3 kn\nor speed above 20 kn\nfor ever';
  const said = (side: string, value: string) => ({ side, value, unit: 'kn' });
  const reading: RuleReading = {
    title: 'Slow',
    problem: null,
    unknown: [],
    lines: [
      { number: 1, form: 'rule', said: { title: 'Slow' }, is_other: false },
      { number: 2, form: 'speed', said: said('below', '3'), is_other: false },
      { number: 3, form: 'speed', said: said('above', '20'), is_other: true },
      { number: 4, form: 'lasts', said: {}, is_other: false },
    ],
  };

  test('make the text that they came from', () => {
    const rows = rowsOf(text, reading);
    expect(textOf(rows, byName)).toBe(text);
    rows[2]!.isOther = false;
    expect(textOf(rows, byName)).toBe(text.replace('or ', ''));
  });

  test('are added before the line that says for how long', () => {
    const rows = withRow(rowsOf(text, reading), newRow(forms[1]!));
    expect(rows.map(({ form }) => form)).toEqual(['rule', 'speed', 'speed', 'speed', 'lasts']);
    expect(withRow([], newRow(forms[2]!)).length).toBe(1);
  });

  test('follow a line that may be joined, as they may', () => {
    const rows = rowsOf(text, reading);
    expect([...joinable(rows, byName)]).toEqual([rows[2]!.key]);
  });
});
