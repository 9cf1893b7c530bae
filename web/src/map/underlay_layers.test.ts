import { expect, test } from 'vitest';

import type { MapSourceTrack } from './adapter';
import { nameOffsets, plotOpacity } from './underlay_layers';
import { worldPixels } from './geometry';

const world = worldPixels(12);
const at = (lon: number, lat: number) =>
  ({ name: '', place: { lon, lat }, agrees: true, stdM: 1, minorM: null, axisDeg: null }) as MapSourceTrack;

test('names of sources that lie under the symbol stand one below the other', () => {
  const [one, two] = nameOffsets([at(12, 55), at(12, 55)], [12, 55], world);
  expect([one, two]).toEqual([30, 44]);
  // The name is set from its own place, wherever in the symbol that is.
  const [higher] = nameOffsets([at(12, 55.001)], [12, 55], world);
  expect(higher).toBeGreaterThan(30);
});

test('a name beside the symbol stands at its own place', () => {
  expect(nameOffsets([at(12, 55), at(12.1, 55)], [12, 55], world)).toEqual([30, 14]);
  expect(nameOffsets([at(12, 55)], null, world)).toEqual([14]);
});

test('a plot fades and is gone after half a minute', () => {
  expect([plotOpacity(-1), plotOpacity(15), plotOpacity(31)]).toEqual([1, 0.5, 0]);
});
