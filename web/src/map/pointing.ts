/** The pointer on the map: what it rests on, what it clicks. */
import type { Map as MapLibreMap, MapMouseEvent } from 'maplibre-gl';

import type { MapPointer } from './adapter';
import type { Badge } from './badges';
import { Emitter } from './emitter';

/** What is drawn at a position: a track before a badge. */
export interface Found {
  track: string | null;
  badge: Badge | null;
}

const zoomIntoBadge = 2;

export class Pointing {
  /** The track under the pointer. */
  hovered: string | null = null;
  readonly rests = new Emitter<MapPointer | null>();
  readonly hovers = new Emitter<string | null>();
  readonly clicks = new Emitter<string | null>();
  private at: { x: number; y: number } | null = null;

  constructor(
    private readonly map: MapLibreMap,
    private readonly find: (lon: number, lat: number) => Found,
  ) {
    map.on('mousemove', ({ point: { x, y } }) => this.move({ x, y }));
    map.on('mouseout', () => this.move(null));
    map.on('click', (event) => this.click(event));
  }

  /** Says again what the pointer rests on, after something was drawn under it. */
  tell(): void {
    if (!this.at) return;
    const { lng: lon, lat } = this.map.unproject([this.at.x, this.at.y]);
    const { track, badge } = this.find(lon, lat);
    this.rests.emit({ lon, lat, ...this.at, track, kinds: badge?.kinds ?? null });
    this.hover(track);
  }

  private move(at: { x: number; y: number } | null): void {
    this.at = at;
    if (at) return this.tell();
    this.rests.emit(null);
    this.hover(null);
  }

  private hover(track: string | null): void {
    if (track === this.hovered) return;
    this.hovered = track;
    this.hovers.emit(track);
  }

  private click({ lngLat }: MapMouseEvent): void {
    const { track, badge } = this.find(lngLat.lng, lngLat.lat);
    if (badge) this.map.easeTo({ center: lngLat, zoom: this.map.getZoom() + zoomIntoBadge });
    else this.clicks.emit(track);
  }
}
