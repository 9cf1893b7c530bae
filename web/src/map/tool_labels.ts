/** What a tool writes on the map: on plates above the symbols, for it is what one looks at just now. */
import type { Layer } from '@deck.gl/core';
import { TextLayer } from '@deck.gl/layers';
import type { Point } from 'geojson';

import type { SketchPart } from './adapter';
import { type Box, Boxes } from './declutter';
import { type Palette, rgb } from './palette';
import { type Camera, toPixels } from './scene';
import { labelPixels, textLook } from './text_look';

const padding = 3;
const lineHeight = 14;
/** From the place to the text's middle, upwards: clear of a corner's dot. */
const rise = 16;
const restMs = 150;

export interface ToolLabel {
  position: [lon: number, lat: number];
  text: string;
  /** Its plate, in pixels from the map's middle. */
  box: Box;
}

/** The texts of a sketch that have room beside each other; the first to come stay. */
export function toolLabels(
  parts: readonly SketchPart[],
  camera: Camera,
  textWidth: (text: string) => number,
): ToolLabel[] {
  const pixels = toPixels(camera);
  const boxes = new Boxes();
  return parts.flatMap(({ geometry, text }) => {
    if (text === '') return [];
    const [lon = 0, lat = 0] = (geometry as Point).coordinates;
    const [x, y] = pixels(lon, lat);
    const [half, high] = [textWidth(text) / 2 + padding, lineHeight / 2 + padding];
    const box = { left: x - half, right: x + half, top: y - rise - high, bottom: y - rise + high };
    if (!boxes.free(box)) return [];
    boxes.add(box);
    return { position: [lon, lat] as [number, number], text, box };
  });
}

/** The texts of the sketch as it is now. */
export class ToolWriting {
  private parts: readonly SketchPart[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `rested`: the names of the tracks make room when the hand rests, not with each move of the pointer. */
  constructor(
    private readonly textWidth: (text: string) => number,
    private readonly rested: () => void,
  ) {}

  set(parts: readonly SketchPart[]): void {
    if (!parts.length && !this.parts.length) return;
    this.parts = parts;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.rested, restMs);
  }

  labels(camera: Camera): ToolLabel[] {
    return toolLabels(this.parts, camera, this.textWidth);
  }

  end(): void {
    clearTimeout(this.timer);
  }
}

export function toolLabelLayers(labels: ToolLabel[], palette: Palette): Layer[] {
  if (!labels.length) return [];
  const layer = new TextLayer<ToolLabel>({
    ...textLook,
    id: 'tool-labels',
    data: labels,
    getPosition: ({ position }) => position,
    getText: ({ text }) => text,
    getSize: labelPixels,
    getColor: rgb(palette.label),
    getPixelOffset: [0, -rise],
    getAlignmentBaseline: 'center',
    outlineColor: [...rgb(palette.halo), 255],
    background: true,
    getBackgroundColor: [...rgb(palette.halo), 225],
    backgroundPadding: [padding, padding - 1],
    backgroundBorderRadius: 2,
  });
  return [layer];
}
