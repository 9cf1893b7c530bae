/** The map itself: MapLibre for the basemap, deck.gl for the picture, one camera. */
import type { Layer } from '@deck.gl/core';
import { type GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';

import type { PictureStore } from '../picture';
import { SymbolAtlas } from '../symbols/atlas';
import type {
  MapAdapter,
  MapCount,
  MapUnderlay,
  MapFeature,
  MapInsets,
  MapLayers,
  MapLook,
  MapPointer,
  MapTiles,
  MapTool,
  SketchPart,
  Theme,
} from './adapter';
import { type Badge, badgesOf, pickBadge } from './badges';
import { mapOptions, prepareMapLibre } from './basemap';
import { basemapUrl } from './basemap_url';
import { MapCamera } from './camera';
import { type ChartOptions, home } from './chart_options';
import { underlayLayers, emptyUnderlay } from './underlay_layers';
import { MapDrawing } from './drawing';
import { Emitter } from './emitter';
import { type Bbox, normalBbox } from './geometry';
import { graticule } from './graticule';
import { actionOf } from './keys';
import { deckLayers } from './layers';
import { createOverlay } from './overlay';
import { type Palette, readPalette } from './palette';
import { photograph } from './photograph';
import { byDistance, pickTrack } from './pick';
import { type Found, type PointerPlace, Pointing } from './pointing';
import { buildScene, emptyScene, zoomStep } from './scene';
import { mapStyle } from './style';
import { graphicView } from './tactical';
import { TacticalGraphics } from './tactical_graphics';
import { type Language, mapText } from './text';
import { labelPixels, TextRuler } from './text_look';
import { TILES } from './tiles_style';
import { toolLabelLayers, ToolWriting } from './tool_labels';
import { TrailPaths } from './trails';

/** Layers that MapLibre draws. */
const styled = ['graticule', 'places', 'features'] as const;

export async function createChart(options: ChartOptions): Promise<MapAdapter> {
  prepareMapLibre();
  // Labels are drawn into textures: they need the font before the first of them.
  await document.fonts.load(`${labelPixels}px 'Inter Variable'`).catch(() => []);
  return new Chart(options);
}

class Chart implements MapAdapter {
  private readonly store: PictureStore;
  private readonly map: MapLibreMap;
  private readonly camera: MapCamera;
  private readonly pointing: Pointing;
  private readonly drawing = new MapDrawing(() => this.atlas.theme);
  private readonly graphics: TacticalGraphics;
  private readonly overlay = createOverlay();
  private readonly trails: TrailPaths;
  private readonly ruler = new TextRuler();
  private readonly selection = new Emitter<string | null>();
  private readonly looks = new Emitter<MapLook>();
  private readonly drawn = new Emitter<MapCount>();
  private readonly tilesFails = new Emitter<boolean>();
  private tiles: MapTiles | null = null;

  private layers: MapLayers;
  private palette: Palette;
  private atlas: SymbolAtlas;
  private language: Language;
  private scene = emptyScene;
  private badges: Badge[] = [];
  private underlay = emptyUnderlay;
  private selected: string | null = null;
  private toReveal = false;
  private followed: string | null = null;
  private readonly unfollows = new Emitter<void>();
  private frameRequest = 0;
  /** The layers of the last scene, above which the tool writes. */
  private picture: Layer[] = [];
  private readonly textWidth = (text: string) => this.ruler.width(text);
  private readonly drawSoon = () => this.refresh();
  private readonly writing = new ToolWriting(this.textWidth, this.drawSoon);

  constructor(private readonly options: ChartOptions) {
    this.store = options.client.store;
    this.layers = options.layers;
    this.language = options.language;
    this.palette = readPalette(options.frame);
    this.atlas = new SymbolAtlas(options.theme);
    this.trails = new TrailPaths(this.store);
    this.map = this.createMap(options);
    this.camera = new MapCamera(this.map, options.frame);
    this.pointing = new Pointing(this.map, (at) => this.find(at));
    this.drawing.attach(this.map);
    this.graphics = new TacticalGraphics(
      () => graphicView(this.camera.bounds(), this.camera.zoom),
      (drawn) => {
        this.drawing.setGraphics(drawn);
        this.refresh();
      },
    );
    this.map.addControl(this.overlay, 'top-left');
    this.listen();
  }

  flyTo({ lon, lat, zoom }: { lon: number; lat: number; zoom?: number }): void {
    this.camera.flyTo(lon, lat, zoom);
  }

  fitTo(bbox: Bbox): void {
    this.camera.fitTo(bbox);
  }

  look() {
    return this.camera.look();
  }

  frame() {
    return this.options.frame;
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
    this.drawing.select(track);
    this.tellView();
    this.toReveal = true;
    this.drawNow();
  }

  stepSelection(step: 1 | -1): void {
    const inView = byDistance(this.store, this.scene, this.camera.middle(), this.camera.bounds());
    if (!inView.length) return;
    const at = inView.indexOf(this.store.rowOf(this.selected) ?? -1);
    const next = at < 0 ? (step > 0 ? 0 : inView.length - 1) : (at + step + inView.length) % inView.length;
    const words = this.store.wordsOf(inView[next]!);
    if (words) this.choose(words.track);
  }

  follow(track: string | null): void {
    this.followed = track;
    this.keepFollowed();
  }

  photograph(): Promise<HTMLCanvasElement> {
    return photograph(this.map, this.overlay, () => this.drawNow());
  }

  setInsets(insets: MapInsets): void {
    this.camera.insets = insets;
    this.looks.emit(this.camera.look());
    this.toReveal = true;
    this.refresh();
  }

  setLayers(layers: MapLayers): void {
    const restyle = styled.some((name) => layers[name] !== this.layers[name]);
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

  setFeatures(features: readonly MapFeature[]): void {
    this.drawing.setFeatures(features);
    this.graphics.setFeatures(features);
    this.drawWhenWritten();
  }

  setUnderlay(underlay: MapUnderlay): void {
    this.underlay = underlay;
    this.refresh();
  }

  setSketch(parts: readonly SketchPart[]): void {
    this.drawing.setSketch(parts);
    this.writing.set(parts);
    this.show();
  }

  setTiles(tiles: MapTiles | null): void {
    if (tiles === this.tiles) return;
    this.tiles = tiles;
    this.tilesFails.emit(false);
    this.restyle();
  }

  setTool(tool: MapTool | null): void {
    this.pointing.tool = tool;
    this.map.doubleClickZoom[tool ? 'disable' : 'enable']();
  }

  /** Draws soon: many calls between two frames are one drawing. */
  refresh(): void {
    if (!this.frameRequest) this.frameRequest = requestAnimationFrame(() => this.drawNow());
  }

  onSelect(listener: (track: string | null) => void) {
    return this.selection.on(listener);
  }

  onPointer(listener: (pointer: MapPointer | null) => void) {
    return this.pointing.rests.on(listener);
  }

  onView(listener: (look: MapLook) => void) {
    listener(this.camera.look());
    return this.looks.on(listener);
  }

  onUnfollow(listener: () => void) {
    return this.unfollows.on(listener);
  }

  onDrawn(listener: (count: MapCount) => void) {
    return this.drawn.on(listener);
  }

  onTilesFail(listener: (fail: boolean) => void) {
    return this.tilesFails.on(listener);
  }

  destroy(): void {
    cancelAnimationFrame(this.frameRequest);
    this.writing.end();
    this.graphics.destroy();
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
      ...mapOptions,
      locale: { 'Map.Title': mapText[this.language].map },
    });
  }

  private listen(): void {
    const { map, pointing } = this;
    map.once('styledata', () => this.restyled());
    map.on('moveend', () => this.moved());
    map.on('dragstart', () => this.endFollowing());
    map.on('resize', () => this.moved());
    map.on('error', (event) => this.failed(event));
    map.on('sourcedata', ({ sourceId, tile }) => sourceId === TILES && tile && this.tilesFails.emit(false));
    map.on('zoom', () => Math.abs(map.getZoom() - this.scene.zoom) > zoomStep && this.refresh());
    map.getCanvas().addEventListener('keydown', (event) => this.pressed(event));
    pointing.hovers.on(() => this.refresh());
    pointing.clicks.on((track) => this.choose(track));
    this.moved();
  }

  private failed(event: { error: unknown; sourceId?: string }): void {
    if (event.sourceId === TILES) this.tilesFails.emit(true);
    else console.error(event.error);
  }

  private moved(): void {
    this.updateGraticule();
    this.graphics.moved();
    this.tellView();
    this.looks.emit(this.camera.look());
    this.refresh();
    this.drawWhenWritten();
  }

  /** Once more when the map has written its own names: those of the tracks keep off them. */
  private drawWhenWritten(): void {
    this.map.off('idle', this.drawSoon);
    this.map.once('idle', this.drawSoon);
  }

  private updateGraticule(): void {
    const source = this.map.getSource<GeoJSONSource>('graticule');
    void source?.setData(graticule(this.camera.bounds(), this.camera.zoom));
  }

  private style() {
    const { palette, language, layers, drawing } = this;
    return mapStyle({
      palette,
      language,
      theme: this.atlas.theme,
      basemapUrl: basemapUrl(),
      tiles: this.tiles,
      graticule: layers.graticule,
      places: layers.places,
      features: layers.features ? drawing : null,
      sketch: drawing.sketch,
    });
  }

  private restyle(): void {
    this.map.setStyle(this.style());
    this.map.once('styledata', () => this.restyled());
  }

  private restyled(): void {
    this.updateGraticule();
    this.drawing.restore();
  }

  /** Once for each selection and each change of panels; a track that comes later is waited for. */
  private revealSelected(): void {
    const place = this.placeOf(this.selected);
    if (place === null || !this.toReveal) return;
    this.toReveal = false;
    this.camera.reveal(...place);
  }

  private keepFollowed(): void {
    const place = this.placeOf(this.followed);
    if (place !== null) this.camera.keep(...place);
  }

  private placeOf(track: string | null): [lon: number, lat: number] | null {
    const { lon, lat } = this.store.table;
    const row = this.store.rowOf(track);
    return row === undefined ? null : [lon[row]!, lat[row]!];
  }

  private endFollowing(): void {
    if (this.followed === null) return;
    this.followed = null;
    this.unfollows.emit();
  }

  private tellView(): void {
    const { trails, kinds } = this.layers;
    this.options.client.view({
      bbox: normalBbox(this.camera.bounds()),
      zoom: this.camera.zoom,
      trails,
      selected: this.selected === null ? [] : [this.selected],
      schemata: kinds,
    });
  }

  private drawNow(): void {
    cancelAnimationFrame(this.frameRequest);
    this.frameRequest = 0;
    const { store, layers, palette, atlas, textWidth } = this;
    const camera = this.camera.now();
    const selectedRow = store.rowOf(this.selected);
    const taken = this.writing.labels(camera).map(({ box }) => box);
    const isWritten = this.drawing.names(camera);
    this.scene = buildScene(store, { camera, layers, selectedRow, taken, isWritten, textWidth });
    this.badges = badgesOf(store.cells, camera.zoom);
    const look = { palette, zoom: camera.zoom, nowUs: store.nowUs(), selected: this.placeOf(this.selected) };
    const above = deckLayers({
      store,
      scene: this.scene,
      atlas,
      palette,
      shown: layers,
      trails: layers.trails ? this.trails.current() : [],
      badges: this.badges,
      selectedRow,
      hoveredRow: store.rowOf(this.pointing.hovered),
      centreLat: camera.lat,
    });
    this.picture = [...underlayLayers(this.underlay, look), ...above];
    this.show();
    const drawn = this.scene.symbols.length + this.scene.minis.length;
    const { graphicCount: graphics } = this.drawing;
    this.drawn.emit({ mode: store.mode, held: store.table.size, drawn, graphics });
    this.pointing.tell();
    this.revealSelected();
    this.keepFollowed();
  }

  /** The picture as it was drawn last, and above it what the tool says now. */
  private show(): void {
    const written = toolLabelLayers(this.writing.labels(this.camera.now()), this.palette);
    this.overlay.setProps({ layers: [...this.picture, ...written] });
  }

  private find({ lon, lat, x, y }: PointerPlace): Found {
    const { store, scene, badges } = this;
    const row = pickTrack(store, scene, lon, lat, this.camera.zoom);
    const track = row === undefined ? null : (store.wordsOf(row)?.track ?? null);
    const badge = track === null ? pickBadge(badges, lon, lat, this.camera.zoom) : null;
    const isFree = track === null && badge === null && this.layers.features;
    return { track, badge, feature: isFree ? this.drawing.at(x, y) : null };
  }

  private choose(track: string | null): void {
    this.select(track);
    this.selection.emit(track);
  }

  private pressed(event: KeyboardEvent): void {
    const action = actionOf(event, {
      tool: this.pointing.tool,
      hasSelection: this.selected !== null,
      middle: () => this.camera.middle(),
      step: (step) => this.stepSelection(step),
      clear: () => this.choose(null),
      northUp: () => this.resetNorth(),
    });
    if (!action) return;
    action();
    event.preventDefault();
  }
}
