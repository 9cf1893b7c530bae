import { words } from '../words';

export const helpWords = words(
  {
    'help.title': 'Help',
    'help.start': 'In two minutes',
    'help.start.1':
      'The map is the picture: every symbol is a track, the thing as visible sources report it. Click one, or press ] to step from track to track.',
    'help.start.2':
      'The panel on the right says who claims what, since when and under which label. Sources that differ are both shown.',
    'help.start.3':
      'Ages count on the picture’s clock at the top. REPLAY there means that a recording drives it.',
    'help.start.4': 'Press Ctrl+K and type a ship’s name, an MMSI or a command.',
    'help.start.5': 'The coloured bar at the top carries the joined marking of everything on the screen.',
    'help.start.6':
      'Incidents (G I) lists what wants attention, what deserves a look first on top. Take one, and say there what is done.',
    'help.start.7':
      'Quality (G Q) shows how far the sources agree and which is off; Review (G R) asks whether two things are one.',
    'help.words': 'Words',
    'help.word.track': 'Track',
    'help.word.track.text': 'the state of one thing as the sources that you may read report it',
    'help.word.source': 'Source',
    'help.word.source.text': 'whatever reports: a feed, a person, a model, a partner, each under one label',
    'help.word.claim': 'Claim',
    'help.word.claim.text': 'what one source says of one property of one thing; it is never overwritten',
    'help.word.object': 'Object',
    'help.word.object.text': 'a view over claims, made for you from what you may see',
    'help.word.incident': 'Incident',
    'help.word.incident.text':
      'a situation that wants attention: what detectors found of one thing, and what people do about it (G I)',
    'help.word.quarantine': 'Quarantine',
    'help.word.quarantine.text': 'bytes that could not be used, kept with the reason',
    'help.word.label': 'Label',
    'help.word.label.text': 'how confidential something is and who may have it',
    'help.shortcuts': 'Keyboard',
    'help.shortcuts.open': 'Show all shortcuts',
    'help.about': 'About this node',
    'help.version': 'Version',
    'help.api': 'API description (OpenAPI)',
  },
  {
    'help.title': 'Aide',
    'help.start': 'En deux minutes',
    'help.start.1':
      'La carte est la situation : chaque symbole est une piste, la chose telle que la rapportent les sources visibles. Cliquez-en une, ou pressez ] pour aller de piste en piste.',
    'help.start.2':
      'Le panneau de droite dit qui affirme quoi, depuis quand et sous quelle étiquette. Les sources qui divergent sont toutes montrées.',
    'help.start.3':
      'Les âges suivent l’horloge de la situation, en haut. REJEU signifie qu’un enregistrement la conduit.',
    'help.start.4': 'Pressez Ctrl+K et tapez un nom de navire, un MMSI ou une commande.',
    'help.start.5': 'La barre colorée du haut porte le marquage réuni de tout ce qui est à l’écran.',
    'help.start.6':
      'Incidents (G I) liste ce qui demande attention, le plus digne d’un regard en tête. Prenez-en un en charge et dites-y ce qui est fait.',
    'help.start.7':
      'Qualité (G Q) montre à quel point les sources s’accordent et laquelle se trompe ; À décider (G R) demande si deux choses n’en font qu’une.',
    'help.words': 'Vocabulaire',
    'help.word.track': 'Piste',
    'help.word.track.text': 'l’état d’une chose tel que le rapportent les sources que vous pouvez lire',
    'help.word.source': 'Source',
    'help.word.source.text':
      'ce qui rapporte : un flux, une personne, un modèle, un partenaire, chacun sous une étiquette',
    'help.word.claim': 'Affirmation',
    'help.word.claim.text': 'ce qu’une source dit d’une propriété d’une chose ; elle n’est jamais écrasée',
    'help.word.object': 'Objet',
    'help.word.object.text': 'une vue des affirmations, faite pour vous de ce que vous pouvez voir',
    'help.word.incident': 'Incident',
    'help.word.incident.text':
      'une situation qui demande l’attention : ce que les détecteurs ont trouvé d’une chose, et ce que l’on en fait (G I)',
    'help.word.quarantine': 'Quarantaine',
    'help.word.quarantine.text': 'des octets inutilisables, gardés avec le motif',
    'help.word.label': 'Étiquette',
    'help.word.label.text': 'le degré de confidentialité et les destinataires permis',
    'help.shortcuts': 'Clavier',
    'help.shortcuts.open': 'Montrer tous les raccourcis',
    'help.about': 'Ce nœud',
    'help.version': 'Version',
    'help.api': 'Description de l’API (OpenAPI)',
  },
);
