/** Draws APP-6 symbols with milsymbol, in the colours of our screens: dark field, frame and icon of one colour. */
import ms from 'milsymbol';

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
  return symbol.asCanvas();
}
