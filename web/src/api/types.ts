/** What the node says, under the names that the screens use. Made from the OpenAPI document by `npm run api`. */
export interface Marking {
  text: string;
  classification: string;
}
export type Texts = Record<string, string>;
export type PropertyValue = string | number | boolean | null;
export type Role = 'viewer' | 'analyst' | 'planner' | 'commander' | 'administrator';
export type Language = 'en' | 'fr';
export interface Page<T> {
  items: T[];
  next: string | null;
}
export interface ClockInfo {
  mode: 'live' | 'replay';
  now_us: number;
}
export interface SessionInfo {
  user: string;
  nation: string;
  clearance: string;
  roles: Role[];
  csrf_token: string;
  language: Language;
  expires: string;
  node: { name: string; nation: string; banner: string; version: string };
  clock: ClockInfo;
}
export type TrackStateName = 'live' | 'fading' | 'ended';
export interface Position {
  lon: number;
  lat: number;
  std_m: number | null;
  altitude_m?: number | null;
}
export interface Kinematics {
  position: Position | null;
  speed_mps: number | null;
  course_deg: number | null;
  heading_deg: number | null;
  turn_rate_degps?: number | null;
  navigation_status?: string | null;
  valid: string;
  age_s: number;
  state: TrackStateName;
}
export interface TrackInfo extends Kinematics {
  track_id: string;
  object_id: string;
  identifier: string;
  name: string | null;
  schema: string;
  sidc: string;
  sources: string[];
  marking: Marking;
}
export interface SourceTrack extends Kinematics {
  stream: string;
  identifier: string;
  subject: string;
  marking: Marking;
  receivers: string[];
}
export interface ClaimInfo {
  claim_id: string;
  subject: string;
  identifier: string;
  schema: string;
  property: string;
  value: PropertyValue;
  valid_from: string;
  valid_to: string | null;
  known: string;
  confidence: number;
  count: number;
  values: PropertyValue[];
  source: string;
  marking: Marking;
  evidence: string[];
}
export interface ObjectInfo {
  object_id: string;
  aliases: string[];
  schema: string;
  sidc: string;
  identifiers: string[];
  names: string[];
  state: Kinematics | null;
  source_tracks: SourceTrack[];
  properties: Record<string, PropertyValue>;
  claims: ClaimInfo[];
  marking: Marking;
}
export interface PictureSummary {
  tracks: number;
  moving: number;
  by_schema: Record<string, number>;
  by_state: Record<string, number>;
  clock: ClockInfo;
}
export interface SearchHit {
  kind: 'track' | 'object';
  id: string;
  track_id: string | null;
  schema: string;
  title: string;
  subtitle: string;
  lon: number | null;
  lat: number | null;
}
export type SourceState = 'connecting' | 'connected' | 'waiting' | 'ended' | 'failed';
export interface SourceInfo {
  name: string;
  format: string;
  title: Texts;
  transport: string;
  state: SourceState;
  since: string | null;
  marking: Marking;
  shareable: boolean;
  replay: boolean;
  simulation: boolean;
  rates: { bytes_per_s: number; reports_per_s: number };
  accepted: number;
  duplicates: number;
  ignored: Record<string, number>;
  quarantined: number;
  quarantined_by_reason: Record<string, number>;
  last_received: string | null;
  age_s: number | null;
  error: string | null;
  next_retry: string | null;
  reconnects: number;
}
export interface QuarantinedItem {
  id: string;
  received: string;
  reason: string;
  reason_text: Texts;
  detail: string;
  bytes_hex: string;
  text: string;
}
export interface UserInfo {
  user_id: string;
  user: string;
  nation: string;
  clearance: string;
  roles: Role[];
  language: Language;
  active: boolean;
  created: string;
}
export interface PropertyInfo {
  name: string;
  title: Texts;
  type: string;
  unit: string | null;
  choices: Record<string, Texts>;
}
export interface SchemaInfo {
  name: string;
  title: Texts;
  extends: string | null;
  lineage: string[];
  properties: Record<string, PropertyInfo>;
  fade_s: number;
  end_s: number;
}
export interface FormatInfo {
  name: string;
  title: Texts;
  reasons: Record<string, Texts>;
}
