/** Decides what is drawn of the picture at one moment: which tracks as symbols, which small, which names. */
import type { PictureStore } from '../picture';
import { affiliationOf, isAir } from '../symbols/sidc';
import type { MapInsets, MapLayers } from './adapter';
import { type Box, Boxes, Spacing } from './declutter';
import { mercatorX, mercatorY, worldPixels } from './geometry';

/** A speed below which a ship is taken as lying still: half a knot. */
export const movingMps = 0.257;

export interface Camera {
  lon: number;
  lat: number;
  zoom: number;
  /** Degrees; 0 is north up. */
  bearing: number;
  /** Pixels of the map's host. */
  width: number;
  height: number;
  /** Its edges that lie under panels. */
  insets: MapInsets;
}

export interface Label {
  row: number;
  text: string;
  /** Pixels from the symbol's middle. */
  offset: [x: number, y: number];
  anchor: 'start' | 'middle' | 'end';
}

export interface Scene {
  zoom: number;
  /** Rows of the table, the least important first, so that the most important are drawn on top. */
  symbols: number[];
  /** Those without room for a symbol. */
  minis: number[];
  labels: Label[];
}

export const emptyScene: Scene = { zoom: 0, symbols: [], minis: [], labels: [] };
/** A change of zoom after which crowded symbols are sorted out anew. */
export const zoomStep = 0.25;

export interface SceneOptions {
  camera: Camera;
  layers: MapLayers;
  selectedRow: number | undefined;
  /** Boxes in which no name is written: what a tool says is there. Pixels from the map's middle. */
  taken: readonly Box[];
  /** Whether a name would lie on one that the map itself has written; asked of what has room otherwise. */
  isWritten: (box: Box) => boolean;
  /** Width of a text in pixels as the labels are set. */
  textWidth: (text: string) => number;
}

interface Item {
  row: number;
  x: number;
  y: number;
  importance: number;
}

/** From this zoom on symbols are large enough to show what is in their frames. */
export const iconZoom = 10;

/** Edge of a symbol's frame at a zoom, in pixels: larger where there is room. */
export function symbolPixels(zoom: number): number {
  const large = 22 + 3 * (zoom - iconZoom);
  return Math.round(zoom < iconZoom ? Math.max(11, 13 + (zoom - 7) * 2) : Math.min(30, large));
}

export function buildScene(store: PictureStore, options: SceneOptions): Scene {
  const { camera, selectedRow } = options;
  const items = visibleItems(store, options);
  const edge = symbolPixels(camera.zoom);
  const spacing = new Spacing(edge * 0.95);
  const full: Item[] = [];
  const small: Item[] = [];
  for (const item of items) {
    // From afar what lies still and is of no known side is a dot: what moves is what one looks for.
    const wantsSymbol = camera.zoom >= iconZoom || item.importance >= symbolFromAfar;
    const hasRoom = wantsSymbol && spacing.take(item.x, item.y);
    (hasRoom || item.row === selectedRow ? full : small).push(item);
  }
  const labels = options.layers.names ? placeLabels(store, full, small, options, edge) : [];
  const rows = (chosen: Item[]) => chosen.map(({ row }) => row).reverse();
  return { zoom: camera.zoom, symbols: rows(full), minis: rows(small), labels };
}

