/** A scene as deck.gl layers, the lowest first. */
import type { Layer } from '@deck.gl/core';
import { IconLayer, LineLayer, PathLayer, ScatterplotLayer, TextLayer } from '@deck.gl/layers';

import type { PictureStore } from '../picture';
import type { SymbolAtlas } from '../symbols/atlas';
import { affiliationOf, isAir } from '../symbols/sidc';
import type { MapLayers } from './adapter';
import { badgeLayers } from './badge_layers';
import type { Badge } from './badges';
import { type DrawnTrack, drawnTracks } from './drawn';
import {
  airVectorSeconds,
  circleOf95,
  destination,
  ellipse,
  metresPerPixel,
  vectorMinutes,
} from './geometry';
import { type Palette, type Rgb, rgb } from './palette';
import { iconZoom, movingMps, type Scene, symbolPixels } from './scene';
import { labelPixels, textLook } from './text_look';
import { type TrailPath, trailOpacity } from './trails';

const smallestCirclePixels = 14;
/** The symbol's octagon is 38 of the 80 pixels of its place in the atlas. */
const iconPerSymbol = 80 / 38;
const miniIconPixels = 12;
/** Trails fade in steps of a minute. */
const trailsAgeUs = 60e6;

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

/** All layers of one moment. They hold copies: what the store becomes afterwards is not seen in them. */
export function deckLayers(input: LayerInput): Layer[] {
  const { store, scene, shown } = input;
  const minis = drawnTracks(store, scene.minis);
  const symbols = drawnTracks(store, scene.symbols);
  return [
    ...(shown.uncertainty ? uncertaintyLayers(input, symbols) : []),
    ...(shown.trails ? trailLayers(input) : []),
    ...(shown.vectors ? [vectors(input, [...minis, ...symbols])] : []),
    ...badgeLayers(input.badges, input.atlas, input.palette),
    symbolLayer(input, 'minis', minis),
    symbolLayer(input, 'symbols', symbols),
    alertMarks(input),
    marks(input),
    ...(scene.labels.length ? [names(input)] : []),
  ];
}

const positionOf = ({ position }: DrawnTrack) => position;

/** Circles, and ellipses where a source knows them; small ones would hide under their symbols. */
function uncertaintyLayers(input: LayerInput, tracks: DrawnTrack[]): Layer[] {
  const { scene, centreLat, selectedRow, palette } = input;
  const smallest = smallestCirclePixels * metresPerPixel(centreLat, scene.zoom);
  const wide = ({ row, std }: DrawnTrack) =>
    std * circleOf95 > (row === selectedRow ? smallest / 2 : smallest);
  const line = ({ affiliation }: DrawnTrack): [...Rgb, number] => [...rgb(palette[affiliation]), 150];
  const shown = tracks.filter(wide);
  return [
    new ScatterplotLayer<DrawnTrack>({
      id: 'uncertainty',
      data: shown.filter(({ minor }) => Number.isNaN(minor)),
      getPosition: positionOf,
      getRadius: ({ std }) => std * circleOf95,
      radiusUnits: 'meters',
      stroked: true,
      getFillColor: ({ affiliation }) => [...rgb(palette[affiliation]), 18],
      getLineColor: line,
      lineWidthUnits: 'pixels',
      getLineWidth: 1,
    }),
    new PathLayer<DrawnTrack>({
      id: 'uncertainty-ellipses',
      data: shown.filter(({ minor }) => !Number.isNaN(minor)),
      getPath: ({ position: [lon, lat], std, minor, axis }) =>
        ellipse(lon, lat, std * circleOf95, minor * circleOf95, axis),
      getColor: line,
      getWidth: 1,
      widthUnits: 'pixels',
    }),
  ];
}

/** The stretch from a trail's last point to where the track is now. */
interface TrailEnd {
  from: [number, number];
  to: [number, number];
  sidc: string;
}

function trailEnds({ store, trails }: LayerInput): TrailEnd[] {
  const { lon, lat } = store.table;
  return trails.flatMap(({ number, path, sidc }) => {
    const row = store.table.rowOf(number);
    if (row === undefined) return [];
    return { from: [path.at(-2)!, path.at(-1)!], to: [lon[row]!, lat[row]!], sidc };
  });
}

function trailLayers(input: LayerInput): Layer[] {
  const { palette, trails, store } = input;
  const nowUs = store.nowUs();
  const colour = (sidc: string, opacity: number): [...Rgb, number] => [
    ...rgb(palette[affiliationOf(sidc)]),
    opacity,
  ];
  return [
    new PathLayer<TrailPath>({
      id: 'trails',
      data: trails,
      positionFormat: 'XY',
      _pathType: 'open',
      getPath: ({ path }) => path,
      getColor: ({ sidc, valid }) => Array.from(valid, (us) => colour(sidc, trailOpacity(nowUs - us))),
      getWidth: 1.5,
      widthUnits: 'pixels',
      updateTriggers: { getColor: [palette, Math.floor(nowUs / trailsAgeUs)] },
    }),
    new LineLayer<TrailEnd>({
      id: 'trail-ends',
      data: trailEnds(input),
      getSourcePosition: ({ from }) => from,
      getTargetPosition: ({ to }) => to,
      getColor: ({ sidc }) => colour(sidc, trailOpacity(0)),
      getWidth: 1.5,
      widthUnits: 'pixels',
    }),
  ];
}

