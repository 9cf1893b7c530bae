/** What the browser holds of the picture, with counters that Svelte can watch. */
// The columns are watched through the counters alone: a reactive map per track would cost more than it tells.
import {
  type Banner,
  type ClockMode,
  columnOf,
  type Frame,
  type FrameHeader,
  type PastProgress,
  type TrackWords,
} from './frame';
import { ENDED, FADING, TrackTable } from './tracks';

/** One track as an object, for panels and lists; the map reads the columns instead. Units are SI and degrees. */
export interface Track {
  id: string;
  object: string;
  name: string | null;
  schema: string;
  sidc: string;
  identifier: string;
  sources: string[];
  lon: number;
  lat: number;
  speed: number | null;
  course: number | null;
  heading: number | null;
  /** Metres; `minor` and `axis` (degrees) are those of an error ellipse, null for a circle. */
  std: number | null;
  minor: number | null;
  axis: number | null;
  altitude: number | null;
  validUs: number;
  state: 'live' | 'fading' | 'ended';
  label: string | null;
}

/** Where a track has been, oldest first. */
export interface Trail {
  lon: Float32Array;
  lat: Float32Array;
  valid: Float64Array;
}

/** Tracks counted by place and kind, where they are too many to be read one by one. */
export interface Cells {
  size: number;
  lon: Float64Array;
  lat: Float64Array;
  count: Uint32Array;
  moving: Uint32Array;
  schema: Uint8Array;
  /** Standard identity of APP-6, 0 to 6. */
  identity: Uint8Array;
  schemata: string[];
}

export type Notice = FrameHeader & { type: 'notice' };

const noCells: Cells = {
  size: 0,
  lon: new Float64Array(),
  lat: new Float64Array(),
  count: new Uint32Array(),
  moving: new Uint32Array(),
  schema: new Uint8Array(),
  identity: new Uint8Array(),
  schemata: [],
};

export class PictureStore {
  /** Rises with every change of tracks or cells. */
  version = $state(0);
  trailsVersion = $state(0);
  total = $state(0);
  mode = $state<'tracks' | 'cells'>('tracks');
  clock = $state.raw<{ mode: ClockMode; us: number } | null>(null);
  banner = $state.raw<Banner | null>(null);
  /** How the past plays; null in the present. */
  past = $state.raw<PastProgress | null>(null);

  /** Objects that want attention: they are drawn wherever they are, and marked. */
  alerting: ReadonlySet<string> = new Set();
  readonly table = new TrackTable();
  cells: Cells = noCells;
  private hasNewCells = false;
  /** By the connection's number of a track. */
  readonly trails = new Map<number, Trail>();
  private readonly words = new Map<number, TrackWords>();
  private readonly numbers = new Map<string, number>();
  private readonly labels = new Map<number, string>();
  private readonly listeners = new Set<(notice: Notice) => void>();
  private clockReadAt = 0;
  /** Which clock the next batches are to bear; what was on its way before is not believed. */
  private expects: 'past' | 'present' | null = null;

  constructor(private readonly monotonicMs: () => number = () => performance.now()) {}

  apply(frame: Frame): void {
    const { header } = frame;
    if (header.type === 'notice') return this.notify(header as Notice);
    this.readHeader(header);
    if (header.type === 'tracks') this.applyTracks(frame);
    if (header.type === 'cells') this.applyCells(frame);
    if (header.type === 'trails') this.applyTrails(frame);
  }

  attendTo(objects: Iterable<string>): void {
    this.alerting = new Set(objects);
    this.version += 1;
  }

  /** Whether the track in a row is of such an object; what wants attention now says nothing of another time. */
  isAlerting(row: number): boolean {
    if (this.alerting.size === 0 || this.clock?.mode === 'past') return false;
    const object = this.wordsOf(row)?.object;
    return object !== undefined && this.alerting.has(object);
  }

  /** The picture's clock now, in microseconds: counts on while live and in the past, stands between frames of a replay. */
  nowUs(): number {
    if (!this.clock) return Date.now() * 1000;
    return this.clock.us + (this.monotonicMs() - this.clockReadAt) * 1000 * this.runs();
  }

  /** Another time was asked for: it is shown at once, and the node fills the picture. */
  expectPast(us: number, pace: number): void {
    this.expects = 'past';
    const loaded = this.clock?.mode === 'past' ? (this.past?.loaded ?? 0) : 0;
    this.past = { pace, loaded, at_edge: false, not_kept: this.past?.not_kept ?? {} };
    this.setClock('past', us);
  }

  expectPresent(): void {
    this.expects = 'present';
  }

  /** Seconds of the picture's clock in one second, between frames. */
  private runs(): number {
    if (this.clock?.mode === 'live') return 1;
    const { past } = this;
    return past !== null && past.loaded === 1 && !past.at_edge ? past.pace : 0;
  }

  wordsOf(row: number): TrackWords | undefined {
    return this.words.get(this.table.id[row]!);
  }

