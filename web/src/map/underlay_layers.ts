/** What sensors detected, and the selected thing as each of its sources follows it, as deck.gl layers. */
import type { Layer } from '@deck.gl/core';
import { LineLayer, PathLayer, ScatterplotLayer, TextLayer } from '@deck.gl/layers';

import type { Place } from '../position/grid';
import type { MapForecast, MapPlot, MapSourceTrack, MapUnderlay } from './adapter';
import { lineLayers, shownLines } from './line_layers';
import { circleOf95, destination, ellipse, mercatorX, mercatorY, worldPixels } from './geometry';
import { type Palette, rgb } from './palette';
import { labelPixels, textLook } from './text_look';

/** A plot fades out in this time. */
export const plotSeconds = 30;
/** From this zoom on the error ellipses of plots are larger than their marks. */
const plotEllipseZoom = 11;
/** How far a line of bearing is drawn where nothing says how far the thing is. */
const bearingMetres = 40_000;
/** From here on a source's name is not taken for another's. */
const besidePixels = 60;

interface Look {
  palette: Palette;
  zoom: number;
  nowUs: number;
  /** Where the picture has the selected thing; null where it is not shown. */
  selected: [lon: number, lat: number] | null;
}

export const emptyUnderlay: MapUnderlay = { plots: [], lines: [], sourceTracks: [], forecasts: [] };

/** Opacity of a plot of an age in seconds, 0 to 1: the newest stand out. */
export function plotOpacity(ageS: number): number {
  return Math.min(1, Math.max(0, 1 - ageS / plotSeconds));
}

/** The lowest first. */
export function underlayLayers({ plots, lines, sourceTracks, forecasts }: MapUnderlay, look: Look): Layer[] {
  const shown = plots.filter(({ validUs }) => plotOpacity((look.nowUs - validUs) / 1e6) > 0);
  return [
    ...(shown.length ? plotLayers(shown, look) : []),
    ...(shownLines(lines, look.nowUs).length ? lineLayers(lines, look) : []),
    ...(forecasts.length ? forecastLayers(forecasts, look) : []),
    ...(sourceTracks.length ? sourceTrackLayers(sourceTracks, look) : []),
  ];
}

const at = ({ lon, lat }: Place): [number, number] => [lon, lat];

type Placed<T> = T & { place: Place };
const hasPlace = <T extends { place: Place | null }>(item: T): item is Placed<T> => item.place !== null;

function plotLayers(plots: readonly MapPlot[], { palette, zoom, nowUs }: Look): Layer[] {
  const colour = ({ validUs }: MapPlot, most: number): [number, number, number, number] => [
    ...rgb(palette.plot),
    Math.round(most * plotOpacity((nowUs - validUs) / 1e6)),
  ];
  const placed = plots.filter(hasPlace);
  const bearings = plots.filter((plot) => plot.place === null && plot.sensor && plot.bearingDeg !== null);
  return [
    new LineLayer<MapPlot>({
      id: 'bearings',
      data: bearings,
      getSourcePosition: ({ sensor }) => at(sensor!),
      getTargetPosition: ({ sensor, bearingDeg, rangeM }) =>
        destination(sensor!.lon, sensor!.lat, bearingDeg!, rangeM ?? bearingMetres),
      getColor: (plot) => colour(plot, 150),
      getWidth: 1,
      widthUnits: 'pixels',
    }),
    ...(zoom >= plotEllipseZoom ? [ellipses('plot-ellipses', placed, (plot) => colour(plot, 110))] : []),
    new ScatterplotLayer<Placed<MapPlot>>({
      id: 'plots',
      data: placed,
      getPosition: ({ place }) => at(place),
      getRadius: 2.5,
      radiusUnits: 'pixels',
      getFillColor: (plot) => colour(plot, 230),
    }),
  ];
}

/** Error ellipses that hold 95 %. */
function ellipses<T extends Placed<MapPlot | MapSourceTrack>>(
  id: string,
  items: readonly T[],
  getColor: (item: T) => [number, number, number, number],
): Layer {
  return new PathLayer<T>({
    id,
    data: items.filter(({ stdM }) => stdM !== null && stdM > 0),
    getPath: ({ place, stdM, minorM, axisDeg }) =>
      ellipse(place.lon, place.lat, stdM! * circleOf95, (minorM ?? stdM!) * circleOf95, axisDeg ?? 0),
    getColor,
    getWidth: 1,
    widthUnits: 'pixels',
  });
}

