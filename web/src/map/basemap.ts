/** Sets MapLibre up once: its worker from our own address, and PMTiles as a source. */
import { addProtocol, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { Protocol } from 'pmtiles';

let ready = false;

export function prepareMapLibre(): void {
  if (ready) return;
  ready = true;
  // MapLibre 6 is a module only: without this the built app would look for a worker that is not there.
  setWorkerUrl(workerUrl);
  addProtocol('pmtiles', new Protocol().tile);
}

export const basemapUrl = (): string => new URL(__BASEMAP_URL__, location.href).href;
