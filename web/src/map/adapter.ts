/** The seam between the map and the rest of the app, which knows nothing of what draws it. */
import type { Geometry } from 'geojson';

import type { Place } from '../position/grid';
import type { Badge } from './badges';
import type { Bbox } from './geometry';

export interface MapLayers {
  trails: boolean;
  names: boolean;
  vectors: boolean;
  uncertainty: boolean;
  graticule: boolean;
  /** Areas, lines and places that the node knows. */
  features: boolean;
  /** What sensors detected lately. */
  plots: boolean;
  /** Of the selected thing, as each source follows it. */
  source_tracks: boolean;
  places: boolean;
  /** Name of the node's own basemap that is chosen; null: the built-in coast lines. */
  basemap: string | null;
  /** Names of schemata that are shown; null shows all. */
  kinds: string[] | null;
}

export function defaultLayers(): MapLayers {
  return {
    trails: true,
    names: true,
    vectors: true,
    uncertainty: true,
    graticule: true,
    features: true,
    plots: true,
    source_tracks: true,
    places: true,
    basemap: null,
    kinds: null,
  };
}

/** A basemap of the node's own, and how its tiles are drawn. */
export interface MapTiles {
  /** With {z}, {x} and {y}. */
  url: string;
  kind: 'raster' | 'vector';
  minZoom: number;
  maxZoom: number;
  pixels: number;
  vectorLayers: readonly string[];
  attribution: string;
}

export interface MapPosition {
  lon: number;
  lat: number;
  zoom: number;
  /** Degrees; 0 is north up. */
  bearing?: number;
}

/** What the map shows after a move. */
export interface MapLook extends Required<MapPosition> {
  bbox: Bbox;
  /** The place in the middle of what no panel covers. */
  middle: Place;
  metresPerPixel: number;
  /** How far ahead speed vectors look, those of aircraft in seconds. */
  vectorMinutes: number;
  airVectorSeconds: number;
}

/** What is under the pointer. */
export interface MapPointer {
  lon: number;
  lat: number;
  /** Pixels from the map's upper left corner. */
  x: number;
  y: number;
  /** Track id. */
  track: string | null;
  /** Or the object of a feature. */
  feature: string | null;
  /** Or what a badge counts. */
  badge: Pick<Badge, 'kinds' | 'sides'> | null;
}

/** How much is on the map, for tests and for the status line. */
export interface MapCount {
  mode: 'tracks' | 'cells';
  held: number;
  drawn: number;
  /** Control measures drawn as tactical graphics. */
  graphics: number;
}

/** Pixels of the map's edges that lie under panels. */
export interface MapInsets {
  left: number;
  right: number;
  bottom: number;
}

/** A thing with a geometry of its own: an area, a cable, a marked place. */
export interface MapFeature {
  /** Object id. */
  object: string;
  geometry: Geometry;
  name: string | null;
  /** What it is, in the reader's language. */
  kind: string;
  sidc: string;
  lineStyle: 'solid' | 'dashed';
  /** Drawn as the tactical graphic of its code, where that can be drawn. */
  isControlMeasure: boolean;
  /** Of a route that is planned for somebody. */
  plan?: MapPlan | null;
}

export interface MapPlan {
  /** How far to either side one may be. */
  corridorM: number;
  /** By the number of a corner, from 1 on, when it is to be passed, microseconds. */
  times: ReadonlyMap<number, number>;
}

/** Where something may be: an error ellipse, or a circle where `minorM` is null. */
interface Ellipse {
  stdM: number | null;
  minorM: number | null;
  axisDeg: number | null;
}

/** One plot of a sensor: a place, or a bearing from where the sensor is. */
export interface MapPlot extends Ellipse {
  validUs: number;
  place: Place | null;
  sensor: Place | null;
  bearingDeg: number | null;
  rangeM: number | null;
}

