/** Draws tactical graphics beside the page: the renderer is large and would hold the map up. */
import type { AskedGraphic, Graphic, GraphicView } from './tactical';
import { render } from './tactical_render';

export interface Order {
  view: GraphicView;
  asked: AskedGraphic[];
}

export interface Delivery {
  graphics: Graphic[];
  /** Why some could not be drawn. */
  failures: string[];
}

self.onmessage = ({ data: { view, asked } }: MessageEvent<Order>) => {
  const delivery: Delivery = { graphics: [], failures: [] };
  for (const one of asked) {
    try {
      const graphic = render(one, view);
      if (graphic) delivery.graphics.push(graphic);
    } catch (error) {
      delivery.failures.push(`${one.object} (${one.sidc}): ${String(error)}`);
    }
  }
  self.postMessage(delivery);
};