/** Where a place lies on the screen, in pixels from the map's middle. */
export function toPixels({
  lon,
  lat,
  zoom,
  bearing,
}: Camera): (lon: number, lat: number) => [number, number] {
  const world = worldPixels(zoom);
  const [middleX, middleY] = [mercatorX(lon), mercatorY(lat)];
  const turn = (-bearing * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return (placeLon, placeLat) => {
    const around = mercatorX(placeLon) - middleX;
    const [x, y] = [(around - Math.round(around)) * world, (mercatorY(placeLat) - middleY) * world];
    return [x * cos - y * sin, x * sin + y * cos];
  };
}

/** All tracks of the wanted kinds with their pixels from the map's middle, the most important first. */
function visibleItems(store: PictureStore, { camera, selectedRow }: SceneOptions): Item[] {
  const { table } = store;
  const pixels = toPixels(camera);
  const items: Item[] = [];
  for (let row = 0; row < table.size; row++) {
    const words = store.wordsOf(row);
    if (!words) continue;
    const [x, y] = pixels(table.lon[row]!, table.lat[row]!);
    items.push({
      row,
      x,
      y,
      importance: row === selectedRow ? Infinity : importance(store, row, words.sidc),
    });
  }
  return items.sort((a, b) => b.importance - a.importance || table.id[a.row]! - table.id[b.row]!);
}

/** What moves or has a side, even when its last report is overdue. */
const symbolFromAfar = 15;

function importance(store: PictureStore, row: number, sidc: string): number {
  const { speed, state } = store.table;
  const side = { hostile: 400, friend: 100, neutral: 60, pending: 20, unknown: 0 }[affiliationOf(sidc)];
  const moving = speed[row]! > movingMps ? 30 + Math.min(20, Math.round(speed[row]!)) : 0;
  return (store.isAlerting(row) ? 1000 : 0) + side + moving - (state[row] ? 15 : 0);
}

export function labelText(store: PictureStore, row: number): string {
  const words = store.wordsOf(row);
  if (words?.name != null) return words.name;
  const [, scheme, value = ''] = /^(\w+):(.*)$/.exec(words?.identifier ?? '') ?? [];
  if (scheme === 'icao24') return value.toUpperCase();
  // Which run of which tracker it was says nothing to anybody.
  return scheme === 'track' ? `#${value.replace(/^.*-/, '')}` : value;
}

const labelHeight = 14;
const margin = 40;

/** Below this zoom only moving tracks with a name, and aircraft, are labelled: who lies in port is asked by looking closer. */
const allNamesZoom = 11;

function placeLabels(
  store: PictureStore,
  full: Item[],
  small: Item[],
  { camera, selectedRow, taken, isWritten, textWidth }: SceneOptions,
  edge: number,
): Label[] {
  const boxes = new Boxes();
  for (const box of taken) boxes.add(box);
  for (const { x, y } of full) boxes.add(square(x, y, edge * 0.55));
  for (const { x, y } of small) boxes.add(square(x, y, 3));
  const labels: Label[] = [];
  for (const { row, x, y } of full) {
    if (Math.abs(x) > camera.width / 2 + margin || Math.abs(y) > camera.height / 2 + margin) continue;
    const isSelected = row === selectedRow;
    const moving = store.table.speed[row]! > movingMps;
    const words = store.wordsOf(row);
    const isCalled = words !== undefined && (words.name !== null || isAir(words.sidc));
    if (!isSelected && camera.zoom < allNamesZoom && !(moving && isCalled)) continue;
    const text = labelText(store, row);
    // The mark around what wants attention is wider than the symbol.
    const wide = store.isAlerting(row) ? edge * 1.6 : edge;
    const place = candidates(textWidth(text), wide).find(({ box }) => {
      const at = shifted(box, x, y);
      return isSelected || (boxes.free(at) && !cutByPanel(at, camera) && !isWritten(at));
    });
    if (!text || !place) continue;
    boxes.add(shifted(place.box, x, y));
    labels.push({ row, text, offset: place.offset, anchor: place.anchor });
  }
  return labels;
}

/** Whether a name would run from the open map under a panel; what lies wholly under it is not seen anyway. */
function cutByPanel({ left, right, top, bottom }: Box, { width, height, insets }: Camera): boolean {
  const cuts = (from: number, to: number, edge: number) => from < edge && to > edge;
  return (
    (insets.left > 0 && cuts(left, right, insets.left - width / 2)) ||
    (insets.right > 0 && cuts(left, right, width / 2 - insets.right)) ||
    (insets.bottom > 0 && cuts(top, bottom, height / 2 - insets.bottom))
  );
}

type Placement = Pick<Label, 'offset' | 'anchor'> & {
  box: { left: number; top: number; right: number; bottom: number };
};

/** Right of the symbol, left, above, below: in this order. */
function candidates(width: number, edge: number): Placement[] {
  const [gap, half] = [edge * 0.72 + 4, labelHeight / 2];
  const beside = (left: number, y: number) => ({
    left,
    right: left + width,
    top: y - half,
    bottom: y + half,
  });
  return [
    { offset: [gap, 0], anchor: 'start', box: beside(gap, 0) },
    { offset: [-gap, 0], anchor: 'end', box: beside(-gap - width, 0) },
    { offset: [0, -gap - half], anchor: 'middle', box: beside(-width / 2, -gap - half) },
    { offset: [0, gap + half], anchor: 'middle', box: beside(-width / 2, gap + half) },
  ];
}

function square(x: number, y: number, half: number) {
  return { left: x - half, right: x + half, top: y - half, bottom: y + half };
}

function shifted(box: Placement['box'], x: number, y: number) {
  return { left: box.left + x, right: box.right + x, top: box.top + y, bottom: box.bottom + y };
}