/** Where each moving track will be after some time if it keeps its course and speed; aircraft after less. */
function vectors({ scene, centreLat, palette }: LayerInput, tracks: DrawnTrack[]): Layer {
  const minutes = vectorMinutes(centreLat, scene.zoom);
  const airSeconds = airVectorSeconds(centreLat, scene.zoom);
  return new LineLayer<DrawnTrack>({
    id: 'vectors',
    data: tracks.filter(({ speed, course }) => speed > movingMps && !Number.isNaN(course)),
    getSourcePosition: positionOf,
    getTargetPosition: ({ position: [lon, lat], course, speed, sidc }) =>
      destination(lon, lat, course, speed * (isAir(sidc) ? airSeconds : minutes * 60)),
    getColor: ({ affiliation }) => [...rgb(palette[affiliation]), 210],
    getWidth: 1.5,
    widthUnits: 'pixels',
  });
}

function symbolLayer({ atlas, scene }: LayerInput, id: 'symbols' | 'minis', tracks: DrawnTrack[]): Layer {
  const detail = id === 'minis' ? 'mini' : scene.zoom < iconZoom ? 'frame' : 'full';
  const keys = tracks.map(({ sidc, overdue }) => atlas.symbol(sidc, detail, overdue));
  return new IconLayer<DrawnTrack>({
    id,
    data: tracks,
    iconAtlas: atlas.canvas as never,
    iconMapping: atlas.mapping,
    getPosition: positionOf,
    getIcon: (_, { index }) => keys[index]!,
    getSize: detail === 'mini' ? miniIconPixels : symbolPixels(scene.zoom) * iconPerSymbol,
    sizeUnits: 'pixels',
    updateTriggers: { getSize: scene.zoom },
  });
}

/** A diamond around what wants attention: a shape of its own, beside the brackets and the ring. */
function alertMarks({ atlas, palette, scene, store }: LayerInput): Layer {
  const diamond = atlas.sign('alerting', drawDiamond);
  const rows = [...scene.minis, ...scene.symbols].filter((row) => store.isAlerting(row));
  return new IconLayer<DrawnTrack>({
    id: 'alerts',
    data: drawnTracks(store, rows),
    iconAtlas: atlas.canvas as never,
    iconMapping: atlas.mapping,
    getPosition: positionOf,
    getIcon: () => diamond,
    getColor: rgb(palette.alerting),
    getSize: symbolPixels(scene.zoom) * iconPerSymbol * 1.25,
    sizeUnits: 'pixels',
  });
}

/** Brackets around the selected track and a ring around the one under the pointer. */
function marks(input: LayerInput): Layer {
  const { atlas, palette, scene, store, selectedRow, hoveredRow } = input;
  const brackets = atlas.sign('selected', drawBrackets);
  const ring = atlas.sign('hovered', drawRing);
  const rows = [hoveredRow, selectedRow].filter((row) => row !== undefined);
  return new IconLayer<DrawnTrack>({
    id: 'marks',
    data: drawnTracks(store, rows),
    iconAtlas: atlas.canvas as never,
    iconMapping: atlas.mapping,
    getPosition: positionOf,
    getIcon: ({ row }) => (row === selectedRow ? brackets : ring),
    getColor: ({ row }) => (row === selectedRow ? rgb(palette.selected) : rgb(palette.accent)),
    getSize: symbolPixels(scene.zoom) * iconPerSymbol * 1.05,
    sizeUnits: 'pixels',
  });
}

function drawDiamond(context: CanvasRenderingContext2D, middle: number): void {
  const far = middle - 4;
  context.strokeStyle = '#ffffff';
  context.lineWidth = 5;
  context.beginPath();
  context.moveTo(middle, middle - far);
  context.lineTo(middle + far, middle);
  context.lineTo(middle, middle + far);
  context.lineTo(middle - far, middle);
  context.closePath();
  context.stroke();
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

function names({ scene, palette, store, selectedRow }: LayerInput): Layer {
  const { lon, lat, state } = store.table;
  const labels = scene.labels.map((label) => ({
    ...label,
    position: [lon[label.row]!, lat[label.row]!] as [number, number],
    selected: label.row === selectedRow,
    overdue: state[label.row] !== 0,
  }));
  return new TextLayer<(typeof labels)[number]>({
    ...textLook,
    id: 'names',
    data: labels,
    getPosition: ({ position }) => position,
    getText: ({ text }) => text,
    getSize: labelPixels,
    getColor: ({ selected, overdue }) => [
      ...rgb(selected ? palette.selected : palette.label),
      overdue && !selected ? 150 : 255,
    ],
    getTextAnchor: ({ anchor }) => anchor,
    getAlignmentBaseline: 'center',
    getPixelOffset: ({ offset }) => offset,
    outlineColor: [...rgb(palette.halo), 255],
  });
}
