/** The node's words for kinds of thing and their properties, read once after sign-in. */
import type { Page, PropertyInfo, PropertyValue, SchemaInfo } from '../api/types';
import { geometryOf, summaryOf } from '../features/geometry';
import { pick, t } from '../i18n/index.svelte';
import { timesOf } from '../features/plan';
import { number, zuluDate } from '../i18n/format';
import { language } from '../i18n/index.svelte';
import { positions } from '../position/choice.svelte';
import { api } from '../session/session.svelte';
import { areaText, distanceText } from '../tools/words';

const state = $state<{ schemata: Record<string, SchemaInfo> }>({ schemata: {} });

/** @throws ApiError */
export async function loadOntology(): Promise<void> {
  const answer = await api.request<SchemaInfo[] | Page<SchemaInfo>>('/schemata');
  const items = Array.isArray(answer) ? answer : answer.items;
  state.schemata = Object.fromEntries(items.map((schema) => [schema.name, schema]));
}

/** A kind's name in the language now; its code until the words are there. */
export function schemaTitle(name: string): string {
  return pick(state.schemata[name]?.title) || name;
}

export function schema(name: string): SchemaInfo | null {
  return state.schemata[name] ?? null;
}

export function schemaNames(): string[] {
  return Object.keys(state.schemata);
}

/** A kind with everything that it is, the nearest first. */
export function lineageOf(name: string): string[] {
  return state.schemata[name]?.lineage ?? [];
}

export function propertiesOf(schema: string): PropertyInfo[] {
  return Object.values(state.schemata[schema]?.properties ?? {});
}

export function property(schema: string, name: string): PropertyInfo | null {
  return state.schemata[schema]?.properties[name] ?? null;
}

/** Where a property stands in its schema's own order; what the schema does not know comes last. */
export function propertyRank(schema: string, name: string): number {
  const rank = Object.keys(state.schemata[schema]?.properties ?? {}).indexOf(name);
  return rank < 0 ? Number.MAX_SAFE_INTEGER : rank;
}

/** A remark is a claim of this property, which no schema has. */
const ANNOTATION = '@annotation';
/** By how much two sources lie apart: likewise. */
const OFFSET = '@offset';

export function propertyTitle(schema: string, name: string): string {
  if (name === ANNOTATION) return t('remark.one');
  if (name === OFFSET) return t('alert.offset');
  return pick(property(schema, name)?.title) || name.replaceAll('_', ' ');
}

/** A value as a reader wants it: the word of a choice, a number with its unit, yes or no. */
export function valueText(schema: string, name: string, value: PropertyValue): string {
  const known = property(schema, name);
  if (value === null) return t('value.unknown');
  if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no');
  const choice = known?.choices[String(value)];
  if (choice !== undefined) return pick(choice);
  if (typeof value === 'number') return withUnit(value, known);
  if (known?.code === 'corner_times') return cornerTimesText(value);
  if (known?.type === 'geometry') return geometryText(value);
  return value;
}

/** A geometry in a few words; what is none stays as it was said. */
function geometryText(text: string): string {
  const geometry = geometryOf(text);
  if (geometry === null) return text;
  const found = summaryOf(geometry);
  switch (found.kind) {
    case 'point':
      return positions.write(found.place);
    case 'line':
      return t('geometry.line', { corners: found.corners, length: distanceText(found.lengthM, language()) });
    case 'area':
      return t('geometry.area', { corners: found.corners, area: areaText(found.areaM2, language()) });
    case 'parts':
      return t('geometry.parts', { parts: found.parts });
  }
}

/** `1: 2026-11-27 12:00Z · 3: 2026-11-27 14:30Z`; what cannot be read stays as it was said. */
function cornerTimesText(text: string): string {
  const times = [...timesOf(text)].map(([corner, us]) => `${corner}: ${zuluDate(us).slice(0, 16)}Z`);
  return times.join(' · ') || text;
}

function withUnit(value: number, known: PropertyInfo | null): string {
  // How wide a corridor is stands beside how far outside of it somebody is.
  if (known?.name === 'corridor_m') return distanceText(value, language());
  // A number without a unit is a name (MMSI, IMO): no thousands separator.
  if (known?.unit == null) return String(value);
  return `${number(value, language(), Number.isInteger(value) ? 0 : 1)} ${known.unit}`;
}
