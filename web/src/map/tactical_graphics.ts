/** The tactical graphics of control measures (decision 0125), drawn anew when the map has come to rest. */
import type { MapFeature } from './adapter';
import { type AskedGraphic, controlPoints, type Graphic, type GraphicView } from './tactical';
import type { Delivery, Order } from './tactical_worker';

/** A map that is followed or flown moves many times a second. */
const restMs = 150;

export class TacticalGraphics {
  private asked: AskedGraphic[] = [];
  private worker: Worker | null = null;
  private failed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** One order at a time; what changes meanwhile is one order more. */
  private busy = false;
  private stale = false;

  constructor(
    private readonly view: () => GraphicView,
    private readonly deliver: (graphics: readonly Graphic[]) => void,
  ) {}

  setFeatures(features: readonly MapFeature[]): void {
    const hadSome = this.asked.length > 0;
    this.asked = features.flatMap(asGraphic);
    if (this.asked.length) this.order();
    else if (hadSome) this.deliver([]);
  }

  /** After a move: what is drawn in pixels has another size on the ground. */
  moved(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.order(), restMs);
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.worker?.terminate();
  }

  private order(): void {
    this.stale = this.busy;
    if (this.busy || this.failed || !this.asked.length) return;
    this.busy = true;
    this.worker ??= this.hire();
    this.worker.postMessage({ view: this.view(), asked: this.asked } satisfies Order);
  }

  private hire(): Worker {
    const worker = new Worker(new URL('./tactical_worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Delivery>) => this.receive(data);
    worker.onerror = ({ message }) => {
      this.failed = true;
      console.error('Tactical graphics cannot be drawn, their plain lines stay:', message);
      this.deliver([]);
    };
    return worker;
  }

  private receive({ graphics, failures }: Delivery): void {
    this.busy = false;
    if (failures.length) console.error('Tactical graphics that stay plain lines:', failures);
    const held = new Set(this.asked.map(({ object }) => object));
    this.deliver(graphics.filter(({ object }) => held.has(object)));
    if (this.stale) this.order();
  }
}

function asGraphic({ object, sidc, name, geometry, isControlMeasure }: MapFeature): AskedGraphic[] {
  const points = isControlMeasure ? controlPoints(geometry) : null;
  return points ? [{ object, sidc, name: name ?? '', isArea: geometry.type === 'Polygon', points }] : [];
}
