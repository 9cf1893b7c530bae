/** Why a thing was found, in words. */
import type { SearchHit, WhyFound } from '../api/types';
import { t } from '../i18n/index.svelte';

const PERSON = 'person:';

/** What the text is: "earlier name", "remark by anna"; empty for a name that is what was asked. */
export function whyWords(why: WhyFound): string {
  const by = why.source.startsWith(PERSON) ? why.source.slice(PERSON.length) : why.source;
  if (why.property === '@reason') return t('search.why.reason', { by });
  if (why.field === 'remark') return t('search.why.remark', { by });
  if (why.field === 'report') return t('search.why.report', { by });
  if (why.field === 'message') return t('search.why.message');
  const name = why.field === 'name' ? t('search.why.name') : why.property.replaceAll('_', ' ');
  if (why.earlier) return t('search.why.earlier', { name });
  if (why.similar) return t('search.why.similar', { name });
  return why.field === 'name' ? '' : name;
}

/** Where the words stand in the title, where that is the name for which it was found. */
export function nameMarks(hit: SearchHit): WhyFound['marks'] {
  return hit.why.find((why) => why.text === hit.title && !why.earlier)?.marks ?? [];
}
