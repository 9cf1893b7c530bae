/** The map itself: MapLibre for the basemap, deck.gl for the picture, one camera. */
import { MapLibreOverlay } from '@deck.gl/maplibre';
import { type GeoJSONSource, Map as MapLibreMap, type MapMouseEvent } from 'maplibre-gl';

import type { PictureClient, PictureStore } from '../picture';
import { SymbolAtlas } from '../symbols/atlas';
import type {
  MapAdapter,
  MapCount,
  MapInsets,
  MapLayers,
  MapLook,
  MapPointer,
  MapPosition,
  Theme,
} from './adapter';
import { type Badge, badgesOf, pickBadge } from './badges';
import { basemapUrl, prepareMapLibre } from './basemap';
import { Emitter } from './emitter';
import { type Bbox, metresPerPixel, normalBbox, vectorMinutes } from './geometry';
import { graticule } from './graticule';
import { deckLayers } from './layers';
import { type Palette, readPalette } from './palette';
import { byDistance, pickTrack } from './pick';
import { buildScene, type Scene } from './scene';
import { mapStyle } from './style';
import { type Language, mapText } from './text';
import { labelFont, labelPixels } from './text_look';
import { TrailPaths } from './trails';

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

/** The Danish straits and the western Baltic. */
const home: MapPosition = { lon: 11.5, lat: 56, zoom: 6 };
/** A change of zoom after which crowded symbols are sorted out anew. */
const zoomStep = 0.25;
/** Room that a selected track keeps from a panel. */
const uncoverPixels = 48;
const emptyScene: Scene = { zoom: 0, symbols: [], minis: [], labels: [] };

export async function createChart(options: ChartOptions): Promise<MapAdapter> {
  prepareMapLibre();
  // Labels are drawn into textures: they need the font before the first of them.
  await document.fonts.load(`${labelPixels}px 'Inter Variable'`).catch(() => []);
  return new Chart(options);
}

class Chart implements MapAdapter {
  private readonly store: PictureStore;
  private readonly map: MapLibreMap;
  private readonly overlay = new MapLibreOverlay({ interleaved: false, layers: [] });
  private readonly trails: TrailPaths;
  private readonly ink = document.createElement('canvas').getContext('2d')!;
  private readonly widths = new Map<string, number>();
  private readonly selection = new Emitter<string | null>();
  private readonly pointer = new Emitter<MapPointer | null>();
  private readonly looks = new Emitter<MapLook>();
  private readonly drawn = new Emitter<MapCount>();

  private layers: MapLayers;
  private palette: Palette;
  private atlas: SymbolAtlas;
  private language: Language;
  private scene = emptyScene;
  private badges: Badge[] = [];
  private selected: string | null = null;
  private hovered: string | null = null;
  private pointerAt: { x: number; y: number } | null = null;
  private insets: MapInsets = { left: 0, right: 0 };
  private frameRequest = 0;

  constructor(private readonly options: ChartOptions) {
    this.store = options.client.store;
    this.layers = options.layers;
    this.language = options.language;
    this.palette = readPalette(options.frame);
    this.atlas = new SymbolAtlas(options.theme);
    this.trails = new TrailPaths(this.store);
    this.ink.font = `${labelPixels}px ${labelFont}`;
    this.map = this.createMap(options);
    this.map.addControl(this.overlay, 'top-left');
    this.listen();
  }

  flyTo({ lon, lat, zoom }: { lon: number; lat: number; zoom?: number }): void {
    const camera = { center: [lon, lat] as [number, number], zoom: zoom ?? this.map.getZoom() };
    this.map.flyTo({ ...camera, offset: [this.middle(), 0], duration: 600 });
  }

  fitTo(bbox: Bbox): void {
    const { left, right } = this.insets;
    const padding = { top: 48, bottom: 48, left: left + 48, right: right + 48 };
    this.map.fitBounds(bbox, { padding, maxZoom: 12, duration: 600 });
  }

  zoomIn(): void {
    this.map.zoomIn();
  }

  zoomOut(): void {
    this.map.zoomOut();
  }

  resetNorth(): void {
    this.map.resetNorth();
  }

  focus(): void {
    this.map.getCanvas().focus();
  }

  select(track: string | null): void {
    if (track === this.selected) return;
    this.selected = track;
    this.tellView();
    this.drawNow();
    this.uncoverSelected();
  }

