import type { Language } from '../i18n/index.svelte';

/**
 * What the figures of alerts are called, in English and French: by the name that a detector gives them. They lie
 * beside the card that shows them, and not in the dictionary, which every page loads.
 */
const NAMES: Readonly<Record<string, readonly [en: string, fr: string]>> = {
  against_percent: ['Go the other way (%)', 'Vont en sens inverse (%)'],
  altitude_m: ['Altitude', 'Altitude'],
  angle_deg: ['Angle', 'Angle'],
  before_deg: ['Course before', 'Route d’avant'],
  before_mps: ['Speed before', 'Vitesse d’avant'],
  changes: ['To and fro', 'Allers et retours'],
  circles: ['Circles', 'Cercles'],
  corridor_m: ['Corridor, to either side', 'Couloir, de part et d’autre'],
  count: ['Things in the area', 'Choses dans la zone'],
  course_deg: ['Course', 'Route'],
  cpa_m: ['Closest approach', 'Distance au plus près'],
  crossings: ['Crossings', 'Passages'],
  distance_m: ['Distance', 'Distance'],
  draught_m: ['Draught', 'Tirant d’eau'],
  entry_s: ['Until it enters', 'Avant d’entrer'],
  error_m: ['Error', 'Erreur'],
  expected: ['Expected', 'Attendus'],
  expected_lat_deg: ['Latitude expected', 'Latitude attendue'],
  expected_lon_deg: ['Longitude expected', 'Longitude attendue'],
  from_route_m: ['From where it left', 'Depuis le point de sortie'],
  heard_around: ['Heard around it', 'Entendus alentour'],
  inside_s: ['Inside for', 'À l’intérieur depuis'],
  lasts_s: ['Lasts', 'Dure'],
  late_s: ['Behind its times', 'Retard sur ses heures'],
  least_depth_m: ['Charted depth', 'Profondeur sur la carte'],
  limit_mps: ['Speed limit', 'Vitesse limite'],
  made_good_mps: ['Speed made good', 'Vitesse sur le fond'],
  most_mps: ['Greatest speed of its type', 'Vitesse maximale du type'],
  moved_s: ['Later than before by', 'Plus tard qu’avant de'],
  needed_mps: ['Speed needed', 'Vitesse nécessaire'],
  of_its_kind: ['Of its kind', 'De son type'],
  off_line_m: ['Off the line', 'Hors de la ligne'],
  off_m: ['Off', 'Écart'],
  other_latitude_deg: ['Latitude of the other', 'Latitude de l’autre'],
  other_longitude_deg: ['Longitude of the other', 'Longitude de l’autre'],
  outside_m: ['Outside of the corridor by', 'Hors du couloir de'],
  passed: ['Passages', 'Passages'],
  radius_m: ['Radius', 'Rayon'],
  reported_mps: ['Speed reported', 'Vitesse annoncée'],
  reports: ['Repeated reports', 'Messages répétés'],
  rows_per_min: ['Reports a minute', 'Messages par minute'],
  seen_around: ['Seen around there', 'Vus alentour'],
  shift_s: ['Repeats after', 'Répète après'],
  silent_s: ['Silent for', 'Silencieux depuis'],
  speed_mps: ['Speed', 'Vitesse'],
  step_s: ['Between two reports', 'Entre deux rapports'],
  tcpa_s: ['Until the closest approach', 'Avant le plus près'],
  things: ['Things', 'Choses'],
  together: ['Together', 'Ensemble'],
  turn_deg: ['Turned', 'A tourné de'],
  turned_deg: ['Turned', 'A tourné de'],
  under_way: ['Under way', 'En route'],
  usual_interval_s: ['Usual interval', 'Intervalle habituel'],
  usual_least: ['Usual, least', 'D’ordinaire, au moins'],
  usual_most: ['Usual, most', 'D’ordinaire, au plus'],
  usual_mps: ['Usual speed', 'Vitesse habituelle'],
  usual_rows_per_min: ['Usual reports a minute', 'Messages par minute d’ordinaire'],
  way_m: ['Way', 'Trajet'],
  words: ['Details changed', 'Données changées'],
};

/** A figure in words; its name without the unit where there are none. */
export function figureName(name: string, language: Language): string {
  const known = NAMES[name]?.[language === 'fr' ? 1 : 0];
  return known ?? name.replace(/_(deg|mps|m|s)$/, '').replaceAll('_', ' ');
}
