import { words } from '../words';

/** What traffic is usual where. */
export const trafficWords = words(
  {
    'usual.put': 'Click where, or press Space while the map has the keyboard.',
    'usual.learning': 'What is usual is not known yet: {days} of {least} days are learned.',
    'usual.area': 'All of this is of the hexagon round that place on the map, {across} across.',
    'usual.within': 'Ships that the map shows in it now:',
    'usual.none': 'The map shows no ship in it now.',
    'usual.nowhere': 'No ship under way was ever counted in it.',
    'usual.now':
      '{count} {count|ship under way has|ships under way have} come into it since {time} (in {minutes} min heard).',
    'usual.before': '{count} {count|ship|ships} under way came into it in the whole hour from {time}.',
    'usual.band': '{least} to {most} are usual from {from} to {to} UTC',
    'usual.more': 'more than usual',
    'usual.fewer': 'fewer than usual',
    'usual.learned': 'Learned from {days} days; in 98 of 100 such hours it was so.',
    'usual.day': 'By the hour of the day (UTC)',
    'usual.hour': 'Hour',
    'usual.expected': 'Expected',
    'usual.usually': 'Usually',
  },
  {
    'usual.put': 'Cliquer où, ou Espace quand la carte a le clavier.',
    'usual.learning': 'Ce qui est habituel n’est pas encore connu : {days} jours appris sur {least}.',
    'usual.area': 'Tout ceci vaut pour l’hexagone autour de ce lieu sur la carte, large de {across}.',
    'usual.within': 'Navires que la carte y montre maintenant :',
    'usual.none': 'La carte n’y montre aucun navire maintenant.',
    'usual.nowhere': 'Aucun navire faisant route n’y a jamais été compté.',
    'usual.now':
      '{count} {count|navire faisant route y est entré|navires faisant route y sont entrés} depuis {time} (en {minutes} min d’écoute).',
    'usual.before':
      '{count} {count|navire faisant route y est entré|navires faisant route y sont entrés} dans l’heure entière à partir de {time}.',
    'usual.band': 'de {least} à {most} d’ordinaire, de {from} à {to} UTC',
    'usual.more': 'plus que d’ordinaire',
    'usual.fewer': 'moins que d’ordinaire',
    'usual.learned': 'Appris sur {days} jours ; 98 heures pareilles sur 100 ont été ainsi.',
    'usual.day': 'Par heure du jour (UTC)',
    'usual.hour': 'Heure',
    'usual.expected': 'Attendus',
    'usual.usually': 'D’ordinaire',
  },
);
