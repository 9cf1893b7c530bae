/** What stands under a name: the identifier, or who made it where the node had to make one up. */
import { zulu } from '../i18n/format';
import { t } from '../i18n/index.svelte';

/** A node's stream of what was released again under a lower label. */
const RELEASE = 'release:';

interface Identified {
  identifier: string;
  /** The streams that speak of it. */
  sources: readonly string[];
  /** Of its position. */
  validUs: number | null;
  hasGeometry: boolean;
}

export function identityText({ identifier, sources, validUs, hasGeometry }: Identified): string {
  const made = /^(object|report):[0-9a-f]{32}$/.exec(identifier)?.[1];
  // What was released was said by somebody first, and who that is stays hidden from some.
  const first = sources.filter((name) => !name.startsWith(RELEASE));
  const sayers = first.length > 0 ? first : sources.map((name) => name.slice(RELEASE.length));
  const who = [...new Set(sayers.map((name) => name.replace(/^(person|api):/, '')))].join(', ');
  if (made === undefined || who === '') return identifier;
  if (made === 'report' && validUs !== null) {
    return t('object.reported_by', { who, time: `${zulu(validUs).slice(0, 5)}Z` });
  }
  return t(hasGeometry ? 'object.drawn_by' : 'object.entered_by', { who });
}

/** Whether two identifiers are one that two things use; the second is shown with "/2" behind it. */
export function isOneIdentifier(one: string, other: string): boolean {
  return one.replace(/\/2$/, '') === other.replace(/\/2$/, '');
}
