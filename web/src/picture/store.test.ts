import { describe, expect, test } from 'vitest';

import { encodeFrame, tracksFrame, wordsFor } from './encode.testing';
import { decodeFrame } from './frame';
import { PictureStore } from './store.svelte';

function storeWith(...frames: ArrayBuffer[]): PictureStore {
  const store = new PictureStore();
  for (const frame of frames) store.apply(decodeFrame(frame));
  return store;
}

const first = tracksFrame(
  [
    { id: 1, lon: 10, lat: 55, speed: 5, course: 90 },
    { id: 2, lon: 11, lat: 56 },
    { id: 3, lon: 12, lat: 57, state: 1 },
  ],
  {
    reset: true,
    labels: { 3: 'ALLIAGE UNCLASSIFIED' },
    strings: { ...wordsFor(1), ...wordsFor(2), ...wordsFor(3) },
  },
);

describe('tracks', () => {
  test('are there with their words, units and marking', () => {
    const store = storeWith(first);
    expect(store.track('track-1')).toMatchObject({
      name: 'SHIP 1',
      lon: 10,
      speed: 5,
      course: 90,
      heading: null,
      state: 'live',
      label: 'ALLIAGE UNCLASSIFIED',
    });
    expect(store.track('track-3')?.state).toBe('fading');
    expect(store.tracks()).toHaveLength(3);
  });

  test('a later frame changes only the tracks it holds', () => {
    const store = storeWith(first, tracksFrame([{ id: 2, lon: 11.5, lat: 56 }], { total: 3 }));
    expect(store.track('track-2')?.lon).toBe(11.5);
    expect(store.track('track-1')?.lon).toBe(10);
    expect(store.total).toBe(3);
  });

  test('an error ellipse is there where a frame has one, and gone with the next frame', () => {
    const round = { id: 1, lon: 10, lat: 55 };
    const store = storeWith(
      first,
      tracksFrame(
        [
          { ...round, ellipse: [3, 45] },
          { id: 2, lon: 11, lat: 56 },
        ],
        { total: 3 },
      ),
    );
    expect(store.track('track-1')).toMatchObject({ minor: 3, axis: 45 });
    expect(store.track('track-2')).toMatchObject({ minor: null, axis: null });
    store.apply(decodeFrame(tracksFrame([round], { total: 3 })));
    expect(store.track('track-1')).toMatchObject({ minor: null, axis: null });
  });

  test('a removed track is gone and its neighbours stay what they were', () => {
    const store = storeWith(first, tracksFrame([], { removed: [1], total: 2 }));
    expect(store.track('track-1')).toBeNull();
    expect(store.tracks().map(({ name }) => name)).toEqual(expect.arrayContaining(['SHIP 2', 'SHIP 3']));
    expect(store.track('track-3')?.lat).toBe(57);
  });

  test('a reset forgets what was held', () => {
    const again = tracksFrame([{ id: 9, lon: 1, lat: 1 }], { reset: true, strings: wordsFor(9) });
    const store = storeWith(first, again);
    expect(store.tracks().map(({ id }) => id)).toEqual(['track-9']);
  });

  test('a changed word is taken over', () => {
    const renamed = tracksFrame([{ id: 1, lon: 10, lat: 55 }], { strings: wordsFor(1, { name: 'FRIO' }) });
    expect(storeWith(first, renamed).track('track-1')?.name).toBe('FRIO');
  });

  test('more tracks than there was room for are all kept', () => {
    const many = Array.from({ length: 1000 }, (_, id) => ({ id, lon: id / 10, lat: 50 }));
    const strings = Object.assign({}, ...many.map(({ id }) => wordsFor(id)));
    const store = storeWith(tracksFrame(many, { reset: true, strings }));
    expect(store.table.size).toBe(1000);
    expect(store.track('track-999')?.lon).toBeCloseTo(99.9);
  });
});