  stepSelection(step: 1 | -1): void {
    const { lng, lat } = this.map.unproject([
      this.options.frame.clientWidth / 2 + this.middle(),
      this.options.frame.clientHeight / 2,
    ]);
    const [west, south, east, north] = this.bounds();
    const { table } = this.store;
    const inView = byDistance(this.store, this.scene, lng, lat).filter((row) => {
      const lon = table.lon[row]! + 360 * Math.round((lng - table.lon[row]!) / 360);
      return lon >= west && lon <= east && table.lat[row]! >= south && table.lat[row]! <= north;
    });
    if (!inView.length) return;
    const at = inView.indexOf(this.store.rowOf(this.selected) ?? -1);
    const next = at < 0 ? (step > 0 ? 0 : inView.length - 1) : (at + step + inView.length) % inView.length;
    this.choose(this.store.wordsOf(inView[next]!)!.track);
  }

  setInsets(insets: MapInsets): void {
    this.insets = insets;
    this.uncoverSelected();
  }

  setLayers(layers: MapLayers): void {
    const restyle = layers.graticule !== this.layers.graticule || layers.places !== this.layers.places;
    this.layers = layers;
    if (restyle) this.restyle();
    this.tellView();
    this.refresh();
  }

  setTheme(theme: Theme): void {
    if (theme === this.atlas.theme) return;
    this.palette = readPalette(this.options.frame);
    this.atlas = new SymbolAtlas(theme);
    this.restyle();
    this.refresh();
  }

  setLanguage(language: Language): void {
    if (language === this.language) return;
    this.language = language;
    this.map.getCanvas().setAttribute('aria-label', mapText[language].map);
    this.restyle();
  }

  /** Draws soon: many calls between two frames are one drawing. */
  refresh(): void {
    if (!this.frameRequest) this.frameRequest = requestAnimationFrame(() => this.drawNow());
  }

  onSelect(listener: (track: string | null) => void) {
    return this.selection.on(listener);
  }

  onPointer(listener: (pointer: MapPointer | null) => void) {
    return this.pointer.on(listener);
  }

  onView(listener: (look: MapLook) => void) {
    listener(this.look());
    return this.looks.on(listener);
  }

  onDrawn(listener: (count: MapCount) => void) {
    return this.drawn.on(listener);
  }

  destroy(): void {
    cancelAnimationFrame(this.frameRequest);
    this.map.remove();
  }

  private createMap({ host, view }: ChartOptions): MapLibreMap {
    const { lon, lat, zoom, bearing } = view ?? home;
    return new MapLibreMap({
      container: host,
      style: this.style(),
      center: [lon, lat],
      zoom,
      bearing: bearing ?? 0,
      minZoom: 1.5,
      maxZoom: 18,
      maxPitch: 0,
      pitchWithRotate: false,
      attributionControl: false,
      fadeDuration: 0,
      locale: { 'Map.Title': mapText[this.language].map },
    });
  }

  private listen(): void {
    const { map } = this;
    map.on('load', () => this.updateGraticule());
    map.on('moveend', () => this.moved());
    map.on('resize', () => this.moved());
    map.on('zoom', () => Math.abs(map.getZoom() - this.scene.zoom) > zoomStep && this.refresh());
    map.on('mousemove', (event) => this.point(event));
    map.on('mouseout', () => this.point(null));
    map.on('click', (event) => this.clicked(event));
    map.getCanvas().addEventListener('keydown', (event) => this.pressed(event));
    this.moved();
  }

  private moved(): void {
    this.updateGraticule();
    this.tellView();
    this.looks.emit(this.look());
    this.refresh();
  }

  private updateGraticule(): void {
    const source = this.map.getSource<GeoJSONSource>('graticule');
    void source?.setData(graticule(this.bounds(), this.map.getZoom()));
  }

  private style() {
    const { palette, language, layers } = this;
    const { graticule: lines, places } = layers;
    return mapStyle({ palette, language, basemapUrl: basemapUrl(), graticule: lines, places });
  }

  private restyle(): void {
    this.map.setStyle(this.style());
    this.map.once('styledata', () => this.updateGraticule());
  }

  /** How far the middle between the panels lies to the right of the map's middle, in pixels. */
  private middle(): number {
    return (this.insets.left - this.insets.right) / 2;
  }

