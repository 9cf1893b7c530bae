/** What all pages share while a person works: the picture's client, the selection, the map, what is open. */
import type { Geometry } from 'geojson';
import { untrack } from 'svelte';

import type { ClockInfo, Marking, Page as Items, PictureSummary, SourceInfo, TrackInfo } from '../api/types';
import { features } from '../features/features.svelte';
import { boxOf } from '../features/geometry';
import { zuluDate } from '../i18n/format';
import { joinMarkings } from '../label/marking';
import type { MarkedKind, MarkedPart } from '../label/marking_from';
import type { MapAdapter, MapLayers } from '../map';
import { type Moment, PictureClient } from '../picture';
import { paths, readPlace, writePlace, type MapPlace, type Page } from '../router/paths';
import { router } from '../router/router.svelte';
import { api, session } from '../session/session.svelte';
import { nowMs } from '../session/ticker.svelte';
import type { AsOf } from '../time/as_of';
import { readLayers } from '../views/address';
import { isPacedByExercise, replayHasEnded } from './replay';
import { sideMaps } from './side_maps.svelte';

/** So many tracks tell well enough where they are. */
const CLOSE_ZOOM = 12;
const STORED_PLACE = 'alliage.place';
const SUMMARY_EVERY_MS = 5000;
/** While the past plays, what the map does not show is asked about so often, in real time. */
const PLAYED_EVERY_MS = 10_000;

/** What may lie over a page. What is written in front of the page does not come from there. */
const OVER = ['palette', 'finder', 'drawer', 'call', 'alerts', 'panel', 'tool', 'reports'] as const;
type Over = (typeof OVER)[number];

class Workspace {
  readonly client = new PictureClient();
  /** Track id of the selection, the same on the map and in the tables. */
  selected = $state<string | null>(null);
  layers = $state<MapLayers>(readLayers(router.query));
  /** Whether the map goes with the selected track. */
  following = $state(false);
  /** For a wall: the map and what must be known of it, nothing else. */
  wall = $state(router.query.has('wall'));
  map = $state.raw<MapAdapter | null>(null);
  leftOpen = $state(innerWidth >= 1000);
  overlay = $state<'palette' | 'shortcuts' | null>(null);
  summary = $state.raw<PictureSummary | null>(null);
  /** True when every recording has been played to its end: the picture's clock stands for good. */
  replayEnded = $state(false);
  /** Whether time is that of an exercise that was hurried or paused. */
  isExerciseTime = $state(false);
  /** Where the person was on the Picture page; the way back leads there. */
  pictureAddress = $state(paths.picture());
  #summaryAt = $state(Date.now());
  #markings = $state<Partial<Record<Page | Over, Marking | null>>>({});
  /** What the marking of a page is joined from, where it says so. */
  #parts = $state.raw<Partial<Record<Page, readonly MarkedPart[]>>>({});
  #timer: ReturnType<typeof setInterval> | null = null;
  #playing: ReturnType<typeof setInterval> | null = null;
  /** How far the past has played since it was asked for. */
  #played = $state.raw<{ of: Moment; us: number } | null>(null);