describe('cells', () => {
  const cellsWith = (moving: number) =>
    encodeFrame(
      { type: 'cells', seq: 1, total: 2000, schemata: ['Aircraft', 'Vessel'] },
      {
        lon: ['f8', [10]],
        lat: ['f8', [55]],
        count: ['u4', [2000]],
        moving: ['u4', [moving]],
        schema: ['u1', [1]],
        identity: ['u1', [3]],
      },
    );
  const [cells, onward] = [cellsWith(500), cellsWith(501)];
  const selected = tracksFrame([{ id: 1, lon: 10, lat: 55 }], {
    reset: true,
    aggregated: true,
    total: 2000,
    strings: wordsFor(1),
  });

  test('stand for the tracks in view, beside the selected ones', () => {
    const store = storeWith(cells, selected);
    expect(store.mode).toBe('cells');
    expect(store.cells).toMatchObject({ size: 1, schemata: ['Aircraft', 'Vessel'] });
    expect(store.track('track-1')).not.toBeNull();
  });

  test('that say the same again change nothing, and nothing is drawn for them', () => {
    const still = tracksFrame([], { aggregated: true, total: 2000 });
    const store = storeWith(cells, selected);
    const before = store.version;
    for (const frame of [cells, still]) store.apply(decodeFrame(frame));
    expect(store.version).toBe(before);
    for (const frame of [onward, still]) store.apply(decodeFrame(frame));
    expect(store.version).toBe(before + 1);
    expect(store.cells.moving[0]).toBe(501);
  });

  test('end with the first tracks that stand for themselves', () => {
    const store = storeWith(cells, selected, first);
    expect(store.mode).toBe('tracks');
    expect(store.cells.size).toBe(0);
  });
});

describe('trails', () => {
  const trails = encodeFrame(
    { type: 'trails', seq: 1 },
    {
      id: ['u4', [1, 2]],
      count: ['u4', [2, 1]],
      lon: ['f4', [1, 2, 3]],
      lat: ['f4', [4, 5, 6]],
      valid: ['f8', [7, 8, 9]],
    },
  );

  test('go to the tracks they belong to', () => {
    const store = storeWith(first, trails);
    expect(store.trails.get(1)).toMatchObject({ lon: Float32Array.of(1, 2), valid: Float64Array.of(7, 8) });
    expect(store.trails.get(2)).toMatchObject({ lat: Float32Array.of(6) });
  });

  test('go with their track', () => {
    expect(storeWith(first, trails, tracksFrame([], { removed: [1] })).trails.has(1)).toBe(false);
  });
});

test('the clock counts on while live and stands between the frames of a replay', () => {
  let ms = 1000;
  const store = new PictureStore(() => ms);
  store.apply(decodeFrame(tracksFrame([], { clock: 'live', clock_us: 5_000_000 })));
  ms += 2;
  expect(store.nowUs()).toBe(5_002_000);
  store.apply(decodeFrame(tracksFrame([], { clock: 'replay', clock_us: 9_000_000 })));
  ms += 500;
  expect(store.nowUs()).toBe(9_000_000);
});

test('a notice reaches its listeners until they leave', () => {
  const store = new PictureStore();
  const heard: string[] = [];
  const leave = store.onNotice(({ notice }) => heard.push(notice!));
  store.apply(decodeFrame(encodeFrame({ type: 'notice', notice: 'sources' })));
  leave();
  store.apply(decodeFrame(encodeFrame({ type: 'notice', notice: 'sources' })));
  expect(heard).toEqual(['sources']);
});

test('the version rises with every frame that changes the picture', () => {
  const store = new PictureStore();
  const before = store.version;
  store.apply(decodeFrame(first));
  expect(store.version).toBeGreaterThan(before);
});

test('the version stays with a frame that only tells the time', () => {
  const store = storeWith(first);
  const before = store.version;
  store.apply(decodeFrame(tracksFrame([], { total: 3, clock: 'live', clock_us: 7_000_000 })));
  expect(store.version).toBe(before);
  expect(store.clock?.us).toBe(7_000_000);
});
