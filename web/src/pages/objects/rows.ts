/** The rows of the table of tracks: filtering, sorting and the window of rows that is drawn. Pure. */
import type { Geometry } from 'geojson';

import type { TableLook } from '../../exports/ask';
import type { FeatureInfo, TrackInfo, TrackStateName } from '../../api/types';
import { middleOf } from '../../features/geometry';
import { microseconds } from '../../i18n/format';
import { identityText } from '../../object/identity';

export type Column =
  | 'name'
  | 'identifier'
  | 'schema'
  | 'state'
  | 'speed'
  | 'course'
  | 'heading'
  | 'altitude'
  | 'uncertainty'
  | 'age'
  | 'sources'
  | 'marking'
  | 'position';

/** A track as the table shows it. */
export interface Row extends TrackInfo {
  /** Of a thing that reports nothing and lies where its geometry says; null for what reports. */
  since: string | null;
  /** What stands under Identifier. */
  identity: string;
}

/** What has a geometry and no position of its own lies in the middle of it. */
export function rowOf(track: TrackInfo, feature: FeatureInfo | null): Row {
  const identity = identityText({
    identifier: track.identifier,
    sources: track.sources,
    validUs: microseconds(track.valid),
    hasGeometry: feature !== null,
  }).replace(/^mmsi:/, '');
  if (feature === null || track.position !== null) return { ...track, since: null, identity };
  const position = middleOf(feature.geometry as unknown as Geometry);
  return { ...track, position, since: feature.properties.valid_from, identity };
}

export interface Filter {
  text: string;
  schema: string | null;
  state: TrackStateName | null;
}

export interface Sort {
  column: Column;
  descending: boolean;
}

/** What a file of tracks calls what stands in a column of the table; SI units and degrees there. */
const IN_FILES: Record<Column, readonly [string, ...string[]]> = {
  name: ['name'],
  identifier: ['identifier'],
  schema: ['schema'],
  state: ['state'],
  age: ['age_s'],
  speed: ['speed_mps'],
  course: ['course_deg'],
  heading: ['heading_deg'],
  altitude: ['altitude_m'],
  uncertainty: ['position_std_m'],
  sources: ['sources'],
  marking: ['marking'],
  position: ['latitude_deg', 'longitude_deg'],
};

/** How the table would stand in a file: its columns, and by which of them in which direction. */
export function lookOf(columns: readonly Column[], { column, descending }: Sort): TableLook {
  const goesDown = column === 'position' ? !descending : descending; // from north to south
  return {
    columns: columns.flatMap((one) => IN_FILES[one]),
    sort: `${goesDown ? '-' : ''}${IN_FILES[column][0]}`,
  };
}

const STATE_ORDER: Record<TrackStateName, number> = { live: 0, fading: 1, ended: 2 };

/** @param isOf whether a kind is another one, or extends it. */
export function filterTracks(
  tracks: readonly Row[],
  filter: Filter,
  isOf: (kind: string, other: string) => boolean = (kind, other) => kind === other,
): Row[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return tracks.filter((track) => {
    if (filter.schema !== null && !isOf(track.schema, filter.schema)) return false;
    if (filter.state !== null && (track.since !== null || track.state !== filter.state)) return false;
    const text = `${track.name ?? ''} ${track.identifier}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Sorted copy; what is not known comes last, whichever way the column is sorted. */
export function sortTracks(tracks: readonly Row[], sort: Sort): Row[] {
  const sign = sort.descending ? -1 : 1;
  return tracks
    .map((track) => ({ track, key: keyOf(track, sort.column) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      if (a.key === b.key) return a.track.track_id < b.track.track_id ? -1 : 1;
      return a.key < b.key ? -sign : sign;
    })
    .map(({ track }) => track);
}

function keyOf(track: Row, column: Column): string | number | null {
  switch (column) {
    case 'name':
      return track.name?.toLowerCase() ?? null;
    case 'identifier':
      return track.identity;
    case 'schema':
      return track.schema;
    case 'state':
      return track.since === null ? STATE_ORDER[track.state] : null;
    case 'speed':
      return track.speed_mps;
    case 'course':
      return track.course_deg;
    case 'heading':
      return track.heading_deg;
    case 'altitude':
      return track.altitude_m;
    case 'uncertainty':
      return track.std_m;
    case 'marking':
      return track.marking.text;
    case 'position': // from north to south
      return track.position === null ? null : -track.position.lat;
    case 'age':
      return track.since === null ? track.age_s : null;
    case 'sources':
      return track.sources.join(', ');
  }
}

/** Which rows to draw: first (included) and last (excluded), with some beyond the edges. */
export function rowWindow(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
  beyond = 8,
): { first: number; last: number } {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - beyond);
  const last = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + beyond);
  return { first: Math.min(first, last), last };
}
