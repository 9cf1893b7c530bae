import { expect, test } from 'vitest';

import { encodeFrame, tracksFrame } from './encode.testing';
import { columnOf, decodeFrame, FrameError } from './frame';

test('a frame gives its header and its columns', () => {
  const bytes = encodeFrame(
    { type: 'tracks', seq: 17 },
    { id: ['u4', [7, 8, 9]], lon: ['f8', [1.5, 2.5, -3.5]] },
  );
  const frame = decodeFrame(bytes);
  expect(frame.header).toMatchObject({ type: 'tracks', seq: 17 });
  expect(columnOf(frame, 'id', Uint32Array)).toEqual(Uint32Array.of(7, 8, 9));
  expect(columnOf(frame, 'lon', Float64Array)).toEqual(Float64Array.of(1.5, 2.5, -3.5));
});

test('columns are views on the received bytes', () => {
  const bytes = tracksFrame([{ id: 1, lon: 10, lat: 55 }]);
  const { columns } = decodeFrame(bytes);
  for (const column of columns.values()) expect(column.buffer).toBe(bytes);
});

test('a header with letters beyond ASCII keeps the columns in their place', () => {
  const strings = { 1: { name: 'KØGE–ÆRØ' } } as never;
  const frame = decodeFrame(encodeFrame({ type: 'tracks', strings }, { lat: ['f8', [55.25]] }));
  expect(columnOf(frame, 'lat', Float64Array)[0]).toBe(55.25);
});

test.each([
  ['too short', new ArrayBuffer(4)],
  ['of something else', new TextEncoder().encode('{"type":"tracks"}').buffer as ArrayBuffer],
  ['cut in the header', tracksFrame([{ id: 1, lon: 1, lat: 1 }]).slice(0, 40)],
])('bytes that are %s are refused with a reason', (_, bytes) => {
  expect(() => decodeFrame(bytes)).toThrow(FrameError);
});

test('a column of the wrong type is refused by name', () => {
  const frame = decodeFrame(encodeFrame({ type: 'cells' }, { count: ['f8', [1]] }));
  expect(() => columnOf(frame, 'count', Uint32Array)).toThrow(/count/);
});
