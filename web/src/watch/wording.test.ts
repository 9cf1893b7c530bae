import { describe, expect, test } from 'vitest';

import { figureText, levelOf, likelihoodOf, peopleIn, percent, shownProbability, whoIs } from './wording';

test('people are known by their names, each once, and other streams are no people', () => {
  expect(peopleIn(['person:bo', 'ais', '', 'person:anna', 'person:bo'])).toEqual(['anna', 'bo']);
});

describe('how sure something is', () => {
  test('is a word of the yardstick', () => {
    expect([0.03, 0.15, 0.3, 0.45, 0.65, 0.85, 0.97].map(likelihoodOf)).toEqual([
      'remote',
      'highly_unlikely',
      'unlikely',
      'possible',
      'likely',
      'highly_likely',
      'almost_certain',
    ]);
  });

  test('is never told as 0 or 100 %', () => {
    expect([0, 0.8, 1].map(percent)).toEqual(['1 %', '80 %', '99 %']);
  });
});

test('a figure has the unit that its name ends with', () => {
  const text = (name: string, value: number) => figureText(name, value, 'en');
  expect(text('angle_deg', 41.6)).toBe('42°');
  expect(text('expected_lat_deg', 57.12345)).toBe('57.1235°');
  expect(text('other_longitude_deg', 18.12345)).toBe('18.1235°');
  expect(text('speed_mps', 1)).toBe('1.9 kn · 1.0 m/s');
  expect(text('distance_m', 3148)).toBe('1.70 NM');
  expect(figureText('distance_m', 3148, 'fr')).toBe('1,70 M');
  expect(text('off_line_m', 420)).toBe('420 m');
  expect(text('range_off_m', -1852)).toBe('-1.00 NM');
  expect(text('altitude_m', 9100)).toBe('9,100 m');
  expect(text('draught_m', 8.2)).toBe('8.2 m');
  expect(text('least_depth_m', -1)).toBe('-1.0 m');
  expect(text('silent_s', 4000)).toBe('1 h 06 min');
  expect(text('late_s', -1500)).toBe('-25 min');
  expect(text('turn_off_deg', 0.304)).toBe('0.30°');
  expect(text('clock_off_std_s', 0.36)).toBe('0.4 s');
  expect(text('heard_around', 12)).toBe('12');
});

test('a person goes by the name they sign in with', () => {
  expect([whoIs('person:carl'), whoIs('api:bridge')]).toEqual(['carl', 'api:bridge']);
});

const byJudgement = (probability: number) => ({
  probability,
  useful: 3,
  useless: 7,
  marking: { text: 'ALLIAGE UNCLASSIFIED', classification: 'UNCLASSIFIED' },
});

test('what people judged goes before what a detector says of itself', () => {
  expect(shownProbability({ probability: 0.9, calibrated: null })).toBe(0.9);
  expect(shownProbability({ probability: 0.9, calibrated: byJudgement(0.4) })).toBe(0.4);
});

test('a call for help asks the loudest, what is worked on and what is over ask least', () => {
  const one = {
    priority: false,
    probability: 0.9,
    calibrated: null,
    is_closed: false,
    state: 'new',
  } as const;
  expect(levelOf({ ...one, priority: true })).toBe('critical');
  expect(levelOf(one)).toBe('serious');
  expect(levelOf({ ...one, probability: 0.6 })).toBe('caution');
  expect(levelOf({ ...one, calibrated: byJudgement(0.5) })).toBe('caution');
  expect(levelOf({ ...one, state: 'investigating' })).toBe('standby');
  expect(levelOf({ ...one, priority: true, is_closed: true })).toBe('off');
});
