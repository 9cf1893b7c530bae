/** How texts are set that the graphics card draws. */
export const labelFont = "'Inter Variable', Inter, system-ui, sans-serif";
export const labelPixels = 12;

export const textLook = {
  fontFamily: labelFont,
  fontWeight: 500,
  fontSettings: { sdf: true, fontSize: 48, buffer: 8, radius: 14, smoothing: 0.16 },
  characterSet: 'auto',
  sizeUnits: 'pixels',
  outlineWidth: 4,
} as const;

/** Many more names than a map shows at a time; a map is open for days, and ships come and go. */
const widthsAtMost = 5000;

/** Widths of texts in pixels as the labels are set, measured once as long as they are remembered. */
export class TextRuler {
  private readonly ink = document.createElement('canvas').getContext('2d')!;
  private readonly widths = new Map<string, number>();

  constructor() {
    this.ink.font = `${textLook.fontWeight} ${labelPixels}px ${labelFont}`;
  }

  width(text: string): number {
    let width = this.widths.get(text);
    if (width === undefined) {
      width = this.ink.measureText(text).width;
      if (this.widths.size >= widthsAtMost) this.widths.clear();
      this.widths.set(text, width);
    }
    return width;
  }
}
