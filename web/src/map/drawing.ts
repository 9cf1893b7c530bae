/** What lies on the map beside tracks: features that the node knows, and what a tool sketches just now. */
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';

import { middleOf } from '../features/geometry';
import { drawSymbol, type Theme } from '../symbols/draw';
import { affiliationOf } from '../symbols/sidc';
import type { MapFeature, SketchPart } from './adapter';
import type { Box } from './declutter';
import { planParts } from './plan_parts';
import type { Camera } from './scene';
import type { Graphic } from './tactical';
import { addHatch } from './tactical_style';

const iconPixels = 16;
/** Drawn at twice its size, so that it is sharp on every screen. */
const iconRatio = 2;
/** Sources whose features have the ids of their objects. */
const byObject = ['features', 'graphics'] as const;
const named = [
  'feature-line-name',
  'feature-area-name',
  'feature-point',
  'feature-corner-number',
  'graphic-text',
  'graphic-text-along',
];
const pointsAndLines = ['feature-point', 'feature-line', 'feature-dashes', 'graphic-line'];
const nothing: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** Keeps what was given, for the sources are gone with every change of the style. */
export class MapDrawing {
  features: FeatureCollection = nothing;
  /** Tactical graphics, in place of the plain lines of their features. */
  graphics: FeatureCollection = nothing;
  sketch: FeatureCollection = nothing;
  private given: readonly MapFeature[] = [];
  private drawn = new Map<string, Graphic>();
  private selected: string | null = null;
  private map!: MapLibreMap;

  constructor(private readonly theme: () => Theme) {}

  /** The map, once it is there: its style is made of what this holds. */
  attach(map: MapLibreMap): void {
    this.map = map;
    map.setMissingStyleImageResolver((id) => void (addHatch(map, id) || this.addSymbol(id)));
  }

  get graphicCount(): number {
    return this.drawn.size;
  }

  setFeatures(features: readonly MapFeature[]): void {
    this.given = features;
    const drawn = features.map((feature) => asFeature(feature, this.drawn.get(feature.object)));
    const plans = features.flatMap((feature) => planParts(feature, affiliationOf(feature.sidc)));
    this.features = collection([...drawn, ...drawn.flatMap(nameOfArea), ...plans]);
    this.put('features', this.features);
    this.markSelected();
  }

  setGraphics(graphics: readonly Graphic[]): void {
    const before = this.drawn;
    this.drawn = new Map(graphics.map((graphic) => [graphic.object, graphic]));
    const sides = new Map(this.given.map(({ object, sidc }) => [object, affiliationOf(sidc)]));
    this.graphics = collection(
      graphics.flatMap(({ object, features }) =>
        features.map(({ geometry, properties }) => ({
          type: 'Feature',
          geometry,
          properties: { ...properties, side: sides.get(object) ?? 'unknown' },
        })),
      ),
    );
    this.put('graphics', this.graphics);
    // What has a graphic now is no plain line any more, and the other way round.
    if (before.size || this.drawn.size) this.setFeatures(this.given);
  }

  setSketch(parts: readonly SketchPart[]): void {
    this.sketch = collection(
      parts.map(({ geometry, role, text }) => ({ type: 'Feature', geometry, properties: { role, text } })),
    );
    this.put('sketch', this.sketch);
  }

  /** Marks the selected object where it is one of the features. */
  select(object: string | null): void {
    for (const source of byObject) {
      if (this.selected !== null) this.map.removeFeatureState({ source, id: this.selected });
    }
    this.selected = object;
    this.markSelected();
  }

  /** After a change of style: what came while it was not there yet has reached no source. */
  restore(): void {
    this.put('features', this.features);
    this.put('graphics', this.graphics);
    this.put('sketch', this.sketch);
    this.markSelected();
  }

  markSelected(): void {
    const { selected } = this;
    if (selected === null || !this.map.getSource('features')) return;
    for (const source of byObject) this.map.setFeatureState({ source, id: selected }, { selected: true });
  }

  /** The object whose feature is drawn at a pixel: points before lines before areas. */
  at(x: number, y: number): string | null {
    const reach = 5;
    const box: [[number, number], [number, number]] = [
      [x - reach, y - reach],
      [x + reach, y + reach],
    ];
    const exact = { layers: ['feature-fill'].filter((id) => this.map.getLayer(id)) };
    const near = { layers: pointsAndLines.filter((id) => this.map.getLayer(id)) };
    const found =
      this.map.queryRenderedFeatures(box, near)[0] ?? this.map.queryRenderedFeatures([x, y], exact)[0];
    return found ? String(found.properties.object) : null;
  }

  /** Whether a name or a symbol of a feature stands in a box of pixels from the middle of the map. */
  names({ width, height }: Camera): (box: Box) => boolean {
    const layers = named.filter((id) => this.map.getLayer(id));
    if (!layers.length || !this.given.length) return () => false;
    const [x, y] = [width / 2, height / 2];
    return ({ left, top, right, bottom }) =>
      this.map.queryRenderedFeatures(
        [
          [x + left, y + top],
          [x + right, y + bottom],
        ],
        { layers },
      ).length > 0;
  }

  private put(source: string, data: FeatureCollection): void {
    void this.map.getSource<GeoJSONSource>(source)?.setData(data);
  }

  private addSymbol(sidc: string): void {
    if (!/^\d{20}$/.test(sidc)) return;
    const canvas = drawSymbol(sidc, iconPixels * iconRatio, this.theme());
    const pixels = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    this.map.addImage(sidc, pixels, { pixelRatio: iconRatio });
  }
}

/** What has a graphic shows only its field, and its name where the graphic does not say it. */
function asFeature({ object, geometry, name, sidc, lineStyle }: MapFeature, graphic?: Graphic): Feature {
  const side = affiliationOf(sidc);
  const properties = {
    object,
    sidc,
    side,
    name: graphic?.saysName ? '' : (name ?? ''),
    lineStyle: graphic ? 'graphic' : lineStyle,
  };
  return { type: 'Feature', geometry, properties };
}

/** An area's name at its middle, as a point: as text of the area it would stand in each tile of the map. */
export function nameOfArea({ geometry, properties }: Feature): Feature[] {
  if (!/Polygon$/.test(geometry.type) || !properties?.name) return [];
  const { lon, lat } = middleOf(geometry);
  const { object, side, name } = properties as Record<string, string>;
  const place: Geometry = { type: 'Point', coordinates: [lon, lat] };
  return [{ type: 'Feature', geometry: place, properties: { object, side, name, role: 'area-name' } }];
}

function collection(features: Feature<Geometry>[]): FeatureCollection {
  return { type: 'FeatureCollection', features };
}
