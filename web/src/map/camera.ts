/** Where the map looks: its box, its moves, and the panels that cover its edges. */
import type { Map as MapLibreMap } from 'maplibre-gl';

import type { MapInsets, MapLook } from './adapter';
import { airVectorSeconds, type Bbox, metresPerPixel, normalBbox, vectorMinutes } from './geometry';
import type { Camera } from './scene';

const moveMs = 600;
const revealMs = 200;
/** Room that a place keeps from the edges of what can be seen. */
const roomPixels = 48;
/** The scale and the buttons stand along the lower edge. */
const scalePixels = 36;
/** Nobody who wants to see all of something wants to be nearer than this. */
const nearestFit = 12;

export class MapCamera {
  insets: MapInsets = { left: 0, right: 0, bottom: 0 };

  constructor(
    private readonly map: MapLibreMap,
    private readonly frame: HTMLElement,
  ) {}

  get zoom(): number {
    return this.map.getZoom();
  }

  /** What the scene has to know. */
  now(): Camera {
    const { lng: lon, lat } = this.map.getCenter();
    const { clientWidth: width, clientHeight: height } = this.frame;
    const [zoom, bearing] = [this.zoom, this.map.getBearing()];
    return { lon, lat, zoom, bearing, width, height, insets: this.insets };
  }

  /** West, south, east, north; longitudes may leave -180..180. */
  bounds(): Bbox {
    const bounds = this.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  look(): MapLook {
    const { lon, lat, zoom, bearing } = this.now();
    const scale = {
      metresPerPixel: metresPerPixel(lat, zoom),
      vectorMinutes: vectorMinutes(lat, zoom),
      airVectorSeconds: airVectorSeconds(lat, zoom),
    };
    const [bbox, middle] = [normalBbox(this.bounds()), this.middle()];
    return { lon, lat, zoom, bearing, bbox, middle, ...scale };
  }

  /** The place in the middle of what no panel covers. */
  middle(): { lon: number; lat: number } {
    const { clientWidth: width, clientHeight: height } = this.frame;
    const { lng: lon, lat } = this.map.unproject([width / 2 + this.right(), height / 2 + this.down()]);
    return { lon, lat };
  }

  flyTo(lon: number, lat: number, zoom = this.zoom): void {
    this.map.flyTo({ center: [lon, lat], zoom, offset: [this.right(), this.down()], duration: moveMs });
  }

  /** Brings a place into the middle, in steps that need no flight. */
  keep(lon: number, lat: number): void {
    const { lon: nowLon, lat: nowLat } = this.middle();
    const near = 2 / 512 / 2 ** this.zoom; // half a pixel, as a part of the world
    if (Math.abs(lon - nowLon) / 360 < near && Math.abs(lat - nowLat) / 180 < near) return;
    if (this.map.isMoving()) return;
    this.map.easeTo({ center: [lon, lat], offset: [this.right(), this.down()], duration: revealMs });
  }

  fitTo(bbox: Bbox): void {
    const { left, right, bottom } = this.insets;
    const padding = {
      top: roomPixels,
      bottom: bottom + roomPixels,
      left: left + roomPixels,
      right: right + roomPixels,
    };
    this.map.fitBounds(bbox, { padding, maxZoom: nearestFit, duration: moveMs });
  }

  /** Moves the map just enough when a panel lies over a place. */
  reveal(lon: number, lat: number): void {
    const { clientWidth: width, clientHeight: height } = this.frame;
    const { x, y } = this.map.project([lon, lat]);
    if (x < 0 || x > width || y < 0 || y > height) return;
    const right = Math.max(0, x - (width - this.insets.right - roomPixels));
    const left = Math.min(0, x - (this.insets.left + roomPixels));
    const down = this.insets.bottom
      ? Math.max(0, y - (height - this.insets.bottom - scalePixels - roomPixels))
      : 0;
    if (right || left || down) this.map.panBy([right || left, down], { duration: revealMs });
  }

  /** How far the middle between the panels lies to the right of the map's middle, in pixels. */
  private right(): number {
    return (this.insets.left - this.insets.right) / 2;
  }

  /** And how far below. */
  private down(): number {
    return -this.insets.bottom / 2;
  }
}
