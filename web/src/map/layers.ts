/** A scene as deck.gl layers, the lowest first. */
import type { Layer } from '@deck.gl/core';
import { IconLayer, LineLayer, PathLayer, ScatterplotLayer, TextLayer } from '@deck.gl/layers';

import type { PictureStore } from '../picture';
import type { SymbolAtlas } from '../symbols/atlas';
import { affiliationOf } from '../symbols/sidc';
import type { MapLayers } from './adapter';
import { badgeLayers } from './badge_layers';
import type { Badge } from './badges';
import { destination, metresPerPixel, vectorMinutes } from './geometry';
import { type Palette, type Rgb, rgb } from './palette';
import { iconZoom, movingMps, type Scene, symbolPixels } from './scene';
import { labelPixels, textLook } from './text_look';
import type { TrailPath } from './trails';

/** A circle that holds 95 % of a two-dimensional normal distribution: the square root of chi-square(0.95, 2). */
const circleOf95 = 2.448;
const smallestCirclePixels = 14;
/** The symbol's octagon is 38 of the 80 pixels of its place in the atlas. */
const iconPerSymbol = 80 / 38;
const miniIconPixels = 12;

export interface LayerInput {
  store: PictureStore;
  scene: Scene;
  atlas: SymbolAtlas;
  palette: Palette;
  shown: MapLayers;
  trails: TrailPath[];
  badges: Badge[];
  selectedRow: number | undefined;
  hoveredRow: number | undefined;
  centreLat: number;
}

export function deckLayers(input: LayerInput): Layer[] {
  const { shown } = input;
  return [
    ...(shown.uncertainty ? [uncertainty(input)] : []),
    ...(shown.trails ? trailLayers(input) : []),
    ...(shown.vectors ? [vectors(input)] : []),
    ...badgeLayers(input.badges, input.atlas, input.palette),
    symbols(input, 'minis', input.scene.minis),
    symbols(input, 'symbols', input.scene.symbols),
    marks(input),
    ...(input.scene.labels.length ? [names(input)] : []),
  ];
}

function positionOf({ store }: LayerInput): (row: number) => [number, number] {
  const { lon, lat } = store.table;
  return (row) => [lon[row]!, lat[row]!];
}

function colourOf({ store, palette }: LayerInput): (row: number) => Rgb {
  return (row) => rgb(palette[affiliationOf(store.wordsOf(row)!.sidc)]);
}

function uncertainty(input: LayerInput): Layer {
  const { store, scene, centreLat, selectedRow } = input;
  const { std } = store.table;
  const smallest = smallestCirclePixels * metresPerPixel(centreLat, scene.zoom);
  const wide = (row: number) => std[row]! * circleOf95 > (row === selectedRow ? smallest / 2 : smallest);
  const colour = colourOf(input);
  return new ScatterplotLayer<number>({
    id: 'uncertainty',
    data: scene.symbols.filter(wide),
    getPosition: positionOf(input),
    getRadius: (row) => std[row]! * circleOf95,
    radiusUnits: 'meters',
    stroked: true,
    getFillColor: (row) => [...colour(row), 18],
    getLineColor: (row) => [...colour(row), 150],
    lineWidthUnits: 'pixels',
    getLineWidth: 1,
  });
}

/** The trails, and for each the stretch from its last point to where the track is now. */
function trailLayers(input: LayerInput): Layer[] {
  const { store, palette, trails } = input;
  const { lon, lat } = store.table;
  const held = trails.filter(({ number }) => store.table.rowOf(number) !== undefined);
  return [
    new PathLayer<TrailPath>({
      id: 'trails',
      data: trails,
      positionFormat: 'XY',
      _pathType: 'open',
      getPath: ({ path }) => path,
      getColor: ({ sidc }) => [...rgb(palette[affiliationOf(sidc)]), 90],
      getWidth: 1.5,
      widthUnits: 'pixels',
      updateTriggers: { getColor: palette },
    }),
    new LineLayer<TrailPath>({
      id: 'trail-ends',
      data: held,
      getSourcePosition: ({ path }) => [path.at(-2)!, path.at(-1)!],
      getTargetPosition: ({ number }) => {
        const row = store.table.rowOf(number)!;
        return [lon[row]!, lat[row]!];
      },
      getColor: ({ sidc }) => [...rgb(palette[affiliationOf(sidc)]), 90],
      getWidth: 1.5,
      widthUnits: 'pixels',
    }),
  ];
}

