/** How texts are set that the graphics card draws. */
export const labelFont = "'Inter Variable', Inter, system-ui, sans-serif";
export const labelPixels = 12;

export const textLook = {
  fontFamily: labelFont,
  fontWeight: 500,
  fontSettings: { sdf: true, fontSize: 36, buffer: 6, radius: 10 },
  characterSet: 'auto',
  sizeUnits: 'pixels',
  outlineWidth: 3,
} as const;
