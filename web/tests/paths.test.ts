import { describe, expect, test } from 'vitest';

import { match, paths, readPlace, tokenOf, writePlace } from '../src/router/paths';

describe('a path', () => {
  test.each([
    ['/', { page: 'picture' }],
    ['/picture', { page: 'picture' }],
    ['/sources', { page: 'sources', source: null }],
    ['/sources/coast%20north', { page: 'sources', source: 'coast north' }],
    ['/objects/904c43', { page: 'objects', object: '904c43' }],
    ['/administration/users', { page: 'administration', tab: 'users' }],
    ['/help/', { page: 'help' }],
    ['/sign-in', { page: 'sign-in' }],
    ['/incidents', { page: 'incidents', incident: null }],
    ['/incidents/5f3c', { page: 'incidents', incident: '5f3c' }],
    ['/alarms', { page: 'not-found' }],
    ['/picture/extra', { page: 'not-found' }],
    ['/sources/a/b', { page: 'not-found' }],
    ['/sources/%E0%A4%A', { page: 'not-found' }],
  ])('%s names its page', (path, route) => {
    expect(match(path)).toEqual(route);
  });

  test('that is made for a name leads back to that name', () => {
    const name = 'coast/north ü?#';
    expect(match(new URL(paths.source(name), 'http://node').pathname)).toEqual({
      page: 'sources',
      source: name,
    });
  });
});

describe('the place in a query', () => {
  test('comes back as it was written, as exactly as the zoom shows', () => {
    const text = writePlace({ lon: 12.345678, lat: 55.4321, zoom: 11.04 });
    expect(text).toBe('55.4321,12.3457,11.0');
    expect(readPlace(new URLSearchParams({ at: text }))).toEqual({ lat: 55.4321, lon: 12.3457, zoom: 11 });
  });

  test('has a longitude of one turn, however far the map was panned', () => {
    expect(writePlace({ lon: 372, lat: 0, zoom: 3 })).toBe('0.00,12.00,3.0');
    expect(writePlace({ lon: -190, lat: 0, zoom: 3 })).toBe('0.00,170.00,3.0');
  });

  test.each(['', '1,2', 'a,b,c', '91,0,3', '0,181,3', '0,0,-1', '0,0,99', '1,2,3,4'])(
    '%j is no place',
    (at) => expect(readPlace(new URLSearchParams({ at }))).toBeNull(),
  );
});

describe('a one-time token', () => {
  test('is read from both forms of the link', () => {
    expect(tokenOf('#/sign-in?token=abc-1_2')).toBe('abc-1_2');
    expect(tokenOf('#token=abc-1_2')).toBe('abc-1_2');
  });

  test('is not seen where there is none', () => {
    for (const fragment of ['', '#', '#content', '#token=', '#/sign-in?x=1']) {
      expect(tokenOf(fragment)).toBeNull();
    }
  });
});
