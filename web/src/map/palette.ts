/** The colours of the map, read from the tokens of style/tokens.css and map.css. */

export type Rgb = [red: number, green: number, blue: number];

const names = {
  sea: '--map-sea',
  land: '--map-land',
  coast: '--map-coast',
  border: '--map-border',
  graticule: '--map-graticule',
  textSea: '--map-text-sea',
  textLand: '--map-text-land',
  textPlace: '--map-text-place',
  halo: '--map-halo',
  label: '--map-label',
  selected: '--selected',
  accent: '--accent',
  alerting: '--serious',
  surface: '--surface-2',
  line: '--line-strong',
  text: '--text',
  feature: '--map-feature',
  plot: '--map-plot',
  pending: '--unknown',
  unknown: '--unknown',
  friend: '--friend',
  neutral: '--neutral',
  hostile: '--hostile',
} as const;

export type Palette = Record<keyof typeof names, string>;

export function readPalette(host: HTMLElement): Palette {
  const style = getComputedStyle(host);
  const entries = Object.entries(names).map(([key, name]) => [key, style.getPropertyValue(name).trim()]);
  return Object.fromEntries(entries) as Palette;
}

/** `#rrggbb`, or `#rgb` as a minifier writes it, as numbers for the graphics card. */
export function rgb(hex: string): Rgb {
  const digits =
    hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1, 7);
  const value = Number.parseInt(digits, 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
