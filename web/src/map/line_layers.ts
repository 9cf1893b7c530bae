/** Lines of bearing as deck.gl layers: which way a thing is from a sensor, and never where. */
import type { Layer } from '@deck.gl/core';
import { LineLayer, PolygonLayer, TextLayer } from '@deck.gl/layers';

import type { MapLine } from './adapter';
import { destination, metresPerPixel } from './geometry';
import { type Palette, rgb } from './palette';
import { labelPixels, textLook } from './text_look';

/** A line that is told no more fades out in this time, as a plot does. */
export const lineSeconds = 30;
/** How far a line is drawn: nothing says how far the thing is. */
export const reachMetres = 40_000;
/** Half the width of what holds 90 % of a normal distribution, in standard deviations. */
export const half90 = 1.6449;
/** How far from its sensor the words of each line stand, so that those of neighbours lie apart. */
const wordsPixels = [110, 150, 190] as const;
/** An old line is fainter, and can still be read. */
const faintest = 0.35;

interface Look {
  palette: Palette;
  zoom: number;
  nowUs: number;
}

/** Lines that are not too old, from the left of each sensor to its right. */
export function shownLines(lines: readonly MapLine[], nowUs: number): MapLine[] {
  const fresh = lines.filter(({ validUs }) => nowUs - validUs < lineSeconds * 1e6);
  return fresh.sort((one, other) => one.bearingDeg - other.bearingDeg);
}

/** The corners of the wedge that holds 90 %; null where nothing says how well the bearing is known. */
export function wedge({ sensor, bearingDeg, stdDeg }: MapLine): [lon: number, lat: number][] | null {
  if (stdDeg === null) return null;
  const half = Math.min(half90 * stdDeg, 60);
  const ends = [-half, 0, half].map((off) =>
    destination(sensor.lon, sensor.lat, bearingDeg + off, reachMetres),
  );
  return [[sensor.lon, sensor.lat], ...ends];
}

export function lineLayers(lines: readonly MapLine[], { palette, zoom, nowUs }: Look): Layer[] {
  const ageS = ({ validUs }: MapLine) => Math.max(0, (nowUs - validUs) / 1e6);
  const colour = (line: MapLine, most: number): [number, number, number, number] => [
    ...rgb(palette.plot),
    Math.round(most * Math.max(faintest, 1 - ageS(line) / lineSeconds)),
  ];
  const data = shownLines(lines, nowUs);
  return [
    new PolygonLayer<MapLine>({
      id: 'line-wedges',
      data: data.filter(({ stdDeg }) => stdDeg !== null),
      getPolygon: (line) => wedge(line)!,
      getFillColor: (line) => colour(line, 52),
      stroked: false,
    }),
    new LineLayer<MapLine>({
      id: 'lines',
      data,
      getSourcePosition: ({ sensor }) => [sensor.lon, sensor.lat],
      getTargetPosition: ({ sensor, bearingDeg }) =>
        destination(sensor.lon, sensor.lat, bearingDeg, reachMetres),
      getColor: (line) => colour(line, 220),
      getWidth: 1.5,
      widthUnits: 'pixels',
    }),
    new TextLayer<MapLine>({
      ...textLook,
      id: 'line-words',
      data,
      getPosition: ({ sensor, bearingDeg }, { index }) => {
        const away = wordsPixels[index % wordsPixels.length]! * metresPerPixel(sensor.lat, zoom);
        return destination(sensor.lon, sensor.lat, bearingDeg, Math.min(away, reachMetres));
      },
      getText: (line) => `${line.number} · ${Math.floor(ageS(line))} s`,
      getSize: labelPixels,
      getColor: rgb(palette.label),
      getAlignmentBaseline: 'center',
      outlineColor: [...rgb(palette.halo), 255],
    }),
  ];
}
