import { words } from '../words';

export const tourWords = words(
  {
    'tour.start': 'Start the tour',
    'tour.count': '{number} of {count}',
    'tour.skip': 'Skip the tour',
    'tour.back': 'Back',
    'tour.next': 'Next',
    'tour.done': 'Done',
    'tour.banner.title': 'The marking',
    'tour.banner.text':
      'The bar at the top carries the joined marking of everything on the screen, and changes with what you open. EXERCISE, REPLAY or PAST stands beside it when that is so.',
    'tour.map.title': 'The picture',
    'tour.map.text':
      'Every symbol is a track. The line ahead of it shows where it is going, the tail where it was. Where there are too many, you see counts: zoom in. Click a symbol to see who claims what about it.',
    'tour.map.keys': 'Next track, on the map',
    'tour.layers.title': 'Layers and filters',
    'tour.layers.text':
      'What is drawn: which kinds of things, which layers. The legend is here too, and a view that you give a name can be found again.',
    'tour.layers.keys': 'Show or hide them',
    'tour.tools.title': 'Tools',
    'tour.tools.text':
      'Measure distances and lay range rings. If your role may write, draw areas, routes and places: who may read their label sees them too.',
    'tour.time.title': 'Looking back',
    'tour.time.text':
      'Click the bar to see the picture of that moment, and play on from there. While you look back, the bar at the top says PAST.',
    'tour.search.title': 'Search and commands',
    'tour.search.text':
      'Type a name, a call sign, an MMSI or a position and go there. Every command is in the same list, with its keys.',
    'tour.incidents.title': 'Incidents',
    'tour.incidents.text':
      'What wants attention, found by detectors and by the rules that people write: take it, say what is done, hand the watch over. The number is how many are open; a call for help sounds an alarm.',
    'tour.quality.title': 'Quality and review',
    'tour.quality.text':
      'How far the sources agree, how old and how late they are, and which of them is off. Below it, Review: things that may be one, for people to say so or not.',
    'tour.help.title': 'Help',
    'tour.help.text': 'The words, the shortcuts and this tour wait here. Now choose a ship and look around.',
    'command.tour': 'Take the tour of the picture',
    'command.tour_end': 'End the tour',
  },
  {
    'tour.start': 'Commencer la visite',
    'tour.count': '{number} sur {count}',
    'tour.skip': 'Passer la visite',
    'tour.back': 'Retour',
    'tour.next': 'Suivant',
    'tour.done': 'Terminer',
    'tour.banner.title': 'Le marquage',
    'tour.banner.text':
      'La barre du haut porte le marquage réuni de tout ce qui est à l’écran, et change avec ce que vous ouvrez. EXERCICE, REJEU ou PASSÉ s’y ajoute quand c’est le cas.',
    'tour.map.title': 'La situation',
    'tour.map.text':
      'Chaque symbole est une piste. Le trait devant montre où elle va, le sillage où elle est passée. Là où elles sont trop nombreuses, vous voyez leur compte : zoomez. Cliquez un symbole pour voir qui en affirme quoi.',
    'tour.map.keys': 'Piste suivante, sur la carte',
    'tour.layers.title': 'Couches et filtres',
    'tour.layers.text':
      'Ce qui est dessiné : quels types de choses, quelles couches. La légende est ici aussi, et une vue à laquelle vous donnez un nom se retrouve.',
    'tour.layers.keys': 'Afficher ou masquer',
    'tour.tools.title': 'Outils',
    'tour.tools.text':
      'Mesurez des distances et posez des cercles de portée. Si votre rôle permet d’écrire, dessinez zones, routes et lieux : qui peut en lire l’étiquette les voit aussi.',
    'tour.time.title': 'Regarder en arrière',
    'tour.time.text':
      'Cliquez la barre pour voir la situation de ce moment, et reprenez la lecture de là. Tant que vous regardez en arrière, la barre du haut dit PASSÉ.',
    'tour.search.title': 'Recherche et commandes',
    'tour.search.text':
      'Tapez un nom, un indicatif, un MMSI ou une position et allez-y. Chaque commande est dans la même liste, avec ses touches.',
    'tour.incidents.title': 'Incidents',
    'tour.incidents.text':
      'Ce qui demande attention, trouvé par les détecteurs et par les règles de chacun : prenez-le en charge, dites ce qui est fait, transmettez le quart. Le nombre dit combien sont ouverts ; un appel de détresse fait sonner l’alarme.',
    'tour.quality.title': 'Qualité, et À décider',
    'tour.quality.text':
      'À quel point les sources s’accordent, leur âge et leur retard, et laquelle se trompe. En dessous, « À décider » : des choses qui n’en font peut-être qu’une, à dire par quelqu’un.',
    'tour.help.title': 'Aide',
    'tour.help.text':
      'Le vocabulaire, les raccourcis et cette visite vous attendent ici. Choisissez maintenant un navire et regardez autour.',
    'command.tour': 'Suivre la visite guidée de la situation',
    'command.tour_end': 'Terminer la visite',
  },
);