/** How far below its place each name stands: under the symbol one below the other, for they would lie on it. */
export function nameOffsets(
  tracks: readonly Placed<MapSourceTrack>[],
  symbol: [lon: number, lat: number] | null,
  world: number,
): number[] {
  let under = 0;
  return tracks.map(({ place }) => {
    if (symbol === null) return 14;
    const east = (mercatorX(place.lon) - mercatorX(symbol[0])) * world;
    const south = (mercatorY(place.lat) - mercatorY(symbol[1])) * world;
    const isUnder = Math.abs(east) < besidePixels && Math.abs(south) < besidePixels;
    return isUnder ? 30 + 14 * under++ - south : 14;
  });
}

/** Each source's own place with its ellipse, tied to the symbol that is made of them; what is left out is hollow. */
function sourceTrackLayers(tracks: readonly MapSourceTrack[], { palette, selected, zoom }: Look): Layer[] {
  const placed: Placed<MapSourceTrack>[] = [...tracks];
  const line = [...rgb(palette.selected), 150] as [number, number, number, number];
  const ties = selected === null ? [] : placed;
  const offsets = nameOffsets(placed, selected, worldPixels(zoom));
  return [
    ellipses('source-ellipses', placed, () => line),
    new LineLayer<Placed<MapSourceTrack>>({
      id: 'source-ties',
      data: ties,
      getSourcePosition: ({ place }) => at(place),
      getTargetPosition: () => selected!,
      getColor: line,
      getWidth: 1,
      widthUnits: 'pixels',
    }),
    new ScatterplotLayer<Placed<MapSourceTrack>>({
      id: 'source-tracks',
      data: placed,
      getPosition: ({ place }) => at(place),
      getRadius: 4.5,
      radiusUnits: 'pixels',
      stroked: true,
      getFillColor: ({ agrees }) => [...rgb(palette.selected), agrees === false ? 0 : 220],
      getLineColor: [...rgb(palette.selected), 255],
      lineWidthUnits: 'pixels',
      getLineWidth: 1.5,
    }),
    new TextLayer<Placed<MapSourceTrack>>({
      ...textLook,
      id: 'source-names',
      data: placed,
      getPosition: ({ place }) => at(place),
      getText: ({ name }) => name,
      getSize: labelPixels,
      getColor: rgb(palette.label),
      getPixelOffset: (_, { index }) => [0, offsets[index]!],
      getAlignmentBaseline: 'center',
      outlineColor: [...rgb(palette.halo), 255],
    }),
  ];
}

/** The way ahead with the areas that hold 50 and 90 of 100, the larger one fainter. */
function forecastLayers(forecasts: readonly MapForecast[], { palette, selected }: Look): Layer[] {
  const areas = forecasts.flatMap(({ place, axisDeg, halfM, mostM }) => [
    { place, axisDeg, halfAxes: mostM, opacity: 120 },
    { place, axisDeg, halfAxes: halfM, opacity: 220 },
  ]);
  const way = [...(selected === null ? [] : [selected]), ...forecasts.map(({ place }) => at(place))];
  return [
    new PathLayer({
      id: 'forecast-areas',
      data: areas,
      getPath: ({ place, axisDeg, halfAxes }: (typeof areas)[number]) =>
        ellipse(place.lon, place.lat, halfAxes[0], halfAxes[1], axisDeg),
      getColor: ({ opacity }: (typeof areas)[number]) => [...rgb(palette.selected), opacity],
      getWidth: 1,
      widthUnits: 'pixels',
    }),
    new PathLayer({
      id: 'forecast-way',
      data: [way],
      getPath: (path: [number, number][]) => path,
      getColor: [...rgb(palette.selected), 110],
      getWidth: 1,
      widthUnits: 'pixels',
    }),
    new TextLayer<MapForecast>({
      ...textLook,
      id: 'forecast-names',
      data: forecasts,
      getPosition: ({ place }) => at(place),
      getText: ({ name }) => name,
      getSize: labelPixels,
      getColor: rgb(palette.label),
      getAlignmentBaseline: 'center',
      outlineColor: [...rgb(palette.halo), 255],
    }),
  ];
}
