import { words } from '../words';

/** What traffic is usual where. */
export const trafficWords = words(
  {
    'usual.put': 'Click where, or press Space while the map has the keyboard.',
    'usual.learning': 'What is usual is not known yet: {days} of {least} days are learned.',
    'usual.nowhere': 'No ship under way was ever counted here.',
    'usual.now': 'Since {time}, ships under way: {count} (in {minutes} min heard)',
    'usual.before': 'From {time}, ships under way in the whole hour: {count}',
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
    'usual.nowhere': 'Aucun navire faisant route n’a jamais été compté ici.',
    'usual.now': 'Depuis {time}, navires faisant route : {count} (en {minutes} min d’écoute)',
    'usual.before': 'À partir de {time}, navires faisant route dans l’heure entière : {count}',
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
