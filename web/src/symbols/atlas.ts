/** One canvas that holds every symbol drawn so far, for the graphics card. Each variant is drawn once. */
import { type Detail, drawSymbol, type Theme, unknownLine } from './draw';
import { frameCode, hasFrame } from './sidc';

/** Where an icon lies in the atlas, as deck.gl's IconLayer wants it. */
export interface IconPlace {
  x: number;
  y: number;
  width: number;
  height: number;
  anchorX: number;
  anchorY: number;
  mask: boolean;
}

/** Pixels of one icon's square in the atlas, and of the symbol's octagon in it: sharp at twice the size. */
const cell = 80;
const octagon = 38;
const columns = 12;
const firstRows = 4;

export class SymbolAtlas {
  /** A new canvas whenever an icon was added, so that whoever holds the old one can see the change. */
  canvas: HTMLCanvasElement;
  mapping: Record<string, IconPlace> = {};
  private used = 0;

  constructor(readonly theme: Theme) {
    this.canvas = newCanvas(firstRows);
  }

  /** The key of a symbol in `mapping`; draws it when it is new. `fading`: a report is overdue. */
  symbol(sidc: string, detail: Detail, fading: boolean): string {
    const code = detail === 'full' ? sidc : frameCode(sidc);
    const key = `${code}/${detail}/${fading}`;
    if (!this.mapping[key]) this.add(key, (context) => this.drawVariant(context, code, detail, fading));
    return key;
  }

  /** Adds a sign of our own, white, to be coloured where it is drawn. */
  sign(name: string, draw: (context: CanvasRenderingContext2D, middle: number) => void): string {
    if (!this.mapping[name]) this.add(name, (context) => draw(context, cell / 2), true);
    return name;
  }

  private drawVariant(
    context: CanvasRenderingContext2D,
    sidc: string,
    detail: Detail,
    fading: boolean,
  ): void {
    if (detail !== 'full' && !hasFrame(sidc)) return drawMark(context, this.theme);
    const symbol = drawSymbol(sidc, octagon, this.theme, detail);
    context.globalAlpha = fading ? 0.45 : detail === 'mini' ? 0.6 : 1;
    context.drawImage(symbol, (cell - symbol.width) / 2, (cell - symbol.height) / 2);
    context.globalAlpha = 1;
    if (fading && detail !== 'mini') drawClock(context, this.theme);
  }

  private add(key: string, draw: (context: CanvasRenderingContext2D) => void, mask = false): void {
    const [column, row] = [this.used % columns, Math.floor(this.used / columns)];
    this.used += 1;
    const rows = this.canvas.height / cell;
    const next = newCanvas(row < rows ? rows : rows * 2);
    const context = next.getContext('2d')!;
    context.drawImage(this.canvas, 0, 0);
    context.translate(column * cell, row * cell);
    draw(context);
    this.canvas = next;
    const place = { x: column * cell, y: row * cell, width: cell, height: cell };
    this.mapping = { ...this.mapping, [key]: { ...place, anchorX: cell / 2, anchorY: cell / 2, mask } };
  }
}

function newCanvas(rows: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = columns * cell;
  canvas.height = rows * cell;
  return canvas;
}

/** A mark of no frame, small: a cross strong enough to be seen, where its own sign would be a hair. */
function drawMark(context: CanvasRenderingContext2D, theme: Theme): void {
  const [near, far] = [cell * 0.22, cell * 0.78];
  context.strokeStyle = unknownLine(theme);
  context.lineWidth = 11;
  context.beginPath();
  context.moveTo(near, near);
  context.lineTo(far, far);
  context.moveTo(far, near);
  context.lineTo(near, far);
  context.stroke();
}

/** The sign of an overdue report: a small clock at the lower right, whatever the colour. */
function drawClock(context: CanvasRenderingContext2D, theme: Theme): void {
  const [x, y, radius] = [cell * 0.74, cell * 0.74, cell * 0.13];
  context.lineWidth = 3;
  context.lineCap = 'round';
  context.fillStyle = theme === 'dark' ? '#05080c' : '#ffffff';
  context.strokeStyle = theme === 'dark' ? '#e7ecf3' : '#10171f';
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  context.beginPath();
  context.moveTo(x, y - radius * 0.6);
  context.lineTo(x, y);
  context.lineTo(x + radius * 0.5, y);
  context.stroke();
}
