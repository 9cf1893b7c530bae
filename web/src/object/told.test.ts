import { expect, test } from 'vitest';

import { writePosition } from '../position/format';
import { stateText } from './told';

const said = (name: string, value: string | number | boolean | null) =>
  stateText(name, value, (place) => writePosition(place, 'minutes'));

test('what is told of a state stands in the units and forms of the panel', () => {
  expect(said('state', 'live')).toBe('Live');
  expect(said('std_m', 12.899999618530273)).toBe('32 m');
  expect(said('speed_mps', 10.288888931274414)).toBe('20.0 kn · 10.3 m/s');
  expect(said('course_deg', 45.29999923706055)).toBe('045°');
  expect(said('position', '55.30000, -12.30000')).toBe("55°18.000'N 012°18.000'W");
  expect(said('recorded', '2013-11-12T12:03:42.121000Z')).toBe('2013-11-12 12:03:42Z');
  expect(said('combined', 0)).toBe('the latest report alone');
  expect(said('combined', 3)).toBe('3');
});

test('what is no field of the state is left to the words of its kind', () => {
  expect(said('destination', '55.30000, 12.30000')).toBeNull();
  expect(said('length_m', 12)).toBeNull();
  expect(said('moving', false)).toBeNull();
});
