/**
 * Who gets room on a crowded map: greedy, the most important first, on grids so that each question looks at
 * a few neighbours only. All coordinates are pixels.
 */

const cellKey = (column: number, row: number): number => column * 0x100000 + row;

/** Points that keep a distance from each other. */
export class Spacing {
  private readonly taken = new Map<number, [x: number, y: number][]>();

  constructor(private readonly distance: number) {}

  /** Takes the place when nobody stands nearer than the distance; says whether it did. */
  take(x: number, y: number): boolean {
    const column = Math.floor(x / this.distance);
    const row = Math.floor(y / this.distance);
    for (let c = column - 1; c <= column + 1; c++)
      for (let r = row - 1; r <= row + 1; r++)
        for (const [px, py] of this.taken.get(cellKey(c, r)) ?? [])
          if ((px - x) ** 2 + (py - y) ** 2 < this.distance ** 2) return false;
    const here = this.taken.get(cellKey(column, row));
    if (here) here.push([x, y]);
    else this.taken.set(cellKey(column, row), [[x, y]]);
    return true;
  }
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Boxes that do not overlap. */
export class Boxes {
  private readonly taken = new Map<number, Box[]>();

  constructor(private readonly cell = 32) {}

  free(box: Box): boolean {
    let free = true;
    this.eachCell(box, (key) => {
      for (const other of this.taken.get(key) ?? [])
        if (
          box.left < other.right &&
          other.left < box.right &&
          box.top < other.bottom &&
          other.top < box.bottom
        )
          free = false;
    });
    return free;
  }

  add(box: Box): void {
    this.eachCell(box, (key) => {
      const here = this.taken.get(key);
      if (here) here.push(box);
      else this.taken.set(key, [box]);
    });
  }

  private eachCell(box: Box, visit: (key: number) => void): void {
    const { cell } = this;
    for (let c = Math.floor(box.left / cell); c <= Math.floor(box.right / cell); c++)
      for (let r = Math.floor(box.top / cell); r <= Math.floor(box.bottom / cell); r++) visit(cellKey(c, r));
  }
}
