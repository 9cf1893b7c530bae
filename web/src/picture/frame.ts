/**
 * The binary frames of the picture protocol (docs/reference/picture-protocol.md): a JSON header and columns
 * of numbers. Columns are views on the received bytes: nothing is copied.
 */

/** The wall's time; that of a recording; a time that is looked back to. */
export type ClockMode = 'live' | 'replay' | 'past';

/** How the past plays. */
export interface PastProgress {
  pace: number;
  /** Share of the loading that is done. */
  loaded: number;
  /** It has caught up with the present. */
  at_edge: boolean;
  /** By stream, the time in microseconds before which what it reported is no longer kept. */
  not_kept: Record<string, number>;
}

export interface Banner {
  text: string;
  classification: string;
}

/** What a track is called and what it is; sent once, and again when a word changes. */
export interface TrackWords {
  track: string;
  object: string;
  name: string | null;
  schema: string;
  /** APP-6(D) symbol identification code, 20 digits. */
  sidc: string;
  identifier: string;
  sources: string[];
}

type ColumnCode = keyof typeof readers;

export interface FrameHeader {
  type: 'tracks' | 'cells' | 'trails' | 'notice';
  seq?: number;
  reset?: boolean;
  aggregated?: boolean;
  clock_us?: number;
  clock?: ClockMode;
  past?: PastProgress;
  rows?: number;
  total?: number;
  columns?: [name: string, code: ColumnCode, offset: number, length: number][];
  removed?: number[];
  labels?: Record<string, string>;
  banner?: Banner | null;
  strings?: Record<string, TrackWords>;
  schemata?: string[];
  notice?: string;
}

export type Column = Float64Array | Float32Array | Uint32Array | Int32Array | Uint8Array;

const readers = {
  f8: (bytes: ArrayBuffer, at: number, length: number) => new Float64Array(bytes, at, length),
  f4: (bytes: ArrayBuffer, at: number, length: number) => new Float32Array(bytes, at, length),
  u4: (bytes: ArrayBuffer, at: number, length: number) => new Uint32Array(bytes, at, length),
  i4: (bytes: ArrayBuffer, at: number, length: number) => new Int32Array(bytes, at, length),
  u1: (bytes: ArrayBuffer, at: number, length: number) => new Uint8Array(bytes, at, length),
};

export interface Frame {
  header: FrameHeader;
  columns: Map<string, Column>;
}

const magic = 0x31504c41; // "ALP1", little-endian
const headerAt = 8;

/** Raised for bytes that are no frame of this protocol; says what is wrong with them. */
export class FrameError extends Error {
  override name = 'FrameError';
}

export function decodeFrame(bytes: ArrayBuffer): Frame {
  if (bytes.byteLength < headerAt) throw new FrameError(`a frame of ${bytes.byteLength} bytes has no header`);
  const view = new DataView(bytes);
  if (view.getUint32(0, true) !== magic) throw new FrameError('the frame does not begin with ALP1');
  const columnsAt = headerAt + view.getUint32(4, true);
  if (columnsAt > bytes.byteLength || columnsAt % 8)
    throw new FrameError(`the header ends at ${columnsAt} of ${bytes.byteLength} bytes`);
  const text = new TextDecoder().decode(new Uint8Array(bytes, headerAt, columnsAt - headerAt));
  const header = JSON.parse(text) as FrameHeader;
  const columns = new Map<string, Column>();
  for (const [name, code, offset, length] of header.columns ?? []) {
    const read = readers[code];
    if (!read) throw new FrameError(`column ${name} has the unknown type ${code}`);
    columns.set(name, read(bytes, columnsAt + offset, length));
  }
  return { header, columns };
}

/** The column of a name and type; a frame that lacks it is not one of this protocol, unless it may be `absent`. */
export function columnOf<C extends Column>(
  frame: Frame,
  name: string,
  type: new (length: number) => C,
  absent?: number,
): C {
  const column = frame.columns.get(name);
  if (column === undefined && absent !== undefined) {
    return new type(frame.columns.get('id')?.length ?? 0).fill(absent) as C;
  }
  if (!(column instanceof type)) throw new FrameError(`${frame.header.type} without a column ${name}`);
  return column;
}
