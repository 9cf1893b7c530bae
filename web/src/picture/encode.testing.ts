/** A small encoder of ALP1 frames, for tests only: the node's own is in Python. */
import type { FrameHeader, TrackWords } from './frame';

const types = {
  f8: Float64Array,
  f4: Float32Array,
  u4: Uint32Array,
  i4: Int32Array,
  u1: Uint8Array,
};

export type TestColumns = Record<string, [code: keyof typeof types, values: number[]]>;

export function encodeFrame(header: FrameHeader, columns: TestColumns = {}): ArrayBuffer {
  let end = 0;
  const placed = Object.entries(columns).map(([name, [code, values]]) => {
    const bytes = new Uint8Array(types[code].from(values).buffer);
    const at = end;
    end += Math.ceil(bytes.length / 8) * 8;
    return { entry: [name, code, at, values.length] as const, at, bytes };
  });
  const json = JSON.stringify({ ...header, columns: placed.map(({ entry }) => entry) });
  const text = new TextEncoder().encode(json);
  const length = Math.ceil((8 + text.length) / 8) * 8 - 8;
  const frame = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length);
  frame.set(new TextEncoder().encode('ALP1'));
  new DataView(frame.buffer).setUint32(4, length, true);
  frame.set(text, 8);
  for (const { at, bytes } of placed) frame.set(bytes, 8 + length + at);
  return frame.buffer;
}

export interface TestTrack {
  id: number;
  lon: number;
  lat: number;
  speed?: number;
  course?: number;
  ellipse?: [minor: number, axis: number];
  state?: number;
  valid?: number;
}

/** A `tracks` frame; what a test does not say is not known. */
export function tracksFrame(tracks: TestTrack[], header: Partial<FrameHeader> = {}): ArrayBuffer {
  const all = (pick: (track: TestTrack) => number | undefined, missing = NaN) =>
    tracks.map((track) => pick(track) ?? missing);
  const unknown = tracks.map(() => NaN);
  return encodeFrame(
    { type: 'tracks', seq: 1, reset: false, aggregated: false, total: tracks.length, ...header },
    {
      id: ['u4', tracks.map(({ id }) => id)],
      lon: ['f8', tracks.map(({ lon }) => lon)],
      lat: ['f8', tracks.map(({ lat }) => lat)],
      speed: ['f4', all(({ speed }) => speed)],
      course: ['f4', all(({ course }) => course)],
      heading: ['f4', unknown],
      std: ['f4', unknown],
      ...(tracks.some(({ ellipse }) => ellipse)
        ? {
            minor: ['f4', all(({ ellipse }) => ellipse?.[0])] as [keyof typeof types, number[]],
            axis: ['f4', all(({ ellipse }) => ellipse?.[1])] as [keyof typeof types, number[]],
          }
        : {}),
      altitude: ['f4', unknown],
      valid: ['f8', all(({ valid }) => valid, 0)],
      state: ['u1', all(({ state }) => state, 0)],
      label: ['i4', tracks.map(() => 3)],
    },
  );
}

export function wordsFor(id: number, more: Partial<TrackWords> = {}): Record<string, TrackWords> {
  const words: TrackWords = {
    track: `track-${id}`,
    object: `object-${id}`,
    name: `SHIP ${id}`,
    schema: 'Vessel',
    sidc: '10013000001401010000',
    identifier: `mmsi:${219000000 + id}`,
    sources: ['denmark'],
  };
  return { [id]: { ...words, ...more } };
}