/** A line of bearing: which way a thing is from a sensor, and nobody knows how far. */
export interface MapLine {
  /** Its identifier, and of that what the map shows. */
  name: string;
  number: string;
  /** The stream that says so. */
  source: string;
  sensor: Place;
  sensorName: string;
  validUs: number;
  bearingDeg: number;
  stdDeg: number | null;
  rateDegps: number | null;
  rateStdDegps: number | null;
}

/** The selected thing as one source follows it. */
export interface MapSourceTrack extends Ellipse {
  name: string;
  place: Place;
  agrees: boolean | null;
}

/** Where the selected thing will be at one time: half axes of two areas, along and across its way. */
export interface MapForecast {
  name: string;
  place: Place;
  axisDeg: number;
  halfM: [along: number, across: number];
  mostM: [along: number, across: number];
}

/** What lies below the symbols: what they are made of, and where the selected one is going. */
export interface MapUnderlay {
  plots: readonly MapPlot[];
  lines: readonly MapLine[];
  sourceTracks: readonly MapSourceTrack[];
  forecasts: readonly MapForecast[];
}

/** One part of what a tool draws while it works. */
export interface SketchPart {
  geometry: Geometry;
  role: 'line' | 'thin' | 'preview' | 'fill' | 'corridor' | 'vertex' | 'text';
  text: string;
}

/** What has the pointer and the keys instead of the selection, for as long as it is on. */
export interface MapTool {
  /** A click, or Space at the middle of the map. */
  press(place: Place): void;
  /** The pointer moved; null when it left the map. */
  move(place: Place | null): void;
  /** The pointer went down: true where it took hold of something that now follows it. */
  grab(place: Place, reachM: number): boolean;
  drag(place: Place): void;
  /** A double click, or Enter. */
  finish(): void;
  /** Backspace. */
  undo(): void;
  /** Escape. */
  cancel(): void;
}

export type Theme = 'dark' | 'light';

type Unsubscribe = () => void;

export interface MapAdapter {
  flyTo(position: { lon: number; lat: number; zoom?: number }): void;
  fitTo(bbox: Bbox): void;
  look(): MapLook;
  /** The element that the map fills. */
  frame(): HTMLElement;
  zoomIn(): void;
  zoomOut(): void;
  resetNorth(): void;
  focus(): void;
  /** Selects a track by its id; tells nobody, because whoever calls knows. */
  select(track: string | null): void;
  /** Selects the next (1) or the previous (-1) track, from the nearest to the centre outwards. */
  stepSelection(step: 1 | -1): void;
  /** Keeps a track in the middle, wherever it goes; null ends it, and so does moving the map by hand. */
  follow(track: string | null): void;
  /** What is shown, basemap and picture together, in the screen's own pixels. */
  photograph(): Promise<HTMLCanvasElement>;
  setInsets(insets: MapInsets): void;
  setLayers(layers: MapLayers): void;
  setTheme(theme: Theme): void;
  setLanguage(language: 'en' | 'fr'): void;
  setFeatures(features: readonly MapFeature[]): void;
  setUnderlay(underlay: MapUnderlay): void;
  setSketch(parts: readonly SketchPart[]): void;
  /** Draws these tiles in place of the built-in land; null brings it back. */
  setTiles(tiles: MapTiles | null): void;
  /** Gives pointer and keys to a tool; null gives them back. */
  setTool(tool: MapTool | null): void;
  /** Draws what the picture's store holds now. */
  refresh(): void;
  onSelect(listener: (track: string | null) => void): Unsubscribe;
  onPointer(listener: (pointer: MapPointer | null) => void): Unsubscribe;
  onView(listener: (look: MapLook) => void): Unsubscribe;
  /** The map was moved by hand while it followed. */
  onUnfollow(listener: () => void): Unsubscribe;
  onDrawn(listener: (count: MapCount) => void): Unsubscribe;
  /** Whether tiles of the chosen basemap fail to come. */
  onTilesFail(listener: (fail: boolean) => void): Unsubscribe;
  destroy(): void;
}
