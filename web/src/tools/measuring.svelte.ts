/** Measuring: distance and course from corner to corner, on the shortest way or on a constant course. */
import { language } from '../i18n/index.svelte';
import type { SketchPart } from '../map';
import { type Leg, leg, type LineKind, linePath } from '../position/lines';
import { CornerTool } from './corner_tool.svelte';
import { add } from './corners';
import { linePart, vertexPart } from './sketch';
import { tools } from './tools.svelte';
import { courseText, distanceText } from './words';

export interface MeasuredLeg extends Leg {
  /** From the first corner to the end of this leg. */
  totalM: number;
}

export class Measuring extends CornerTool {
  readonly name = 'measure';
  kind = $state<LineKind>('great_circle');

  /** Every leg, the one to the pointer last while the line goes on. */
  readonly legs: MeasuredLeg[] = $derived.by(() => {
    let totalM = 0;
    return this.#places().map(([from, to]) => {
      const found = leg(from, to, this.kind);
      totalM += found.distanceM;
      return { ...found, totalM };
    });
  });

  readonly sketch: SketchPart[] = $derived.by(() => {
    const pairs = this.#places();
    return [
      ...pairs.map(([from, to], i) =>
        linePart(linePath(from, to, this.kind), i < this.corners.length - 1 ? 'line' : 'preview'),
      ),
      ...this.corners.map((corner) => vertexPart(corner)),
      ...pairs.map(([, to], i) => ({ ...vertexPart(to, this.#label(this.legs[i]!)), role: 'text' as const })),
    ];
  });

  cancel(): void {
    if (this.corners.length > 0) this.clear();
    else tools.close();
  }

  #places() {
    // A hand that rests on the last corner makes no leg.
    const all = this.finished || this.pointer === null ? this.corners : add(this.corners, this.pointer);
    return all.slice(1).map((to, i) => [all[i]!, to] as const);
  }

  #label({ courseDeg, distanceM }: Leg): string {
    return `${courseText(courseDeg)}  ${distanceText(distanceM, language())}`;
  }
}
