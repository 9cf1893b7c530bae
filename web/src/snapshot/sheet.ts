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
  /** How long so many pixels are, and how far ahead the speed vectors look, where they are drawn. */
  scale: ScaleBar;
  vectors: string;
  /** Left and right of the lower line: who and when, where. */
  left: string;
  right: string;
}

const bandPixels = 26;
const linePixels = 24;
const platePixels = 34;
/** From the plate to the edges of the map. */
const edgePixels = 8;
const ink = '#10171f';
const font = "600 13px 'Inter Variable', Inter, sans-serif";
const plain = "400 12px 'Inter Variable', Inter, sans-serif";

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
  scalePlate(context, imprint, bandPixels + height - edgePixels);
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

/** The scale on a plate in the lower left corner of the map; `bottom` is the plate's lower edge. */
function scalePlate(context: CanvasRenderingContext2D, { scale, vectors }: Imprint, bottom: number): void {
  const words = vectors === '' ? scale.label : `${scale.label}   ·   ${vectors}`;
  context.font = plain;
  const width = Math.max(scale.pixels, context.measureText(words).width) + 16;
  context.fillStyle = '#ffffff';
  context.fillRect(edgePixels, bottom - platePixels, width, platePixels);
  context.fillStyle = ink;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillText(words, edgePixels + 8, bottom - platePixels + 6);
  context.strokeStyle = ink;
  const [left, foot] = [edgePixels + 8.5, bottom - 8.5];
  context.beginPath();
  context.moveTo(left, foot - 5);
  context.lineTo(left, foot);
  context.lineTo(left + scale.pixels, foot);
  context.lineTo(left + scale.pixels, foot - 5);
  context.stroke();
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
