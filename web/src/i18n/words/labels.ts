import { words } from '../words';

export const labelWords = words(
  {
    'label.title': 'Label',
    'label.classification': 'Classification',
    'label.beyond': 'Marked on this screen, and not in this label: {what}. Write nothing that comes from it.',
    'label.nations': 'Releasable to',
    'label.nations.hint': 'Nations by their three letters, such as DNK, FRA.',
    'label.nations.all': 'No nation is excluded.',
    'label.nations.wrong': 'Three letters for each nation, divided by commas.',
  },
  {
    'label.title': 'Étiquette',
    'label.classification': 'Classification',
    'label.beyond': 'Marqué à l’écran, absent de cette étiquette : {what}. N’écrivez rien qui en vienne.',
    'label.nations': 'Communicable à',
    'label.nations.hint': 'Les nations par leurs trois lettres, comme DNK, FRA.',
    'label.nations.all': 'Aucune nation n’est exclue.',
    'label.nations.wrong': 'Trois lettres par nation, séparées par des virgules.',
  },
);
