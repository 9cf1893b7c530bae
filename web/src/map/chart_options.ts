/** What a chart is made with. */
import type { PictureClient } from '../picture';
import type { MapLayers, MapPosition, Theme } from './adapter';
import type { Language } from './text';

/** The Danish straits and the western Baltic. */
export const home: MapPosition = { lon: 11.5, lat: 56, zoom: 6 };

export interface ChartOptions {
  /** The element with the class `map-frame`, whose tokens give the colours. */
  frame: HTMLElement;
  /** Where MapLibre puts its canvas, inside the frame. */
  host: HTMLElement;
  client: PictureClient;
  layers: MapLayers;
  theme: Theme;
  language: Language;
  view: MapPosition | null;
}
