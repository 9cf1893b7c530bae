import { expect, test } from 'vitest';

import { FIRST_LAYERS, readLayers, writeLayers } from './address';

function through(layers: typeof FIRST_LAYERS) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(writeLayers(layers))) if (value !== null) query.set(name, value);
  return readLayers(query);
}

test('every combination of layers comes back from its address', () => {
  const names = Object.keys(FIRST_LAYERS).filter((name) => name !== 'kinds' && name !== 'basemap');
  for (let bits = 0; bits < 2 ** names.length; bits++) {
    const layers = {
      ...FIRST_LAYERS,
      ...Object.fromEntries(names.map((name, i) => [name, Boolean(bits & (1 << i))])),
    };
    expect(through(layers)).toEqual(layers);
  }
});

test('the usual view needs no words, a filter that shows nothing is not the same as none', () => {
  expect(writeLayers(FIRST_LAYERS)).toEqual({ layers: null, kinds: null, base: null });
  expect(through({ ...FIRST_LAYERS, kinds: [] }).kinds).toEqual([]);
  expect(through({ ...FIRST_LAYERS, kinds: ['Vessel', 'Cable'] }).kinds).toEqual(['Vessel', 'Cable']);
});

test('a basemap comes back by its name, and what is no name is none', () => {
  expect(through({ ...FIRST_LAYERS, basemap: 'charts' }).basemap).toBe('charts');
  expect(readLayers(new URLSearchParams('base=../secret')).basemap).toBeNull();
});

test('unknown words in a pasted address change nothing', () => {
  expect(readLayers(new URLSearchParams('layers=weather,-everything'))).toEqual(FIRST_LAYERS);
});