  /** Moves the map just enough when a panel has opened over the selected track. */
  private uncoverSelected(): void {
    const row = this.store.rowOf(this.selected);
    if (row === undefined) return;
    const { clientWidth: width } = this.options.frame;
    const { x } = this.map.project([this.store.table.lon[row]!, this.store.table.lat[row]!]);
    const over = Math.max(0, x - (width - this.insets.right - uncoverPixels));
    const under = Math.min(0, x - (this.insets.left + uncoverPixels));
    if (x >= 0 && x <= width && (over || under)) this.map.panBy([over || under, 0], { duration: 200 });
  }

  private bounds(): Bbox {
    const bounds = this.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  private look(): MapLook {
    const { lng: lon, lat } = this.map.getCenter();
    const [zoom, bearing] = [this.map.getZoom(), this.map.getBearing()];
    const bbox = normalBbox(this.bounds());
    const scale = { metresPerPixel: metresPerPixel(lat, zoom), vectorMinutes: vectorMinutes(lat, zoom) };
    return { lon, lat, zoom, bearing, bbox, ...scale };
  }

  private tellView(): void {
    const { trails, kinds } = this.layers;
    this.options.client.view({
      bbox: normalBbox(this.bounds()),
      zoom: this.map.getZoom(),
      trails,
      selected: this.selected === null ? [] : [this.selected],
      schemata: kinds,
    });
  }

  private drawNow(): void {
    cancelAnimationFrame(this.frameRequest);
    this.frameRequest = 0;
    const { store, layers, palette, atlas } = this;
    const { lng: lon, lat } = this.map.getCenter();
    const { clientWidth: width, clientHeight: height } = this.options.frame;
    const selectedRow = store.rowOf(this.selected);
    const camera = { lon, lat, zoom: this.map.getZoom(), width, height };
    this.scene = buildScene(store, {
      camera,
      layers,
      selectedRow,
      textWidth: (text) => this.textWidth(text),
    });
    this.badges = badgesOf(store.cells, camera.zoom);
    this.overlay.setProps({
      layers: deckLayers({
        store,
        scene: this.scene,
        atlas,
        palette,
        shown: layers,
        trails: layers.trails ? this.trails.current() : [],
        badges: this.badges,
        selectedRow,
        hoveredRow: store.rowOf(this.hovered),
        centreLat: lat,
      }),
    });
    const drawn = this.scene.symbols.length + this.scene.minis.length;
    this.drawn.emit({ mode: store.mode, held: store.table.size, drawn });
    if (this.pointerAt) this.tellPointer();
  }

  private textWidth(text: string): number {
    let width = this.widths.get(text);
    if (width === undefined) {
      width = this.ink.measureText(text).width;
      this.widths.set(text, width);
    }
    return width;
  }

  private trackAt(point: { x: number; y: number }): string | null {
    const { lng, lat } = this.map.unproject([point.x, point.y]);
    const row = pickTrack(this.store, this.scene, lng, lat, this.map.getZoom());
    return row === undefined ? null : (this.store.wordsOf(row)?.track ?? null);
  }

  private point(event: MapMouseEvent | null): void {
    this.pointerAt = event && { x: event.point.x, y: event.point.y };
    const track = this.pointerAt && this.trackAt(this.pointerAt);
    if (track !== this.hovered) {
      this.hovered = track;
      this.refresh();
    }
    this.tellPointer();
  }

  private tellPointer(): void {
    if (!this.pointerAt) return this.pointer.emit(null);
    const { lng: lon, lat } = this.map.unproject([this.pointerAt.x, this.pointerAt.y]);
    const badge = this.hovered === null ? pickBadge(this.badges, lon, lat, this.map.getZoom()) : null;
    this.pointer.emit({ lon, lat, ...this.pointerAt, track: this.hovered, kinds: badge?.kinds ?? null });
  }

  private clicked(event: MapMouseEvent): void {
    const track = this.trackAt(event.point);
    const { lng, lat } = event.lngLat;
    const badge = track === null && pickBadge(this.badges, lng, lat, this.map.getZoom());
    if (badge) this.map.easeTo({ center: event.lngLat, zoom: this.map.getZoom() + 2 });
    else this.choose(track);
  }

  private choose(track: string | null): void {
    this.select(track);
    this.selection.emit(track);
  }

  /** Keys that MapLibre has not taken: it pans with the arrows and zooms with + and -. */
  private pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions: Record<string, () => void> = {
      ']': () => this.stepSelection(1),
      '[': () => this.stepSelection(-1),
      '0': () => this.resetNorth(),
      Escape: () => this.choose(null),
    };
    const action = actions[event.key];
    if (!action) return;
    action();
    event.preventDefault();
  }
}
