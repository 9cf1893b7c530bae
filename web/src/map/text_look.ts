/** How texts are set that the graphics card draws. */
export const labelFont = "'Inter Variable', Inter, system-ui, sans-serif";
export const labelPixels = 12;

export const textLook = {
  fontFamily: labelFont,
  fontWeight: 600,
  fontSettings: { sdf: true, fontSize: 48, buffer: 8, radius: 14, smoothing: 0.16 },
  characterSet: 'auto',
  sizeUnits: 'pixels',
  outlineWidth: 4,
} as const;
