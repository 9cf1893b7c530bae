/**
 * Writes PMTiles archives, version 3.
 *
 * Source: PMTiles Version 3 Specification (protomaps/PMTiles, spec/v3/spec.md), chapters 3 and 4.
 */
import { gzipSync } from 'node:zlib';
import { zxyToTileId } from 'pmtiles';

/** One tile: its place in the pyramid and its uncompressed Mapbox Vector Tile. */
export interface Tile {
  z: number;
  x: number;
  y: number;
  bytes: Uint8Array;
}

interface Entry {
  tileId: number;
  offset: number;
  length: number;
  /** How many tiles in a row have these bytes; 0 marks a leaf directory. */
  run: number;
}

const headerBytes = 127;
/** The root directory must lie in the first 16 KiB. */
const rootLimit = 16384 - headerBytes;
const entriesPerLeaf = 4096;
const gzip = 2;
const vectorTiles = 1;

/** The archive of the given tiles, from zoom 0 to `maxZoom`, over the whole world. */
export function writePmtiles(tiles: Tile[], maxZoom: number, metadata: object): Uint8Array {
  const { entries, contents } = layOut(tiles);
  const data = Buffer.concat(contents);
  const { root, leaves } = directories(entries);
  const about = gzipSync(JSON.stringify(metadata));
  const header = writeHeader(
    [root.length, about.length, leaves.length, data.length],
    [tiles.length, entries.length, contents.length],
    maxZoom,
  );
  return Buffer.concat([header, root, about, leaves, data]);
}

/** Orders the tiles along the Hilbert curve and keeps equal ones (open land, for most) once. */
function layOut(tiles: Tile[]): { entries: Entry[]; contents: Buffer[] } {
  const ordered = tiles
    .map(({ z, x, y, bytes }) => ({ tileId: zxyToTileId(z, x, y), bytes }))
    .sort((a, b) => a.tileId - b.tileId);
  const seen = new Map<string, { offset: number; length: number }>();
  const contents: Buffer[] = [];
  const entries: Entry[] = [];
  let end = 0;
  for (const { tileId, bytes } of ordered) {
    const key = Buffer.from(bytes).toString('latin1');
    let place = seen.get(key);
    if (!place) {
      const packed = gzipSync(bytes, { level: 9 });
      place = { offset: end, length: packed.length };
      seen.set(key, place);
      contents.push(packed);
      end += packed.length;
    }
    const last = entries.at(-1);
    if (last && last.tileId + last.run === tileId && last.offset === place.offset) last.run += 1;
    else entries.push({ tileId, ...place, run: 1 });
  }
  return { entries, contents };
}

/** The root directory and, when that would be too long, its leaves. */
function directories(entries: Entry[]): { root: Buffer; leaves: Buffer } {
  const whole = directory(entries);
  if (whole.length <= rootLimit) return { root: whole, leaves: Buffer.alloc(0) };
  const leaves: Buffer[] = [];
  const roots: Entry[] = [];
  let offset = 0;
  for (let from = 0; from < entries.length; from += entriesPerLeaf) {
    const part = entries.slice(from, from + entriesPerLeaf);
    const leaf = directory(part);
    roots.push({ tileId: part[0]!.tileId, offset, length: leaf.length, run: 0 });
    leaves.push(leaf);
    offset += leaf.length;
  }
  return { root: directory(roots), leaves: Buffer.concat(leaves) };
}

/** One directory: columns of variable-length integers, gzipped (chapter 4). */
function directory(entries: Entry[]): Buffer {
  const out: number[] = [];
  varint(out, entries.length);
  entries.forEach((entry, i) => varint(out, entry.tileId - (entries[i - 1]?.tileId ?? 0)));
  entries.forEach((entry) => varint(out, entry.run));
  entries.forEach((entry) => varint(out, entry.length));
  entries.forEach((entry, i) => {
    const before = entries[i - 1];
    const follows = before && entry.offset === before.offset + before.length;
    varint(out, follows ? 0 : entry.offset + 1);
  });
  return gzipSync(Uint8Array.from(out));
}

function varint(out: number[], value: number): void {
  while (value >= 0x80) {
    out.push((value % 0x80) | 0x80);
    value = Math.floor(value / 0x80);
  }
  out.push(value);
}

/** The fixed header (chapter 3). `sizes`: root, metadata, leaves, data; `counts`: tiles, entries, contents. */
function writeHeader(sizes: number[], counts: number[], maxZoom: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('PMTiles', 0, 'ascii');
  header.writeUInt8(3, 7);
  let offset = headerBytes;
  sizes.forEach((size, i) => {
    header.writeBigUInt64LE(BigInt(offset), 8 + i * 16);
    header.writeBigUInt64LE(BigInt(size), 16 + i * 16);
    offset += size;
  });
  counts.forEach((count, i) => header.writeBigUInt64LE(BigInt(count), 72 + i * 8));
  const clustered = 1;
  [clustered, gzip, gzip, vectorTiles, 0, maxZoom].forEach((byte, i) => header.writeUInt8(byte, 96 + i));
  [-180, -85.0511, 180, 85.0511].forEach((degrees, i) =>
    header.writeInt32LE(Math.round(degrees * 1e7), 102 + i * 4),
  );
  return header;
}
