/** What the node says, under the names that the screens use. `schema.d.ts` comes from `npm run api`. */
import type { components } from './schema';

type Schemas = components['schemas'];

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type Marking = Schemas['Marking'];
export type MarkingWords = Schemas['MarkingWords'];
export type Texts = Readonly<Record<string, string>>;
export type ClaimInfo = Schemas['ClaimInfo'];
export type PropertyValue = ClaimInfo['value'];
export type ClockInfo = Schemas['ClockInfo'];
export type SessionInfo = Schemas['SessionInfo'];
export type SeenAs = Schemas['SeenAs'];
export type WithheldInfo = Schemas['WithheldInfo'];
export type Explanation = Schemas['Explanation'];
export type Role = SessionInfo['roles'][number];
export type Language = SessionInfo['language'];
export type Kinematics = Schemas['Kinematics'];
export type TrackStateName = Kinematics['state'];
export type TrackInfo = Schemas['Track'];
export type SourceTrack = Schemas['SourceTrack'];
export type ObjectInfo = Schemas['ObjectInfo'];
export type PictureSummary = Schemas['PictureSummary'];
export type HistoryDensity = Schemas['HistoryDensity'];
export type NotKept = Schemas['NotKept'];
export type HistoryExtent = Schemas['HistoryExtent'];
export type FeatureCollection = Schemas['FeatureCollection'];
export type FeatureInfo = Schemas['Feature'];
export type BasemapInfo = Schemas['BasemapInfo'];
export type Movement = Schemas['Movement'];
export type LinkedObject = Schemas['LinkedObject'];
export type ObjectLinks = Schemas['ObjectLinks'];
export type PlannedInject = Schemas['PlannedInject'];
export type ExerciseInfo = Schemas['ExerciseInfo'];
export type ExerciseIncident = Schemas['ExerciseIncident'];
export type TokenInfo = Schemas['TokenInfo'];
export type IssuedToken = Schemas['IssuedToken'];
export type RefusedSchema = Schemas['RefusedSchema'];
export type LabelIn = Schemas['LabelIn'];
export type WrittenInfo = Schemas['WrittenInfo'];
export type SearchHit = Schemas['SearchHit'];
export type SearchResult = Schemas['SearchResult'];
export type WhyFound = Schemas['WhyFound'];
export type Suggestion = Schemas['Suggestion'];
export type SavedSearchInfo = Schemas['SavedSearchInfo'];
export type SourceInfo = Schemas['SourceInfo'];
export type SourceState = SourceInfo['state'];
export type QuarantinedItem = Schemas['QuarantinedItem'];
export type AuditInfo = Schemas['AuditInfo'];
export type RightsThen = Schemas['RightsThen'];
export type ProposalInfo = Schemas['ProposalInfo'];
export type SameAsInfo = Schemas['SameAsInfo'];
export type UserInfo = Schemas['UserInfo'];
export type PropertyInfo = Schemas['PropertyInfo'];
export type SchemaInfo = Schemas['SchemaInfo'];
export type FormatInfo = Schemas['FormatInfo'];