/** Where each moving track will be in some minutes if it keeps its course and speed. */
function vectors(input: LayerInput): Layer {
  const { store, scene, centreLat } = input;
  const { lon, lat, speed, course } = store.table;
  const seconds = vectorMinutes(centreLat, scene.zoom) * 60;
  const moves = (row: number) => speed[row]! > movingMps && !Number.isNaN(course[row]!);
  const colour = colourOf(input);
  return new LineLayer<number>({
    id: 'vectors',
    data: [...scene.minis, ...scene.symbols].filter(moves),
    getSourcePosition: positionOf(input),
    getTargetPosition: (row) => destination(lon[row]!, lat[row]!, course[row]!, speed[row]! * seconds),
    getColor: (row) => [...colour(row), 210],
    getWidth: 1.5,
    widthUnits: 'pixels',
  });
}

function symbols(input: LayerInput, id: 'symbols' | 'minis', rows: number[]): Layer {
  const { store, atlas, scene } = input;
  const { state } = store.table;
  const detail = id === 'minis' ? 'mini' : scene.zoom < iconZoom ? 'frame' : 'full';
  const keys = rows.map((row) => atlas.symbol(store.wordsOf(row)!.sidc, detail, state[row] !== 0));
  return new IconLayer<number>({
    id,
    data: rows,
    iconAtlas: atlas.canvas as never,
    iconMapping: atlas.mapping,
    getPosition: positionOf(input),
    getIcon: (_, { index }) => keys[index]!,
    getSize: detail === 'mini' ? miniIconPixels : symbolPixels(scene.zoom) * iconPerSymbol,
    sizeUnits: 'pixels',
    updateTriggers: { getSize: scene.zoom },
  });
}

/** Brackets around the selected track and a ring around the one under the pointer. */
function marks(input: LayerInput): Layer {
  const { atlas, palette, scene, selectedRow, hoveredRow } = input;
  const brackets = atlas.sign('selected', drawBrackets);
  const ring = atlas.sign('hovered', drawRing);
  const rows = [hoveredRow, selectedRow].filter((row) => row !== undefined);
  return new IconLayer<number>({
    id: 'marks',
    data: rows,
    iconAtlas: atlas.canvas as never,
    iconMapping: atlas.mapping,
    getPosition: positionOf(input),
    getIcon: (row) => (row === selectedRow ? brackets : ring),
    getColor: (row) => (row === selectedRow ? rgb(palette.selected) : rgb(palette.accent)),
    getSize: symbolPixels(scene.zoom) * iconPerSymbol * 1.05,
    sizeUnits: 'pixels',
  });
}

function drawBrackets(context: CanvasRenderingContext2D, middle: number): void {
  const [far, arm] = [middle - 6, 12];
  context.strokeStyle = '#ffffff';
  context.lineWidth = 4;
  for (const [sx, sy] of [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const) {
    context.beginPath();
    context.moveTo(middle + sx * (far - arm), middle + sy * far);
    context.lineTo(middle + sx * far, middle + sy * far);
    context.lineTo(middle + sx * far, middle + sy * (far - arm));
    context.stroke();
  }
}

function drawRing(context: CanvasRenderingContext2D, middle: number): void {
  context.strokeStyle = '#ffffff';
  context.lineWidth = 3;
  context.beginPath();
  context.arc(middle, middle, middle - 8, 0, 2 * Math.PI);
  context.stroke();
}

function names(input: LayerInput): Layer {
  const { scene, palette, store, selectedRow } = input;
  const position = positionOf(input);
  const { state } = store.table;
  return new TextLayer<Scene['labels'][number]>({
    ...textLook,
    id: 'names',
    data: scene.labels,
    getPosition: ({ row }) => position(row),
    getText: (label) => label.text,
    getSize: labelPixels,
    getColor: ({ row }) => [
      ...rgb(row === selectedRow ? palette.selected : palette.label),
      state[row] && row !== selectedRow ? 150 : 255,
    ],
    getTextAnchor: ({ anchor }) => anchor,
    getAlignmentBaseline: 'center',
    getPixelOffset: ({ offset }) => offset,
    outlineColor: [...rgb(palette.halo), 255],
  });
}
