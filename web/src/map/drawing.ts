/** What lies on the map beside tracks: features that the node knows, and what a tool sketches just now. */
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';

import { drawSymbol, type Theme } from '../symbols/draw';
import { affiliationOf } from '../symbols/sidc';
import type { MapFeature, SketchPart } from './adapter';

const iconPixels = 16;
/** Drawn at twice its size, so that it is sharp on every screen. */
const iconRatio = 2;
const nothing: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** Keeps what was given, for the sources are gone with every change of the style. */
export class MapDrawing {
  features: FeatureCollection = nothing;
  sketch: FeatureCollection = nothing;
  private selected: string | null = null;
  private map!: MapLibreMap;

  constructor(private readonly theme: () => Theme) {}

  /** The map, once it is there: its style is made of what this holds. */
  attach(map: MapLibreMap): void {
    this.map = map;
    map.setMissingStyleImageResolver((id) => this.addSymbol(id));
  }

  setFeatures(features: readonly MapFeature[]): void {
    this.features = collection(features.map(asFeature));
    this.put('features', this.features);
  }

  setSketch(parts: readonly SketchPart[]): void {
    this.sketch = collection(
      parts.map(({ geometry, role, text }) => ({ type: 'Feature', geometry, properties: { role, text } })),
    );
    this.put('sketch', this.sketch);
  }

  /** Marks the selected object where it is one of the features. */
  select(object: string | null): void {
    if (this.selected !== null) this.map.removeFeatureState({ source: 'features', id: this.selected });
    this.selected = object;
    this.markSelected();
  }

  /** After a change of style. */
  markSelected(): void {
    const { selected } = this;
    if (selected === null || !this.map.getSource('features')) return;
    this.map.setFeatureState({ source: 'features', id: selected }, { selected: true });
  }

  /** The object whose feature is drawn at a pixel: points before lines before areas. */
  at(x: number, y: number): string | null {
    const reach = 5;
    const box: [[number, number], [number, number]] = [
      [x - reach, y - reach],
      [x + reach, y + reach],
    ];
    const exact = { layers: ['feature-fill'].filter((id) => this.map.getLayer(id)) };
    const near = { layers: ['feature-point', 'feature-line'].filter((id) => this.map.getLayer(id)) };
    const found =
      this.map.queryRenderedFeatures(box, near)[0] ?? this.map.queryRenderedFeatures([x, y], exact)[0];
    return found ? String(found.properties.object) : null;
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

function asFeature({ object, geometry, name, sidc, lineStyle }: MapFeature): Feature {
  const side = affiliationOf(sidc);
  return { type: 'Feature', geometry, properties: { object, name: name ?? '', sidc, side, lineStyle } };
}

function collection(features: Feature<Geometry>[]): FeatureCollection {
  return { type: 'FeatureCollection', features };
}
