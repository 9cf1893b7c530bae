/** Tracks that are too many to be read one by one: a badge for each place and kind, with how many. */
import type { Layer } from '@deck.gl/core';
import { IconLayer, ScatterplotLayer, TextLayer, type TextLayerProps } from '@deck.gl/layers';

import type { Cells } from '../picture';
import type { SymbolAtlas } from '../symbols/atlas';
import { sidcOfKind } from '../symbols/sidc';
import { mercatorX, mercatorY, worldPixels } from './geometry';
import { type Palette, rgb } from './palette';

/** The share of a badge's rim that stands for what moves is drawn in twelfths. */
const shares = 12;
const rimPixels = 3;

function radius(count: number): number {
  return 12 + 4 * Math.log10(count);
}

export function cellLayers(
  cells: Cells,
  atlas: SymbolAtlas,
  palette: Palette,
  textLook: Partial<TextLayerProps<number>>,
): Layer[] {
  if (!cells.size) return [];
  // Large numbers last, on top.
  const rows = Array.from({ length: cells.size }, (_, i) => i).sort(
    (a, b) => cells.count[a]! - cells.count[b]!,
  );
  const position = (row: number): [number, number] => [cells.lon[row]!, cells.lat[row]!];
  return [
    new ScatterplotLayer<number>({
      id: 'cells',
      data: rows,
      getPosition: position,
      getRadius: (row) => radius(cells.count[row]!),
      radiusUnits: 'pixels',
      stroked: true,
      getFillColor: [...rgb(palette.surface), 235],
      getLineColor: rgb(palette.line),
      lineWidthUnits: 'pixels',
      getLineWidth: 1,
    }),
    moving(cells, rows, position, atlas, palette),
    ...kinds(cells, rows, position, atlas),
    new TextLayer<number>({
      ...textLook,
      id: 'cell-counts',
      data: rows,
      getPosition: position,
      getText: (row) => String(cells.count[row]!),
      getSize: 12,
      getColor: rgb(palette.text),
      outlineColor: [...rgb(palette.surface), 255],
    }),
  ];
}

type Position = (row: number) => [number, number];

/** The part of the rim, clockwise from the top, that is the share of those that move. */
function moving(
  cells: Cells,
  rows: number[],
  position: Position,
  atlas: SymbolAtlas,
  palette: Palette,
): Layer {
  const share = (row: number) => Math.ceil((cells.moving[row]! / cells.count[row]!) * shares);
  const some = rows.filter((row) => cells.moving[row]);
  const keys = some.map((row) => {
    const twelfths = share(row);
    return atlas.sign(`moving-${twelfths}`, (context, middle) => drawArc(context, middle, twelfths / shares));
  });
  return new IconLayer<number>({
    id: 'cell-moving',
    data: some,
    iconAtlas: atlas.canvas as never,
    iconMapping: atlas.mapping,
    getPosition: position,
    getIcon: (_, { index }) => keys[index]!,
    getColor: rgb(palette.accent),
    getSize: (row) => 2 * (radius(cells.count[row]!) + rimPixels / 2),
    sizeUnits: 'pixels',
  });
}

function drawArc(context: CanvasRenderingContext2D, middle: number, share: number): void {
  context.strokeStyle = '#ffffff';
  context.lineWidth = 7;
  context.beginPath();
  context.arc(middle, middle, middle - 4, -Math.PI / 2, (2 * share - 0.5) * Math.PI);
  context.stroke();
}

/** Where several kinds share the map each badge wears the frame of its kind. */
function kinds(cells: Cells, rows: number[], position: Position, atlas: SymbolAtlas): Layer[] {
  if (new Set(cells.schema).size < 2) return [];
  const kindOf = (row: number) => sidcOfKind(cells.schemata[cells.schema[row]!] ?? '');
  const keys = rows.map((row) => atlas.symbol(kindOf(row), 'frame', false));
  return [
    new IconLayer<number>({
      id: 'cell-kinds',
      data: rows,
      iconAtlas: atlas.canvas as never,
      iconMapping: atlas.mapping,
      getPosition: position,
      getPixelOffset: (row: number) => [0, -radius(cells.count[row]!)],
      getIcon: (_, { index }) => keys[index]!,
      getSize: 28,
      sizeUnits: 'pixels',
    }),
  ];
}

/** The cell whose badge covers a position, or undefined; of several the largest, which is drawn on top. */
export function pickCell(cells: Cells, lon: number, lat: number, zoom: number): number | undefined {
  const world = worldPixels(zoom);
  const [x, y] = [mercatorX(lon), mercatorY(lat)];
  let best: number | undefined;
  for (let row = 0; row < cells.size; row++) {
    const around = mercatorX(cells.lon[row]!) - x;
    const away = Math.hypot(around - Math.round(around), mercatorY(cells.lat[row]!) - y) * world;
    if (away > radius(cells.count[row]!)) continue;
    if (best === undefined || cells.count[row]! > cells.count[best]!) best = row;
  }
  return best;
}
