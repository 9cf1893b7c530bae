/** A picture of the map that can leave the screen: its marking stands on it, above and below. */

export interface Imprint {
  /** The joined marking of everything that is shown. */
  marking: string;
  /** Colours of the marking's classification. */
  back: string;
  ink: string;
  /** EXERCISE, PAST, REPLAY: what must not be forgotten. */
  signs: readonly string[];
  /** Left and right of the lower line: who and when, where. */
  left: string;
  right: string;
}

const bandPixels = 26;
const linePixels = 24;
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
  const words = [...imprint.signs, imprint.marking].join('   ·   ');
  for (const top of [0, whole - bandPixels]) band(context, words, imprint, top, width);
  context.font = plain;
  context.fillStyle = '#10171f';
  const middle = bandPixels + height + linePixels / 2;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillText(imprint.left, 8, middle);
  context.textAlign = 'right';
  context.fillText(imprint.right, width - 8, middle);
  return sheet;
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
