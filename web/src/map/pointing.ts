/** The pointer on the map: what it rests on, what it clicks, and the tool that has it. */
import type { Map as MapLibreMap, MapMouseEvent, MapTouchEvent } from 'maplibre-gl';

import { metresPerPixel } from './geometry';
import type { MapPointer, MapTool } from './adapter';
import type { Badge } from './badges';
import { Emitter } from './emitter';

/** What is drawn at a position: a track before a badge before a feature. */
export interface Found {
  track: string | null;
  badge: Badge | null;
  /** Object id. */
  feature: string | null;
}

export interface PointerPlace {
  lon: number;
  lat: number;
  /** Pixels from the map's upper left corner. */
  x: number;
  y: number;
}

const zoomIntoBadge = 2;
/** A finger or a mouse takes hold of a corner from so far away. */
const grabPixels = 10;

export class Pointing {
  /** The track under the pointer. */
  hovered: string | null = null;
  tool: MapTool | null = null;
  readonly rests = new Emitter<MapPointer | null>();
  readonly hovers = new Emitter<string | null>();
  readonly clicks = new Emitter<string | null>();
  private at: { x: number; y: number } | null = null;
  private grabbed = false;

  constructor(
    private readonly map: MapLibreMap,
    private readonly find: (at: PointerPlace) => Found,
  ) {
    map.on('mousemove', ({ point: { x, y } }) => this.move({ x, y }));
    map.on('mouseout', () => this.move(null));
    map.on('click', (event) => this.click(event));
    map.on('dblclick', () => this.tool?.finish());
    map.on('mousedown', (event) => this.down(event));
    map.on('touchstart', (event) => event.points.length === 1 && this.down(event));
    map.on('touchmove', ({ point: { x, y } }) => this.grabbed && this.move({ x, y }));
    map.on('mouseup', () => this.up());
    map.on('touchend', () => this.up());
  }

  /** Says again what the pointer rests on, after something was drawn under it. */
  tell(): void {
    if (!this.at) return;
    const { lng: lon, lat } = this.map.unproject([this.at.x, this.at.y]);
    const place = { lon, lat, ...this.at };
    const nothing = { track: null, badge: null, feature: null };
    const { track, badge, feature } = this.tool ? nothing : this.find(place);
    this.rests.emit({ ...place, track, feature, badge });
    this.hover(track);
  }

  private move(at: { x: number; y: number } | null): void {
    this.at = at;
    if (this.tool) this.moveTool(this.tool, at);
    if (at) return this.tell();
    this.rests.emit(null);
    this.hover(null);
  }

  private moveTool(tool: MapTool, at: { x: number; y: number } | null): void {
    const place = at && this.map.unproject([at.x, at.y]);
    if (this.grabbed && place) tool.drag({ lon: place.lng, lat: place.lat });
    else tool.move(place && { lon: place.lng, lat: place.lat });
  }

  private down({ lngLat: { lng: lon, lat } }: MapMouseEvent | MapTouchEvent): void {
    const reachM = grabPixels * metresPerPixel(lat, this.map.getZoom());
    this.grabbed = this.tool?.grab({ lon, lat }, reachM) ?? false;
    if (this.grabbed) this.map.dragPan.disable();
  }

  private up(): void {
    if (!this.grabbed) return;
    this.grabbed = false;
    this.map.dragPan.enable();
  }

  private hover(track: string | null): void {
    if (track === this.hovered) return;
    this.hovered = track;
    this.hovers.emit(track);
  }

  private click({ lngLat, point: { x, y } }: MapMouseEvent): void {
    const place = { lon: lngLat.lng, lat: lngLat.lat };
    if (this.tool) return this.tool.press(place);
    const { track, badge, feature } = this.find({ ...place, x, y });
    if (badge) this.map.easeTo({ center: lngLat, zoom: this.map.getZoom() + zoomIntoBadge });
    else this.clicks.emit(track ?? feature);
  }
}
