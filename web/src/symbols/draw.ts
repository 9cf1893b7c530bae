/** Draws APP-6 symbols with milsymbol, in the colours of our screens: dark field, frame and icon of one colour. */
import ms from 'milsymbol';

import { affiliationOf, hasFrame, shapeOf } from './sidc';

export type Theme = 'dark' | 'light';

/** `full` with its icon, `frame` without, `mini` the bare filled shape, by the room there is. */
export type Detail = 'full' | 'frame' | 'mini';

type Colours = Parameters<typeof ms.ColorMode>;

/** Frame and icon; civilian, friend, hostile, neutral, unknown, suspect. The hues are those of APP-6. */
const lines: Record<Theme, Colours> = {
  dark: ['#80e0ff', '#80e0ff', '#ff8080', '#aaffaa', '#ffff80', '#ffbd80'],
  light: ['#00557a', '#00557a', '#a80014', '#166000', '#5f5200', '#8a4500'],
};

const fields: Record<Theme, Colours> = {
  dark: ['#0c2a38', '#0c2a38', '#3d1216', '#123214', '#33320e', '#3a2410'],
  light: ['#c9f0ff', '#c9f0ff', '#ffd0d0', '#d5ffd5', '#ffffc2', '#ffe3c8'],
};

const black: Colours = ['#000000', '#000000', '#000000', '#000000', '#000000', '#000000'];

/** The colour of the lines of what is of no known side. */
export function unknownLine(theme: Theme): string {
  return lines[theme][4];
}

/** A canvas of the symbol with its anchor in the middle, `size` pixels being the width of its octagon. */
export function drawSymbol(
  sidc: string,
  size: number,
  theme: Theme,
  detail: Detail = 'full',
): HTMLCanvasElement {
  const mini = detail === 'mini';
  const line = ms.ColorMode(...lines[theme]);
  // Parts that the standard draws black would vanish on a dark field; milsymbol knows them by this name.
  ms.setColorMode('Black', theme === 'dark' ? line : ms.ColorMode(...black));
  const symbol = new ms.Symbol(sidc, {
    size,
    square: true,
    standard: 'APP6',
    civilianColor: false,
    icon: detail === 'full',
    infoFields: false,
    colorMode: ms.ColorMode(...(mini ? lines : fields)[theme]),
    frameColor: line,
    iconColor: line,
    strokeWidth: { full: 8, frame: 16, mini: 8 }[detail],
    outlineColor: theme === 'dark' ? '#05080c' : '#ffffff',
    outlineWidth: mini ? 10 : 3,
  });
  // The standard draws a line or an area by its geometry; a list wants a sign for it.
  if (!hasFrame(sidc) && !symbol.isValid()) return drawShape(sidc, size, theme);
  return symbol.asCanvas();
}

/** Where the columns of colours above have the five affiliations. */
const COLUMN = { pending: 4, unknown: 4, friend: 1, neutral: 3, hostile: 2 } as const;
/** On a square of 20: a line with three bends, an area with five corners. */
const CORNERS = {
  line: [3, 15, 8, 6, 12, 13, 17, 4],
  area: [3, 7, 10, 3, 17, 8, 15, 16, 5, 15],
} as const;

/** A small line or area in the colours of its side, twice as large as it is shown. */
function drawShape(sidc: string, size: number, theme: Theme): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.round(size * 2);
  const context = canvas.getContext('2d')!;
  const [shape, column] = [shapeOf(sidc), COLUMN[affiliationOf(sidc)]];
  const corners = CORNERS[shape];
  const path = new Path2D();
  for (let i = 0; i < corners.length; i += 2) path.lineTo(corners[i]!, corners[i + 1]!);
  if (shape === 'area') path.closePath();
  context.scale(canvas.width / 20, canvas.height / 20);
  context.lineCap = context.lineJoin = 'round';
  context.strokeStyle = context.fillStyle = lines[theme][column];
  context.lineWidth = 1.75;
  context.globalAlpha = 0.25;
  if (shape === 'area') context.fill(path);
  context.globalAlpha = 1;
  context.stroke(path);
  for (const end of shape === 'line' ? [0, corners.length - 2] : []) {
    context.beginPath();
    context.arc(corners[end]!, corners[end + 1]!, 2.25, 0, 2 * Math.PI);
    context.fill();
  }
  return canvas;
}