  /** Begin after sign-in. */
  start(): void {
    this.client.open();
    if (this.#timer !== null) return;
    void this.#readSummary();
    this.#timer = setInterval(() => void this.#readSummary(), SUMMARY_EVERY_MS);
    this.#playing = setInterval(() => this.#notePlayed(), PLAYED_EVERY_MS);
  }

  /** The session is over: nothing more arrives; what was shown stays. */
  stop(): void {
    this.client.close();
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#playing !== null) clearInterval(this.#playing);
    this.#timer = this.#playing = null;
  }

  /** The picture's clock, from the socket or, where no map is open, from the last summary. */
  get clock(): { mode: ClockInfo['mode']; us: number } | null {
    const now = nowMs();
    if (this.client.store.clock !== null) {
      return { mode: this.client.store.clock.mode, us: this.client.store.nowUs() };
    }
    const read = this.summary?.clock ?? session.info?.clock;
    if (read === undefined || read === null) return null;
    const sinceUs = read.mode === 'live' ? Math.max(0, now - this.#summaryAt) * 1000 : 0;
    return { mode: read.mode, us: read.now_us + sinceUs };
  }

  /** What time it is in the present, also while another is shown. */
  get presentUs(): number | null {
    const shown = this.client.store.clock;
    if (shown !== null && shown.mode !== 'past') return this.clock?.us ?? null;
    const now = nowMs();
    const read = this.summary?.clock;
    if (read === undefined) return null;
    return read.now_us + (read.mode === 'live' ? Math.max(0, now - this.#summaryAt) * 1000 : 0);
  }

  /** The picture's time as somebody would type it: `2026-11-27 19:30`. */
  get timeToType(): string {
    return zuluDate(this.clock?.us ?? nowMs() * 1000).slice(0, 16);
  }

  get isPast(): boolean {
    return this.clock?.mode === 'past';
  }

  /** The past that is shown, for questions to the API: while it plays, as of some seconds ago; null in the present. */
  get asOf(): AsOf | null {
    const { past } = this.client;
    if (past === null) return null;
    const us = this.#played?.of === past ? this.#played.us : past.atUs;
    const valid = new Date(us / 1000).toISOString();
    return past.known === 'then' ? { valid, known: valid } : { valid };
  }

  /** Whether only what was known then is to be shown. */
  get isKnownThen(): boolean {
    return this.client.past?.known === 'then';
  }

  /** Whether the present itself stands: somebody has paused the exercise that drives the picture's clock. */
  get standsStill(): boolean {
    const read = this.summary?.clock;
    return this.isReplay && !this.replayEnded && read?.mode === 'replay' && read.pace === 0;
  }

  /** Seconds since a moment, by the picture's clock. */
  ageS(validUs: number): number | null {
    const clock = this.clock;
    return clock === null ? null : (clock.us - validUs) / 1e6;
  }

  get isExercise(): boolean {
    return (session.info?.node.banner ?? '').includes('EXERCISE');
  }

  get isReplay(): boolean {
    return this.clock?.mode === 'replay';
  }

  /** What drives the picture's clock where it is not the present. */
  get pacedBy(): 'exercise_time' | 'replay' {
    return this.isExerciseTime ? 'exercise_time' : 'replay';
  }

  /** A page, or what lies over it, tells what it shows, so that the banner carries the joined marking. */
  mark(where: Page | Over, marking: Marking | null): void {
    this.#markings[where] = marking;
  }

  /** The same by its parts; those without a marking are left out. */
  markByParts(page: Page, all: readonly { what: MarkedKind; marking: Marking | null }[]): void {
    const parts = all.flatMap(({ what, marking }) => (marking === null ? [] : [{ what, marking }]));
    this.#parts = { ...untrack(() => this.#parts), [page]: parts };
    this.mark(page, joinMarkings(parts.map(({ marking }) => marking)));
  }

  /** What the marking on the screen comes from; null where this page does not say it. */
  marked(page: Page): MarkedPart[] | null {
    const parts = this.#parts[page];
    if (parts === undefined) return null;
    const over = OVER.map((where) => this.#markings[where] ?? null).filter((marking) => marking !== null);
    return [...parts, ...over.map((marking): MarkedPart => ({ what: 'over', marking }))];
  }

  marking(page: Page): Marking | null {
    return this.#markings[page] ?? null;
  }

  /** Joined of a page and of what lies over it. */
  onScreen(page: Page): Marking | null {
    const shown = [page, ...OVER].map((where) => this.#markings[where] ?? null);
    return joinMarkings(shown.filter((marking) => marking !== null));
  }

  open(overlay: 'palette' | 'shortcuts'): void {
    this.overlay = overlay;
  }

  select(track: string | null): void {
    this.selected = track;
    if (track === null) this.following = false;
    if (router.route.page === 'picture') router.setQuery({ track });
  }

  /** Go to the picture with a track selected and in the middle. */
  showOnMap(track: string, lon: number | null, lat: number | null): void {
    this.selected = track;
    const place = lon === null || lat === null ? null : { lon, lat, zoom: CLOSE_ZOOM };
    const at = place === null ? '' : `at=${writePlace(place)}&`;
    router.go(`${paths.picture()}?${at}track=${encodeURIComponent(track)}`);
    if (place !== null) this.map?.flyTo(place);
  }

  /** Go to the picture at a place. */
  goTo({ lon, lat }: { lon: number; lat: number }): void {
    const place = { lon, lat, zoom: CLOSE_ZOOM };
    if (router.route.page !== 'picture') router.go(`${paths.picture()}?at=${writePlace(place)}`);
    this.map?.flyTo(place);
  }

  async centreSelected(): Promise<void> {
    if (this.selected === null) return;
    const held = this.client.store.track(this.selected);
    if (held !== null) return this.map?.flyTo({ lon: held.lon, lat: held.lat });
    const feature = features.byObject(this.selected);
    if (feature !== null) return this.map?.fitTo(boxOf(feature.geometry as unknown as Geometry));
    if (this.asOf !== null) return; // wherever it was then, the picture would have it
    const track = await api.request<TrackInfo>(`/tracks/${encodeURIComponent(this.selected)}`);
    if (track.position !== null) this.map?.flyTo({ lon: track.position.lon, lat: track.position.lat });
  }

  /** Fit the map to the tracks there are, but for the outermost. */
  showAll(): void {
    const middle = this.summary?.middle;
    if (middle == null) return;
    const [west, south, east, north] = middle;
    // A map's corners run on across 180 degrees.
    this.map?.fitTo([west, south, east < west ? east + 360 : east, north]);
  }

  /** Where the map begins: what the address says, else nothing (the page then finds the tracks). */
  get addressPlace(): MapPlace | null {
    return readPlace(router.query);
  }

  /** Where the map was last in this browser. */
  lastPlace(): MapPlace | null {
    return readPlace(new URLSearchParams({ at: localStorage.getItem(STORED_PLACE) ?? '' }));
  }

  rememberPlace(place: MapPlace): void {
    localStorage.setItem(STORED_PLACE, writePlace(place));
  }

  /** Take layers and filter from an address that was pasted or chosen. */
  readAddress(): void {
    this.layers = readLayers(router.query);
    sideMaps.readAddress();
    const place = this.addressPlace;
    if (place !== null) this.map?.flyTo(place);
  }

  setWall(on: boolean): void {
    this.wall = on;
    router.setQuery({ wall: on ? '1' : null });
  }

  #notePlayed(): void {
    const { past, store } = this.client;
    if (past !== null && past.pace > 0 && store.clock?.mode === 'past' && !document.hidden)
      this.#played = { of: past, us: store.nowUs() };
  }

  async #readSources(): Promise<SourceInfo[]> {
    const answer = await api.request<SourceInfo[] | Items<SourceInfo>>('/sources');
    return Array.isArray(answer) ? answer : answer.items;
  }

  async #readSummary(): Promise<void> {
    if (document.hidden || session.status !== 'signed_in') return;
    try {
      this.summary = await api.request<PictureSummary>('/picture/summary');
      this.#summaryAt = Date.now();
      const sources = this.summary.clock.mode === 'replay' ? await this.#readSources() : [];
      this.replayEnded = replayHasEnded(sources);
      this.isExerciseTime = isPacedByExercise(sources);
    } catch {
      // The connection banner tells of a node that does not answer; the last counts stay.
    }
  }
}

export const workspace = new Workspace();
