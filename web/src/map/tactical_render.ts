/** One tactical graphic as the renderer draws it. Only the worker loads this: the renderer is large. */
import { Modifiers, WebRenderer } from '@armyc2.c5isr.renderer/mil-sym-ts-web';

import { type AskedGraphic, frameOf, type Graphic, graphicOf, type GraphicView, pointsIn } from './tactical';

/**
 * Null where it lies outside the view.
 *
 * @throws Error where the renderer cannot draw this.
 */
export function render(asked: AskedGraphic, view: GraphicView): Graphic | null {
  const frame = frameOf(asked, view);
  // The renderer copies texts into its JSON as they are: a quotation mark in a name would end the string.
  const designation = JSON.stringify(asked.name).slice(1, -1);
  const modifiers = new Map([[Modifiers.T_UNIQUE_DESIGNATION_1, designation]]);
  const text = WebRenderer.RenderSymbol2D(
    asked.object,
    '',
    '',
    asked.sidc,
    pointsIn(frame, asked.points),
    frame.width,
    frame.height,
    frame.bbox.join(','),
    modifiers,
    new Map(),
    WebRenderer.OUTPUT_FORMAT_GEOJSON,
  );
  return graphicOf(text, asked, frame);
}
