/** The map's own words. */
import type { MapLook } from './adapter';
import type { Side } from './badges';

export type Language = 'en' | 'fr';

export interface MapText {
  map: string;
  zoomIn: string;
  zoomOut: string;
  northUp: string;
  vectors: (look: VectorLook) => string;
  fading: string;
  unnamed: string;
  scale: string;
  cursor: string;
  middle: string;
  formats: string;
  loading: string;
  /** The same with a tool in hand. */
  loadingForTool: string;
  noGraphics: string;
  moving: (count: number) => string;
  side: (side: Side, count: number) => string;
  kind: (schema: string) => string;
}

/** Kinds in the plural, as the badges count them; other kinds go by the name of their schema. */
const kinds: Record<string, Record<Language, string>> = {
  Vessel: { en: 'Vessels', fr: 'Navires' },
  Aircraft: { en: 'Aircraft', fr: 'Aéronefs' },
  AidToNavigation: { en: 'Aids to navigation', fr: 'Aides à la navigation' },
  CoastStation: { en: 'Coast stations', fr: 'Stations côtières' },
  Facility: { en: 'Facilities', fr: 'Installations' },
};

const sides: Record<Side, Record<Language, string>> = {
  friend: { en: 'Friends', fr: 'Amis' },
  neutral: { en: 'Neutral', fr: 'Neutres' },
  hostile: { en: 'Hostile or suspect', fr: 'Hostiles ou suspects' },
};

type VectorLook = Pick<MapLook, 'vectorMinutes' | 'airVectorSeconds'>;

const airTime = ({ airVectorSeconds: seconds }: VectorLook) =>
  seconds < 60 ? `${seconds} s` : `${seconds / 60} min`;

const en: MapText = {
  map: 'Map',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  northUp: 'North up',
  vectors: (look) => `Vectors ${look.vectorMinutes} min, aircraft ${airTime(look)}`,
  fading: 'overdue',
  unnamed: 'no name',
  scale: 'Scale',
  cursor: 'Position under the pointer',
  middle: 'Position in the middle of the map',
  formats: 'Click for another notation',
  loading: 'Drawing the map…',
  loadingForTool: 'Drawing the map… Clicks count once it is there.',
  noGraphics: 'This browser gives the map no WebGL 2. Lists and panels work without it.',
  moving: (count) => `${count} moving`,
  side: (side, count) => `${sides[side].en}: ${count.toLocaleString('en')}`,
  kind: (schema) => kinds[schema]?.en ?? schema,
};

const fr: MapText = {
  map: 'Carte',
  zoomIn: 'Zoom avant',
  zoomOut: 'Zoom arrière',
  northUp: 'Nord en haut',
  vectors: (look) => `Vecteurs ${look.vectorMinutes} min, aéronefs ${airTime(look)}`,
  fading: 'en retard',
  unnamed: 'sans nom',
  scale: 'Échelle',
  cursor: 'Position sous le pointeur',
  middle: 'Position au milieu de la carte',
  formats: 'Cliquez pour une autre notation',
  loading: 'Tracé de la carte…',
  loadingForTool: 'Tracé de la carte… Les clics comptent dès qu’elle est là.',
  noGraphics: "Ce navigateur n'offre pas WebGL 2 à la carte. Listes et panneaux fonctionnent sans elle.",
  moving: (count) => `${count} en mouvement`,
  side: (side, count) => `${sides[side].fr} : ${count.toLocaleString('fr')}`,
  kind: (schema) => kinds[schema]?.fr ?? schema,
};

export const mapText: Record<Language, MapText> = { en, fr };
