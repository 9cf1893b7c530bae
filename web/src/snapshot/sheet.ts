/** A picture of the map that can leave the screen: its marking stands on it, above and below. */
import type { ScaleBar } from '../map';

export interface Imprint {
  /** The joined marking of everything that is shown. */
  marking: string;
  /** Colours of the marking's classification. */
  back: string;
  ink: string;
  /** EXERCISE, PAST, REPLAY: what must not be forgotten. */
  signs: readonly string[];
  /** For each map in the image. */
  plates: readonly Plate[];
  /** Whom the basemap's licence wants named; empty: nobody. */
  attribution: string;
  /** Left and right of the lower line: who and when, where. */
  left: string;
  right: string;
}

/** How long so many pixels are, with what else must be known of one map. */
export interface Plate {
  scale: ScaleBar;
  /** How far ahead the speed vectors look, and where this map is where there are several. */
  words: readonly string[];
  /** The map's lower left corner within the image, in pixels of the screen. */
  left: number;
  bottom: number;
}

/** One map as it was photographed, and where it lies among the others. */
export interface Photographed {
  image: HTMLCanvasElement;
  left: number;
  top: number;
  width: number;
  height: number;
}

const bandPixels = 26;
const linePixels = 24;
const platePixels = 34;
/** From the plate to the edges of the map. */
const edgePixels = 8;
const ink = '#10171f';
const font = "600 13px 'Inter Variable', Inter, sans-serif";
const plain = "400 12px 'Inter Variable', Inter, sans-serif";

/** Maps side by side as on the screen, in one image. */
export function together(maps: readonly Photographed[], ratio: number): HTMLCanvasElement {
  const sheet = document.createElement('canvas');
  sheet.width = Math.round(Math.max(...maps.map(({ left, width }) => left + width)) * ratio);
  sheet.height = Math.round(Math.max(...maps.map(({ top, height }) => top + height)) * ratio);
  const context = sheet.getContext('2d')!;
  for (const { image, left, top, width, height } of maps) {
    context.drawImage(image, left * ratio, top * ratio, width * ratio, height * ratio);
  }
  return sheet;
}

/** The image framed by its marking; `ratio` is how many pixels of the image are one of the screen. */
export function sheetOf(image: HTMLCanvasElement, imprint: Imprint, ratio: number): HTMLCanvasElement {
  const [width, height] = [image.width / ratio, image.height / ratio];
  const whole = height + 2 * bandPixels + linePixels;
  const sheet = document.createElement('canvas');
  [sheet.width, sheet.height] = [image.width, Math.round(whole * ratio)];
  const context = sheet.getContext('2d')!;
  context.scale(ratio, ratio);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, whole);
  context.drawImage(image, 0, bandPixels, width, height);
  for (const plate of imprint.plates) scalePlate(context, plate);
  if (imprint.attribution !== '') credit(context, imprint.attribution, width, bandPixels + height);
  const words = [...imprint.signs, imprint.marking].join('   ·   ');
  for (const top of [0, whole - bandPixels]) band(context, words, imprint, top, width);
  context.font = plain;
  context.fillStyle = ink;
  const middle = bandPixels + height + linePixels / 2;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillText(imprint.left, 8, middle);
  context.textAlign = 'right';
  context.fillText(imprint.right, width - 8, middle);
  return sheet;
}

/** The scale on a plate in the lower left corner of its map. */
function scalePlate(context: CanvasRenderingContext2D, plate: Plate): void {
  const { scale } = plate;
  const edge = plate.left + edgePixels;
  const bottom = bandPixels + plate.bottom - edgePixels;
  const words = [scale.label, ...plate.words].join('   ·   ');
  context.font = plain;
  const width = Math.max(scale.pixels, context.measureText(words).width) + 16;
  context.fillStyle = '#ffffff';
  context.fillRect(edge, bottom - platePixels, width, platePixels);
  context.fillStyle = ink;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillText(words, edge + 8, bottom - platePixels + 6);
  context.strokeStyle = ink;
  const [left, foot] = [edge + 8.5, bottom - 8.5];
  context.beginPath();
  context.moveTo(left, foot - 5);
  context.lineTo(left, foot);
  context.lineTo(left + scale.pixels, foot);
  context.lineTo(left + scale.pixels, foot - 5);
  context.stroke();
}

/** In the lower right corner, as on the screen; what is longer than half the image is made narrower. */
function credit(context: CanvasRenderingContext2D, words: string, width: number, bottom: number): void {
  context.font = plain;
  const most = width / 2;
  const wide = Math.min(most, context.measureText(words).width);
  context.fillStyle = '#ffffff';
  context.fillRect(width - wide - 8, bottom - 18, wide + 8, 18);
  context.fillStyle = ink;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.fillText(words, width - 4, bottom - 9, most);
}

function band(
  context: CanvasRenderingContext2D,
  words: string,
  imprint: Imprint,
  top: number,
  width: number,
): void {
  context.fillStyle = imprint.back;
  context.fillRect(0, top, width, bandPixels);
  context.font = font;
  context.fillStyle = imprint.ink;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(words, width / 2, top + bandPixels / 2, width - 16);
}
