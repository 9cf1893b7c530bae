/** Tactical graphics without the browser: what the renderer is asked, and its answer as features of ours. */
import type { Feature, Geometry, Position } from 'geojson';

import { type Bbox, mercatorY, worldPixels } from './geometry';

/** The part of the world that a graphic is drawn for, and its size: arrows and gaps keep theirs in pixels. */
export interface GraphicView {
  /** Degrees. */
  bbox: Bbox;
  /** Pixels. */
  width: number;
  height: number;
}

/** A view as the renderer gets it; its longitudes are degrees from the middle. */
export interface GraphicFrame extends GraphicView {
  middle: number;
}

/** One control measure to be drawn. */
export interface AskedGraphic {
  object: string;
  /** APP-6 number code, 20 digits, of symbol set 25. */
  sidc: string;
  name: string;
  isArea: boolean;
  points: Position[];
}

export interface Graphic {
  object: string;
  features: Feature[];
  /** Whether the name is among its texts: some lines of the standard bear none. */
  saysName: boolean;
}

/** What the renderer writes about one feature, as far as it is used here; offsets and sizes are our own. */
interface Rendered {
  geometry: Geometry;
  properties: {
    label?: string;
    /** Degrees, clockwise. */
    angle?: number;
    labelAlign?: 'left' | 'center' | 'right';
    anchorPoint?: { coordinates: Position };
    fillPattern?: string;
  };
}
type Answer = { features: Rendered[] } | { type: 'error'; error: string };

/** Half a view more on each side, so that a small move shows nothing that was cut off. */
export function graphicView([west, south, east, north]: Bbox, zoom: number): GraphicView {
  const [wide, high] = [(east - west) / 2, (north - south) / 2];
  const bbox: Bbox = [west - wide, Math.max(-85, south - high), east + wide, Math.min(85, north + high)];
  const world = worldPixels(zoom);
  return {
    bbox,
    width: Math.round(((bbox[2] - bbox[0]) / 360) * world),
    height: Math.round((mercatorY(bbox[1]) - mercatorY(bbox[3])) * world),
  };
}

/** The corners that a control measure is drawn from; null where the standard has no graphic for such a shape. */
export function controlPoints(geometry: Geometry): Position[] | null {
  if (geometry.type === 'LineString') return geometry.coordinates;
  return geometry.type === 'Polygon' && geometry.coordinates.length === 1 ? geometry.coordinates[0]! : null;
}

/**
 * The view with longitudes from its middle, for the renderer cuts lines off wrongly where a view crosses 180 degrees
 * or is wider. Of a wider one it is the part around the graphic.
 */
export function frameOf({ points }: AskedGraphic, { bbox, width, height }: GraphicView): GraphicFrame {
  const [west, south, east, north] = bbox;
  const half = Math.min((east - west) / 2, 89);
  const isWhole = half < 89;
  return {
    middle: isWhole ? (west + east) / 2 : points[0]![0]!,
    bbox: [-half, south, half, north],
    width: isWhole ? width : Math.round((width * 2 * half) / (east - west)),
    height,
  };
}

/** The corners in a frame, as the renderer wants them: `lon,lat lon,lat`. */
export function pointsIn({ middle }: GraphicFrame, points: Position[]): string {
  const start = near(points[0]![0]! - middle, 0);
  return points.map(([lon, lat]) => `${near(lon! - middle, start)},${lat!}`).join(' ');
}

/**
 * The renderer's GeoJSON as ours: its own colours and fonts are left out, for our layers have theirs. Null where
 * nothing of it lies in the view, for the renderer cuts some lines off there.
 *
 * @throws Error where the renderer says that it cannot draw this.
 */
export function graphicOf(text: string, asked: AskedGraphic, { middle }: GraphicFrame): Graphic | null {
  const answer = JSON.parse(text) as Answer;
  if (!('features' in answer)) throw new Error(answer.error);
  const start = asked.points[0]![0]!;
  const { object, isArea } = asked;
  const rendered = answer.features.filter(({ geometry }) => hasPlaces(geometry));
  const shapes = rendered
    .filter(({ geometry }) => geometry.type !== 'Point')
    .map(({ geometry, properties }) =>
      feature(placed(geometry, middle, start), { object, role: properties.fillPattern ? 'hatch' : 'line' }),
    );
  if (!shapes.length) return null;
  const texts = rendered.filter(
    ({ geometry, properties }) => geometry.type === 'Point' && isSaid(properties),
  );
  const saysName = texts.some(({ properties }) => properties.label!.includes(asked.name));
  const labels = isArea ? inTheMiddle(texts, saysName ? null : asked.name) : alongTheLine(texts);
  return {
    object,
    features: [
      ...shapes,
      ...labels.map(({ place, ...said }) => {
        const point: Geometry = { type: 'Point', coordinates: place };
        return feature(placed(point, middle, start), { object, role: 'text', ...said });
      }),
    ],
    saysName: saysName || isArea,
  };
}

interface Label {
  place: Position;
  text: string;
  angle: number;
  anchor: 'center' | 'bottom' | 'bottom-left' | 'bottom-right';
}

/** A heading without a value ("MIN ALT: ") says nothing. */
function isSaid({ label }: Rendered['properties']): boolean {
  return label !== undefined && /[^:\s]\s*$/.test(label);
}

/** The lines of an area's text are one text: as single ones they would come apart while the map zooms. */
function inTheMiddle(texts: Rendered[], name: string | null): Label[] {
  const labels = new Map<string, Label>();
  for (const { properties } of texts) {
    const place = properties.anchorPoint!.coordinates;
    const above = labels.get(String(place));
    const text = above ? `${above.text}\n${properties.label!}` : properties.label!;
    labels.set(String(place), { place, text, angle: 0, anchor: 'center' });
  }
  if (name !== null) for (const label of labels.values()) label.text += `\n${name}`;
  return [...labels.values()];
}

const anchors = { left: 'bottom-left', center: 'bottom', right: 'bottom-right' } as const;

function alongTheLine(texts: Rendered[]): Label[] {
  return texts.map(({ geometry, properties: { label, angle, labelAlign } }) => ({
    place: (geometry as { coordinates: Position }).coordinates,
    text: label!,
    angle: angle ?? 0,
    anchor: anchors[labelAlign ?? 'center'],
  }));
}

function hasPlaces(geometry: Geometry): boolean {
  return geometry.type !== 'GeometryCollection' && geometry.coordinates.length > 0;
}

/** Back from the frame's longitudes, to those of a shape that may go on beyond 180 degrees. */
function placed<G extends Geometry>(geometry: G, middle: number, start: number): G {
  const shift = (place: unknown): unknown => {
    if (!Array.isArray(place)) return place;
    return typeof place[0] === 'number' ? [near(place[0] + middle, start), place[1]] : place.map(shift);
  };
  return 'coordinates' in geometry ? { ...geometry, coordinates: shift(geometry.coordinates) } : geometry;
}

function near(lon: number, start: number): number {
  return lon - 360 * Math.round((lon - start) / 360);
}

function feature(geometry: Geometry, properties: Record<string, string | number>): Feature {
  return { type: 'Feature', geometry, properties };
}
