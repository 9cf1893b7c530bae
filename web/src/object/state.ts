import type { Geometry } from 'geojson';

import type { Kinematics, Marking, ObjectInfo } from '../api/types';
import { geometryOf, middleOf } from '../features/geometry';
import { microseconds } from '../i18n/format';
import type { Track } from '../picture';
import type { Place } from '../position/grid';

/** A state as the panel shows it; the moment in microseconds, null where nothing was reported. */
export interface ShownState {
  lon: number | null;
  lat: number | null;
  stdM: number | null;
  /** Across the longer axis of the error ellipse, and where that axis points; null for a circle. */
  stdMinorM: number | null;
  stdAxisDeg: number | null;
  altitudeM: number | null;
  speedMps: number | null;
  courseDeg: number | null;
  headingDeg: number | null;
  turnRateDegps: number | null;
  navigationStatus: string | null;
  validUs: number | null;
  state: 'live' | 'fading' | 'ended';
}

/** Where a thing lies that has a geometry of its own and does not report: an area, a cable, a marked place. */
export interface Lying {
  sinceUs: number;
  geometry: Geometry;
  middle: Place;
  isPoint: boolean;
}

/** Null for what reports where it is, and for what has no geometry. */
export function lyingOf({ state, properties, claims }: ObjectInfo): Lying | null {
  const geometry = geometryOf(String(properties['geometry'] ?? ''));
  if (geometry === null || state.position !== null) return null;
  // The latest first.
  const said = claims.find((claim) => claim.property === 'geometry' && claim.retraction === null);
  const sinceUs = microseconds(said?.valid_from);
  if (sinceUs === null) return null;
  return { sinceUs, geometry, middle: middleOf(geometry), isPoint: geometry.type === 'Point' };
}

/** What the picture's socket says now; what it does not carry comes from the last read of the object. */
export function kinematicsOf(live: Track, read: Kinematics | null): ShownState {
  return {
    lon: live.lon,
    lat: live.lat,
    stdM: live.std,
    stdMinorM: live.minor,
    stdAxisDeg: live.axis,
    altitudeM: live.altitude,
    speedMps: live.speed,
    courseDeg: live.course,
    headingDeg: live.heading,
    turnRateDegps: read?.turn_rate_degps ?? null,
    navigationStatus: read?.navigation_status ?? null,
    validUs: live.validUs,
    state: live.state,
  };
}

export function shownState(read: Kinematics): ShownState {
  return {
    lon: read.position?.lon ?? null,
    lat: read.position?.lat ?? null,
    stdM: read.std_m,
    stdMinorM: read.std_minor_m,
    stdAxisDeg: read.std_axis_deg,
    altitudeM: read.altitude_m,
    speedMps: read.speed_mps,
    courseDeg: read.course_deg,
    headingDeg: read.heading_deg,
    turnRateDegps: read.turn_rate_degps,
    navigationStatus: read.navigation_status,
    validUs: microseconds(read.valid ?? read.heard),
    state: read.state,
  };
}

/** The markings of everything that is said of an object, and of who says it. */
export function markingsOf(object: ObjectInfo): Marking[] {
  const said = object.claims.flatMap(({ marking, retraction }) =>
    retraction === null ? [marking] : [marking, retraction.marking],
  );
  return [object.marking, ...said, ...object.source_tracks.map(({ marking }) => marking)];
}

/** Whether an id is one that the object goes by. */
export function isSame(info: ObjectInfo, id: string): boolean {
  return info.object_id === id || info.aliases.includes(id);
}
