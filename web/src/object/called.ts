/** By what a thing is called: its name, or what is known of one that nobody has named. */
import { t } from '../i18n/index.svelte';
import { sourceOf } from './source';

interface Called {
  name: string | null;
  identifier: string;
  /** The streams that report it. */
  sources: readonly string[];
}

export function calledText({ name, identifier, sources }: Called): string {
  if (name !== null) return name;
  const aircraft = /^icao24:(\w+)/.exec(identifier)?.[1];
  if (aircraft !== undefined) return `ICAO ${aircraft.toUpperCase()}`;
  const number = /^track:(?:.*-)?(\w+)$/.exec(identifier)?.[1];
  const [source] = sources;
  if (number === undefined || source === undefined) return t('object.unnamed');
  return t('object.track_of', { number, source: sourceOf(source) });
}
