import { words } from '../words';

/** Planned routes: who is to follow them, and how that goes. */
export const planWords = words(
  {
    'plan.title': 'Who is to follow it',
    'plan.corridor': 'Corridor, to either side (NM)',
    'plan.find': 'Add who follows it',
    'plan.remove': 'Take {name} away',
    'plan.time': 'At corner {number}, {place} (UTC, optional)',
    'plan.wrong.corridor': 'The corridor is a number of nautical miles, 0.01 to 100.',
    'plan.wrong.time': 'The time at corner {corner} cannot be read. For example 2026-11-27 19:30.',
    'plan.wrong.order': 'Corner {corner} has to be passed later than corner {before}.',
    'refusal.corner_missing': 'A time is of a corner that this route does not have. The first is 1.',
    'refusal.corner_timed':
      'A corner that would be gone has a time. Change the times at the corners first, then the shape.',
    'refusal.follower_unknown':
      'Who is to follow the route is not known here. See whether it is written so, or report where it is first.',
    'refusal.follower_unfit':
      'Who is to follow the route cannot move: name a ship, an aircraft or a vehicle.',
    'refusal.line_nowhere': 'All corners of this line are one place: drag them apart, or draw it anew.',
    'plans.title': 'Planned routes',
    'plans.followers': 'Who follows it',
    'plans.corners': 'Corners (UTC)',
    'plans.corner.show': 'Show corner {number} on the map',
    'plans.no_place': 'no position is known',
    'plans.outside': '{distance} outside of the corridor',
    'plans.inside': 'within the corridor',
    'plans.late': '{time} behind',
    'plans.early': '{time} ahead',
    'plans.on_time': 'on time',
    'plans.begins': 'begins at {time}',
    'plans.over': 'was due at its end at {time}',
    'plans.arrived': 'has arrived',
  },
  {
    'plan.title': 'Qui doit le suivre',
    'plan.corridor': 'Couloir, de part et d’autre (M)',
    'plan.find': 'Ajouter qui le suit',
    'plan.remove': 'Retirer {name}',
    'plan.time': 'Au sommet {number}, {place} (UTC, facultatif)',
    'plan.wrong.corridor': 'Le couloir est un nombre de milles nautiques, de 0,01 à 100.',
    'plan.wrong.time': 'L’heure au sommet {corner} ne peut être lue. Par exemple 2026-11-27 19:30.',
    'plan.wrong.order': 'Le sommet {corner} doit être passé plus tard que le sommet {before}.',
    'refusal.corner_missing': 'Une heure est d’un sommet que cet itinéraire n’a pas. Le premier est le 1.',
    'refusal.corner_timed':
      'Un sommet qui disparaîtrait a une heure. Changez d’abord les heures aux sommets, puis la forme.',
    'refusal.follower_unknown':
      'Qui doit suivre l’itinéraire n’est pas connu ici. Vérifiez l’écriture, ou signalez d’abord où il est.',
    'refusal.follower_unfit':
      'Qui doit suivre l’itinéraire ne peut pas se déplacer : nommez un navire, un aéronef ou un véhicule.',
    'refusal.line_nowhere':
      'Tous les sommets de cette ligne sont au même lieu : écartez-les, ou redessinez-la.',
    'plans.title': 'Itinéraires prévus',
    'plans.followers': 'Qui le suit',
    'plans.corners': 'Sommets (UTC)',
    'plans.corner.show': 'Montrer le sommet {number} sur la carte',
    'plans.no_place': 'aucune position connue',
    'plans.outside': '{distance} hors du couloir',
    'plans.inside': 'dans le couloir',
    'plans.late': '{time} de retard',
    'plans.early': '{time} d’avance',
    'plans.on_time': 'à l’heure',
    'plans.begins': 'commence à {time}',
    'plans.over': 'devait être au bout à {time}',
    'plans.arrived': 'est arrivé',
  },
);
