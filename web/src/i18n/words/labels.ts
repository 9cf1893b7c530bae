import { words } from '../words';

export const labelWords = words(
  {
    'label.title': 'Label',
    'label.policy': 'Policy',
    'label.policies.failed': 'The policies could not be read; open this form again to choose another one.',
    'label.classification': 'Classification',
    'label.beyond': 'Marked on this screen, and not in this label: {what}. Write nothing that comes from it.',
    'label.lower':
      'Nothing that you may choose under {policy} is as high as what you had chosen: this is lower.',
    'label.nations': 'Releasable to',
    'label.nations.hint': 'Nations by their three letters, such as DNK, FRA; communities that you hold.',
    'label.nations.all': 'No nation is excluded.',
    'label.nations.wrong': 'Three letters for each nation, divided by commas.',
    'label.categories': 'Further categories',
    'label.values': 'Divided by commas.',
    'label.kind.restrictive': 'Readers need every one of these.',
    'label.kind.permissive': 'Readers need any one of these.',
    'label.kind.informative': 'Shown, and narrows nobody.',
    'label.tag.handling': 'Handling',
    'label.tag.administrative': 'Administrative',
    'label.tag.context': 'Context',
    'label.tag.only': 'Only',
    'label.tag.additional_sensitivity': 'Additional sensitivity',
    'label.reads': 'It will read:',
  },
  {
    'label.title': 'Étiquette',
    'label.policy': 'Politique',
    'label.policies.failed':
      'Les politiques n’ont pas pu être lues ; rouvrez ce formulaire pour en choisir une autre.',
    'label.classification': 'Classification',
    'label.beyond': 'Marqué à l’écran, absent de cette étiquette : {what}. N’écrivez rien qui en vienne.',
    'label.lower':
      'Rien de ce que vous pouvez choisir sous {policy} n’est aussi élevé que votre choix : ceci est moins élevé.',
    'label.nations': 'Communicable à',
    'label.nations.hint':
      'Les nations par leurs trois lettres, comme DNK, FRA ; les communautés dont vous êtes.',
    'label.nations.all': 'Aucune nation n’est exclue.',
    'label.nations.wrong': 'Trois lettres par nation, séparées par des virgules.',
    'label.categories': 'Autres catégories',
    'label.values': 'Séparées par des virgules.',
    'label.kind.restrictive': 'Le lecteur doit les avoir toutes.',
    'label.kind.permissive': 'Le lecteur doit en avoir une.',
    'label.kind.informative': 'Affichées, elles ne restreignent personne.',
    'label.tag.handling': 'Traitement',
    'label.tag.administrative': 'Administratif',
    'label.tag.context': 'Contexte',
    'label.tag.only': 'Uniquement',
    'label.tag.additional_sensitivity': 'Sensibilité additionnelle',
    'label.reads': 'Se lira :',
  },
);
