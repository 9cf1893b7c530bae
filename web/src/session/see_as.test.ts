import { expect, test } from 'vitest';

import { written } from './see_as';

const nobody = { nation: '', clearance: '', roles: [], communities: [], user: '' };

test('a nation and a clearance are said as a form would', () => {
  expect(written({ ...nobody, nation: 'FRA', clearance: 'TOP SECRET' })).toBe(
    'nation=FRA&clearance=TOP+SECRET',
  );
});

test('roles and communities are said one by one', () => {
  const said = written({ ...nobody, roles: ['viewer', 'planner'], communities: ['Compartment: NORTH'] });
  expect(new URLSearchParams(said).getAll('role')).toEqual(['viewer', 'planner']);
  expect(new URLSearchParams(said).getAll('community')).toEqual(['Compartment: NORTH']);
});

test('a user has a nation already', () => {
  expect(written({ ...nobody, nation: 'FRA', user: 'fleur' })).toBe('user=fleur');
});
