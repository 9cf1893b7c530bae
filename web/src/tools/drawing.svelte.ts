/** Drawing what becomes an object with a label: an area, a route, a place. */
import type { Marking } from '../api/types';
import type { MapFeature, SketchPart } from '../map';
import type { Place } from '../position/grid';
import { areaM2, leg } from '../position/lines';
import { CornerTool } from './corner_tool.svelte';
import { at, corridorPart, fillPart, linePart, vertexPart } from './sketch';
import { tools } from './tools.svelte';

export type Shape = 'area' | 'route' | 'place';
type Geometry = MapFeature['geometry'];

/** Corners without which there is no such shape. */
const LEAST: Record<Shape, number> = { area: 3, route: 2, place: 1 };

/** The saved object whose shape is changed. */
export interface Reshaped {
  id: string;
  name: string;
  marking: Marking;
  /** Of a planned route. */
  corridorM: number | null;
  /** A new shape was claimed, or taken back. */
  onwritten: () => void;
}

export class Drawing extends CornerTool {
  /** To either side of a route that somebody is to follow; null where there is none. */
  corridorM = $state<number | null>(null);

  /** `of` is null for a new object. */
  constructor(
    readonly name: Shape,
    readonly of: Reshaped | null = null,
    corners: readonly Place[] = [],
  ) {
    super(name === 'place' ? 1 : undefined);
    this.corridorM = of?.corridorM ?? null;
    this.corners = corners;
    this.finished = corners.length > 0;
  }

  get isWhole(): boolean {
    return this.corners.length >= LEAST[this.name];
  }

  /** Metres along the line or round the area. */
  readonly lengthM = $derived.by(() => {
    const closed = this.name === 'area' && this.corners.length > 2;
    const path = closed ? [...this.corners, this.corners[0]!] : this.corners;
    return path.slice(1).reduce((sum, to, i) => sum + leg(path[i]!, to, 'great_circle').distanceM, 0);
  });
  readonly areaM2 = $derived.by(() =>
    this.name === 'area' && this.corners.length > 2 ? areaM2(this.corners) : null,
  );

  /** GeoJSON, the area's edge counterclockwise (RFC 7946, section 3.1.6); null while it is not whole. */
  geometry(): Geometry | null {
    if (!this.isWhole) return null;
    if (this.name === 'place') return { type: 'Point', coordinates: at(this.corners[0]!) };
    if (this.name === 'route') return { type: 'LineString', coordinates: this.corners.map(at) };
    const edge = isClockwise(this.corners) ? [...this.corners].reverse() : this.corners;
    return { type: 'Polygon', coordinates: [[...edge, edge[0]!].map(at)] };
  }

  readonly sketch: SketchPart[] = $derived.by(() => {
    const open = this.finished || this.pointer === null || this.name === 'place';
    const places: readonly Place[] = open ? this.corners : [...this.corners, this.pointer!];
    const path = places.map(at);
    const parts: SketchPart[] = this.corridorM === null ? [] : corridorPart(path, this.corridorM);
    if (this.name === 'area' && places.length > 2) {
      parts.push(
        fillPart([...path, path[0]!]),
        linePart([...path, path[0]!], this.finished ? 'line' : 'preview'),
      );
    }
    if (this.name !== 'place' && this.corners.length > 1) parts.push(linePart(this.corners.map(at), 'line'));
    if (!open && places.length > 1) parts.push(linePart(path.slice(-2), 'preview'));
    return [...parts, ...this.corners.map((corner, i) => vertexPart(corner, this.numberOf(i)))];
  });

  /** By which the times at its corners are told. */
  private numberOf(index: number): string {
    return this.name === 'route' ? String(index + 1) : '';
  }

  override finish(): void {
    if (this.isWhole) this.finished = true;
  }

  cancel(): void {
    if (this.corners.length > 0 && this.of === null) this.clear();
    else tools.close();
  }
}

/** After the sign of the area on the flat map. */
function isClockwise(corners: readonly Place[]): boolean {
  const twice = corners.reduce((sum, { lon, lat }, i) => {
    const next = corners[(i + 1) % corners.length]!;
    return sum + (next.lon - lon) * (next.lat + lat);
  }, 0);
  return twice > 0;
}
