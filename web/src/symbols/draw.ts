/** Draws APP-6 symbols with milsymbol, in the colours of our screens: dark field, frame and icon of one colour. */
import ms from 'milsymbol';

export type Theme = 'dark' | 'light';

/** `mini`: the bare frame, filled, where there is no room for more. `fading`: a report is overdue. */
export type Variant = 'live' | 'fading' | 'mini' | 'mini-fading';

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

/** A canvas of the symbol with its anchor in the middle, `size` pixels being the width of its octagon. */
export function drawSymbol(
  sidc: string,
  size: number,
  theme: Theme,
  variant: Variant = 'live',
): HTMLCanvasElement {
  const mini = variant.startsWith('mini');
  const line = ms.ColorMode(...lines[theme]);
  const symbol = new ms.Symbol(sidc, {
    size,
    square: true,
    standard: 'APP6',
    civilianColor: false,
    icon: !mini,
    infoFields: false,
    colorMode: ms.ColorMode(...(mini ? lines : fields)[theme]),
    frameColor: line,
    iconColor: line,
    strokeWidth: mini ? 8 : 6,
    outlineColor: theme === 'dark' ? '#05080c' : '#ffffff',
    outlineWidth: mini ? 10 : 5,
  });
  return symbol.asCanvas();
}