  /** The row of a track by its track id, or undefined when it is not held. */
  rowOf(track: string | null): number | undefined {
    const number = track === null ? undefined : this.numbers.get(track);
    return number === undefined ? undefined : this.table.rowOf(number);
  }

  track(track: string): Track | null {
    const row = this.rowOf(track);
    return row === undefined ? null : this.trackAt(row);
  }

  tracks(): Track[] {
    const all: Track[] = [];
    for (let row = 0; row < this.table.size; row++) {
      const track = this.trackAt(row);
      if (track) all.push(track);
    }
    return all;
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private trackAt(row: number): Track | null {
    const words = this.wordsOf(row);
    if (!words) return null;
    const { table } = this;
    const { track: id, ...rest } = words;
    const state = table.state[row]!;
    return {
      id,
      ...rest,
      lon: table.lon[row]!,
      lat: table.lat[row]!,
      speed: known(table.speed[row]!),
      course: known(table.course[row]!),
      heading: known(table.heading[row]!),
      std: known(table.std[row]!),
      minor: known(table.minor[row]!),
      axis: known(table.axis[row]!),
      altitude: known(table.altitude[row]!),
      validUs: table.valid[row]!,
      state: state === ENDED ? 'ended' : state === FADING ? 'fading' : 'live',
      label: this.labels.get(table.label[row]!) ?? null,
    };
  }

  private readHeader(header: FrameHeader): void {
    if (header.reset) {
      this.table.clear();
      this.trails.clear();
      this.words.clear();
      this.numbers.clear();
      this.labels.clear();
    }
    for (const [number, text] of Object.entries(header.labels ?? {})) this.labels.set(Number(number), text);
    for (const [number, words] of Object.entries(header.strings ?? {})) {
      this.words.set(Number(number), words);
      this.numbers.set(words.track, Number(number));
    }
    if (header.banner !== undefined) this.banner = header.banner;
    if (header.total !== undefined) this.total = header.total;
    if (header.clock_us !== undefined && header.clock) {
      const bears = header.clock === 'past' ? 'past' : 'present';
      if (this.expects !== null && bears !== this.expects) return;
      this.expects = null;
      this.past = header.past ?? null;
      this.setClock(header.clock, header.clock_us);
    }
  }

  private setClock(mode: ClockMode, us: number): void {
    this.clock = { mode, us };
    this.clockReadAt = this.monotonicMs();
  }

  private applyTracks(frame: Frame): void {
    const rows = frame.columns.size ? this.table.apply(frame) : 0;
    for (const number of frame.header.removed ?? []) {
      this.table.remove(number);
      this.trails.delete(number);
      this.numbers.delete(this.words.get(number)?.track ?? '');
      this.words.delete(number);
    }
    const { aggregated, removed, reset } = frame.header;
    const mode = aggregated ? 'cells' : 'tracks';
    // Most seconds of a quiet sea say only what time it is: nothing has to be drawn anew for that.
    const changed = reset || rows || removed?.length || this.hasNewCells || mode !== this.mode;
    this.mode = mode;
    this.hasNewCells = false;
    if (mode === 'tracks') this.cells = noCells;
    if (changed) this.version += 1;
  }

  private applyCells(frame: Frame): void {
    const lon = columnOf(frame, 'lon', Float64Array);
    const cells = {
      size: lon.length,
      lon,
      lat: columnOf(frame, 'lat', Float64Array),
      count: columnOf(frame, 'count', Uint32Array),
      moving: columnOf(frame, 'moving', Uint32Array),
      schema: columnOf(frame, 'schema', Uint8Array),
      identity: columnOf(frame, 'identity', Uint8Array),
      schemata: frame.header.schemata ?? [],
    };
    if (isSame(cells, this.cells)) return;
    this.cells = cells;
    this.hasNewCells = true;
  }

  private applyTrails(frame: Frame): void {
    const ids = columnOf(frame, 'id', Uint32Array);
    const count = columnOf(frame, 'count', Uint32Array);
    const lon = columnOf(frame, 'lon', Float32Array);
    const lat = columnOf(frame, 'lat', Float32Array);
    const valid = columnOf(frame, 'valid', Float64Array);
    let from = 0;
    ids.forEach((id, i) => {
      const to = from + count[i]!;
      this.trails.set(id, {
        lon: lon.slice(from, to),
        lat: lat.slice(from, to),
        valid: valid.slice(from, to),
      });
      from = to;
    });
    this.trailsVersion += 1;
  }

  private notify(notice: Notice): void {
    for (const listener of this.listeners) listener(notice);
  }
}

function isSame(some: Cells, others: Cells): boolean {
  if (some.size !== others.size || some.schemata.join() !== others.schemata.join()) return false;
  const columns = ['lon', 'lat', 'count', 'moving', 'schema', 'identity'] as const;
  return columns.every((name) => some[name].every((value, i) => value === others[name][i]));
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
