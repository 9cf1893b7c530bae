/** Addresses and pages, without the browser: what a path means and how a view is written into a query. */

export type Page =
  | 'picture'
  | 'incidents'
  | 'sources'
  | 'quality'
  | 'review'
  | 'objects'
  | 'exercise'
  | 'administration'
  | 'tokens'
  | 'ontology'
  | 'help';

/** A part of the administration; null: the first that somebody may open. */
export type AdministrationTab = 'users' | 'releases' | 'audit';
const TABS: readonly string[] = ['users', 'releases', 'audit'];

/** What else is on the page of the incidents. */
export type IncidentTab = 'incidents' | 'log' | 'rules' | 'detectors' | 'notifications';

export type Route =
  | { page: 'picture' | 'quality' | 'review' | 'exercise' | 'tokens' | 'help' }
  | { page: 'administration'; tab: AdministrationTab | null }
  | { page: 'incidents'; incident: string | null }
  | { page: 'ontology'; schema: string | null }
  | { page: 'sources'; source: string | null }
  | { page: 'objects'; object: string | null }
  | { page: 'sign-in' }
  | { page: 'not-found' };

/** What a path of the address bar names. The bare `/` is the picture. */
export function match(path: string): Route {
  const [first = '', second = '', ...more] = path.split('/').filter((part) => part !== '');
  const name = decode(second);
  if (more.length > 0 || name === null) return { page: 'not-found' };
  if (first === 'sources') return { page: 'sources', source: name === '' ? null : name };
  if (first === 'incidents') return { page: 'incidents', incident: name === '' ? null : name };
  if (first === 'objects') return { page: 'objects', object: name === '' ? null : name };
  if (first === 'ontology') return { page: 'ontology', schema: name === '' ? null : name };
  if (first === 'administration' && name === '') return { page: 'administration', tab: null };
  if (first === 'administration' && TABS.includes(name)) {
    return { page: 'administration', tab: name as AdministrationTab };
  }
  if (name !== '') return { page: 'not-found' };
  if (first === '' || first === 'picture') return { page: 'picture' };
  if (first === 'exercise' || first === 'tokens') return { page: first };
  if (first === 'quality' || first === 'review') return { page: first };
  if (first === 'help' || first === 'sign-in') return { page: first };
  return { page: 'not-found' };
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

export const paths = {
  picture: () => '/picture',
  incidents: (tab: IncidentTab = 'incidents') =>
    tab === 'incidents' ? '/incidents' : `/incidents?tab=${tab}`,
  incident: (id: string) => `/incidents/${encodeURIComponent(id)}`,
  sources: () => '/sources',
  source: (name: string) => `/sources/${encodeURIComponent(name)}`,
  quality: () => '/quality',
  review: () => '/review',
  objects: () => '/objects',
  object: (id: string) => `/objects/${encodeURIComponent(id)}`,
  exercise: () => '/exercise',
  tokens: () => '/tokens',
  ontology: () => '/ontology',
  schema: (name: string) => `/ontology/${encodeURIComponent(name)}`,
  administration: (tab: AdministrationTab = 'users') => `/administration/${tab}`,
  help: () => '/help',
  /** The picture with one track selected. */
  onPicture: (track: string) => `/picture?track=${encodeURIComponent(track)}`,
};

/** Where the map looks and what is selected: the part of a view that can be pasted. */
export interface MapPlace {
  lon: number;
  lat: number;
  zoom: number;
}

/** Read `at=lat,lon,zoom`; null where it is absent or makes no sense. */
export function readPlace(query: URLSearchParams): MapPlace | null {
  const parts = (query.get('at') ?? '').split(',').map(Number);
  const [lat, lon, zoom] = parts;
  if (parts.length !== 3 || lat === undefined || lon === undefined || zoom === undefined) return null;
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && zoom >= 0 && zoom <= 24)) return null;
  return { lat, lon, zoom };
}

/** Write a place as `lat,lon,zoom`, as exactly as the zoom shows it. */
export function writePlace(place: MapPlace): string {
  const digits = Math.min(6, Math.max(2, Math.ceil(place.zoom / 3)));
  // A map that was panned around the world comes back with the longitude of one turn.
  const lon = ((((place.lon + 180) % 360) + 360) % 360) - 180;
  return `${place.lat.toFixed(digits)},${lon.toFixed(digits)},${place.zoom.toFixed(1)}`;
}

/**
 * The one-time token of a sign-in link, from the part of the address that the browser keeps to itself.
 * Both forms are taken: `/#/sign-in?token=…` and `/sign-in#token=…`.
 */
export function tokenOf(fragment: string): string | null {
  const text = fragment.replace(/^#/, '');
  const query = text.startsWith('/sign-in?') ? text.slice('/sign-in?'.length) : text;
  if (!query.includes('token=')) return null;
  const token = new URLSearchParams(query).get('token');
  return token === null || token === '' ? null : token;
}
