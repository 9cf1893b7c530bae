/** Sets MapLibre up once: its worker from our own address, and PMTiles as a source. */
import { addProtocol, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { Protocol } from 'pmtiles';

import { asSeen } from '../session/see_as';

let ready = false;

export function prepareMapLibre(): void {
  if (ready) return;
  ready = true;
  // MapLibre 6 is a module only: without this the built app would look for a worker that is not there.
  setWorkerUrl(workerUrl);
  addProtocol('pmtiles', new Protocol().tile);
}

/** What is the same for every map; tiles of the node's own are asked for as whoever looks. */
export const mapOptions = {
  minZoom: 1.5,
  maxZoom: 18,
  maxPitch: 0,
  pitchWithRotate: false,
  attributionControl: false,
  fadeDuration: 0,
  transformRequest: asSeen,
} as const;
