/** What sensors detected lately and lines of bearing, read again and again; the selection's source tracks and its forecast. */
import { untrack } from 'svelte';

import { ApiError } from '../api/errors';
import type { Forecast, LineOfBearing, Marking, PlotInfo, PlotList, SourceTrack } from '../api/types';
import { microseconds } from '../i18n/format';
import type { MapForecast, MapLine, MapPlot, MapSourceTrack, MapUnderlay } from '../map';
import { sourceOf } from '../object/source';
import { api } from '../session/session.svelte';
import { type AsOf, mayStand } from '../time/as_of';
import { aheadText } from './ahead';

const AGAIN_MS = 2000;

type Bbox = readonly [west: number, south: number, east: number, north: number];

interface Shown {
  readonly map: { look: () => { bbox: Bbox } } | null;
  readonly asOf: AsOf | null;
}

class Underlay {
  marking = $state.raw<Marking | null>(null);
  /** False when the node has more plots than it sends at once. */
  complete = $state(true);
  failed = $state(false);
  #asked: AsOf | null = null;
  #plots = $state.raw<MapPlot[]>([]);
  #lines = $state.raw<MapLine[]>([]);
  #sourceTracks = $state.raw<MapSourceTrack[]>([]);
  #forecasts = $state.raw<MapForecast[]>([]);

  /** As the map wants them. */
  readonly drawn = $derived.by((): MapUnderlay => ({
    plots: this.#plots,
    lines: this.#lines,
    sourceTracks: this.#sourceTracks,
    forecasts: this.#forecasts,
  }));

  /**
   * Read the plots of what the map shows until the returned function is called.
   *
   * @param shown the map, and which time it shows; null: the present.
   */
  follow(shown: Shown): () => void {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const turn = async () => {
      const bbox = shown.map?.look().bbox;
      if (bbox !== undefined && !document.hidden) await this.#read(bbox, shown, abort.signal);
      // The next one is counted from the answer: a slow node is not asked twice at a time.
      if (!abort.signal.aborted) timer = setTimeout(() => void turn(), AGAIN_MS);
    };
    void turn();
    return () => {
      clearTimeout(timer);
      abort.abort();
      this.#forget();
    };
  }

  /** Show these as what the selection is made of; one alone is the symbol itself. */
  select(tracks: readonly SourceTrack[]): void {
    const placed = tracks.flatMap(({ position, ...track }) => (position ? [{ position, ...track }] : []));
    const shown = placed.length < 2 ? [] : placed.map(asSourceTrack);
    // Whoever tells this does not come again because of it.
    const before = untrack(() => this.#sourceTracks);
    if (JSON.stringify(shown) !== JSON.stringify(before)) this.#sourceTracks = shown;
  }

  /** Show where the selection will be; null: show it no more. */
  foresee(forecast: Forecast | null): void {
    this.#forecasts = (forecast?.points ?? []).map(({ ahead_s, position, axis_deg, half, most }) => ({
      name: aheadText(ahead_s),
      place: position,
      axisDeg: axis_deg,
      halfM: [half.along_m, half.across_m],
      mostM: [most.along_m, most.across_m],
    }));
  }

  async #read(bbox: Bbox, shown: Shown, signal: AbortSignal): Promise<void> {
    const asked = untrack(() => shown.asOf);
    if (!mayStand(this.#asked, asked)) this.#forget();
    this.#asked = asked;
    try {
      const query = { bbox: bbox.join(','), ...asked };
      const found = await api.request<PlotList>('/plots', { query, signal });
      if (
        !mayStand(
          asked,
          untrack(() => shown.asOf),
        )
      )
        return;
      this.#show(
        found.sources.flatMap(({ plots }) => plots.map(asPlot)),
        found.lines.flatMap(({ source, lines }) => lines.map((line) => asLine(source, line))),
      );
      if (found.marking?.text !== this.marking?.text) this.marking = found.marking;
      this.complete = found.complete;
      this.failed = false;
    } catch (error) {
      // What was read fades by itself; the drawer says why nothing new comes.
      if (!signal.aborted) this.failed = error instanceof ApiError;
    }
  }

  /** The map is drawn anew with each change: where there are no plots nothing has changed. */
  #show(plots: MapPlot[], lines: MapLine[]): void {
    if (lines.length > 0 || untrack(() => this.#lines).length > 0) this.#lines = lines;
    if (plots.length > 0 || untrack(() => this.#plots).length > 0) this.#plots = plots;
  }

  #forget(): void {
    this.#show([], []);
    this.marking = null;
    this.complete = true;
    this.failed = false;
  }
}

function asPlot(plot: PlotInfo): MapPlot {
  return {
    validUs: microseconds(plot.valid) ?? 0,
    place: plot.position,
    sensor: plot.sensor_position,
    bearingDeg: plot.bearing_deg,
    rangeM: plot.range_m,
    stdM: plot.position_std_m,
    minorM: plot.position_minor_std_m,
    axisDeg: plot.position_axis_deg,
  };
}

function asLine(source: string, line: LineOfBearing): MapLine {
  return {
    name: line.line,
    number: line.line.slice(line.line.lastIndexOf('-') + 1),
    source,
    sensor: line.sensor_position,
    sensorName: line.sensor,
    validUs: microseconds(line.valid) ?? 0,
    bearingDeg: line.bearing_deg,
    stdDeg: line.bearing_std_deg,
    rateDegps: line.bearing_rate_degps,
    rateStdDegps: line.bearing_rate_std_degps,
  };
}

type Placed = Pick<SourceTrack, 'stream' | 'agrees' | 'std_m' | 'std_minor_m' | 'std_axis_deg'> & {
  position: NonNullable<SourceTrack['position']>;
};

function asSourceTrack(track: Placed): MapSourceTrack {
  return {
    // A tracker is known by its sensor.
    name: sourceOf(track.stream),
    place: track.position,
    agrees: track.agrees,
    stdM: track.std_m,
    minorM: track.std_minor_m,
    axisDeg: track.std_axis_deg,
  };
}

export const underlay = new Underlay();
