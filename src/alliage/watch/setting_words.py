"""What each setting of a detector means, in both languages. The English stands at the setting."""

from __future__ import annotations

from typing import Final

from alliage.detection.settings import DetectorSettings

NOT_SHOWN: Final = frozenset({"enabled", "where"})
"""What every detector has, and what is other for some kinds or in some areas."""

_FR: Final = {
    "It keeps no more than this part of its speed before.": "Il ne garde pas plus que cette part "
    "de sa vitesse d'avant.",
    "Slower ships lie or drift.": "Les navires plus lents sont arrêtés ou dérivent.",
    "How far it comes while it is slowed.": "Quelle distance il parcourt pendant qu'il est "
    "ralenti.",
    "From leg to leg of 200 m its course turns so much.": "D'un bord de 200 m à l'autre, sa route "
    "tourne d'autant.",
    "What is near a cable or pipeline.": "Ce qui est près d'un câble ou d'une conduite.",
    "So many crossings of one line.": "Tant de passages sur une même ligne.",
    "Crossings of one line are counted over so long.": "Les passages sur une même ligne sont "
    "comptés sur cette durée.",
    "How far off it is clearly on one side.": "À quelle distance il est clairement d'un côté.",
    "For how long it has to be so.": "Combien de temps il doit en être ainsi.",
    "By what the types' greatest speeds are multiplied.": "Par quoi les vitesses maximales des "
    "types sont multipliées.",
    "Both go faster.": "Les deux vont plus vite.",
    "They meet within this time.": "Ils se rencontrent avant ce délai.",
    "How far they are apart.": "À quelle distance ils sont l'un de l'autre.",
    "What they should keep between their hulls.": "Ce qu'ils doivent garder entre leurs coques.",
    "Less is not told.": "En dessous, rien n'est signalé.",
    "For how long both have held course and speed.": "Depuis quand les deux gardent route et "
    "vitesse.",
    "Ships on one course are in company, or overtake.": "Des navires de même route vont de "
    "conserve, ou se dépassent.",
    "Nobody else under way is so near to either.": "Aucun autre navire en route n'est aussi près "
    "de l'un d'eux.",
    "What is not known of a place.": "Ce qu'on ignore d'un lieu (écart type).",
    "What is not known of a speed.": "Ce qu'on ignore d'une vitesse (écart type).",
    "What is not known of a course.": "Ce qu'on ignore d'une route (écart type).",
    "How long it lasts if the positions do not come back.": "Combien de temps cela dure si les "
    "positions ne reviennent pas.",
    "Course and heading are at least so far apart.": "Route et cap s'écartent d'au moins autant.",
    "Slower things are at rest: their course means nothing.": "Ce qui est plus lent est arrêté : "
    "sa route ne veut rien dire.",
    "What says it is not under command is at rest when slower.": "Ce qui s'annonce non maître de "
    "sa manœuvre est arrêté s'il est plus lent.",
    "Faster things are under way.": "Ce qui est plus rapide fait route.",
    "For how long it has to be so where no heading is reported.": "Combien de temps il doit en "
    "être ainsi si aucun cap n'est donné.",
    "To what speed it has to fall where no heading is reported.": "À quelle vitesse il doit tomber "
    "si aucun cap n'est donné.",
    "Over how long angles are averaged.": "Sur quelle durée les angles sont moyennés.",
    "How far it has to drift: what swings at anchor does not.": "Quelle distance il doit dériver : "
    "ce qui évite sur son ancre ne le fait pas.",
    "By how much the way has turned to one side.": "De combien la trajectoire a tourné d'un côté.",
    "By how much the heading has turned at most.": "De combien le cap a tourné tout au plus.",
    "What has to stay between keel and charted depth.": "Ce qui doit rester entre la quille et la "
    "profondeur portée sur la carte.",
    "It is told so long ahead; 0: not.": "C'est annoncé d'autant à l'avance ; 0 : jamais.",
    "Slower ships are at rest, or can still stop.": "Les navires plus lents sont arrêtés, ou "
    "peuvent encore s'arrêter.",
    "They fly no farther apart in height.": "Ils ne volent pas plus écartés en hauteur.",
    "Their courses differ by no more.": "Leurs routes ne diffèrent pas de plus.",
    "Speeds differ by no more than this part.": "Les vitesses ne diffèrent pas de plus que cette "
    "part.",
    "Slower ones fly about an aerodrome, or glide together.": "Les plus lents volent autour d'un "
    "aérodrome, ou planent ensemble.",
    "Lower ones may come to runways that lie side by side.": "Les plus bas arrivent peut-être sur "
    "des pistes parallèles.",
    "Higher ones are not low.": "Les plus hauts ne sont pas bas.",
    "Slower ones hover, or stand on the ground.": "Les plus lents sont en vol stationnaire, ou au "
    "sol.",
    "Faster ones are not slow.": "Les plus rapides ne sont pas lents.",
    "Who takes off or lands is low for less than this.": "Qui décolle ou se pose est bas moins "
    "longtemps.",
    "What circles about one place does not come so far.": "Ce qui tourne autour d'un lieu ne va "
    "pas si loin.",
    "Where others were low lately there is an aerodrome.": "Là où d'autres étaient bas depuis peu, "
    "il y a un aérodrome.",
    "Slower ships drift, manoeuvre or are towed.": "Les navires plus lents dérivent, manœuvrent ou "
    "sont remorqués.",
    "So many full turns one way.": "Tant de tours complets dans un sens.",
    "Straight on for so long, turns are counted anew.": "Après autant de temps tout droit, les "
    "tours sont recomptés.",
    "It stays this near to where it began.": "Il reste aussi près de là où il a commencé.",
    "Lower ones fly an aerodrome's traffic pattern.": "Plus bas, c'est le circuit d'un aérodrome.",
    "Slower ships may be in port.": "Les navires plus lents sont peut-être au port.",
    "For how long a ship, or a stream, was heard before.": "Depuis quand le navire, ou le flux, "
    "était entendu.",
    "How far at least the positions have to jump.": "De combien au moins les positions doivent "
    "sauter.",
    "Before it is too little learned.": "Avant, trop peu est appris.",
    "So many went the same way through a cell of a route.": "Tant de navires sont passés de même "
    "par une maille de la route.",
    "So many cells it kept to the route.": "Il a suivi la route sur tant de mailles.",
    "So many were followed on from where it left.": "Tant d'autres ont été suivis au-delà de "
    "l'endroit où il l'a quittée.",
    "It is so far from where it left the route.": "Il est aussi loin de là où il a quitté la "
    "route.",
    "It came through so many cells where hardly anybody goes.": "Il a traversé tant de mailles où "
    "presque personne ne passe.",
    "Hardly anybody is at most this part of the route's passages.": "Presque personne, c'est au "
    "plus cette part des passages de la route.",
    "For how long it is outside of the corridor.": "Depuis combien de temps il est hors du "
    "couloir.",
    "By how much it is behind its times, or ahead.": "De combien il est en retard sur ses heures, "
    "ou en avance.",
    "What is not known of a place that says no uncertainty.": "Ce qu'on ignore d'un lieu qui ne "
    "dit pas son incertitude.",
    "How long it has to stay.": "Combien de temps il doit rester.",
    "How long it has to stay near a cable or pipeline.": "Combien de temps il doit rester près "
    "d'un câble ou d'une conduite.",
    "How far it may go while it stays.": "Jusqu'où il peut aller tant qu'il reste.",
    "Faster ships go somewhere.": "Les navires plus rapides vont quelque part.",
    "Ships that are slower on average rest.": "Les navires plus lents en moyenne sont arrêtés.",
    "Where more others rest it is a port.": "Là où plus d'autres sont arrêtés, c'est un port.",
    "So near they are together.": "Si près, ils sont ensemble.",
    "Neither is faster.": "Aucun des deux n'est plus rapide.",
    "For how long they stay together.": "Combien de temps ils restent ensemble.",
    "While together nobody moves farther along or beside the others.": "Tant qu'ils sont ensemble, "
    "aucun ne glisse davantage le long ou à côté des autres.",
    "For how long they stay together where one is a tug.": "Combien de temps ils restent ensemble, "
    "si l'un est un remorqueur.",
    "Both were so fast before: what lies there does not meet.": "Les deux allaient aussi vite "
    "avant : ce qui est à l'arrêt ne rejoint personne.",
    "Who reports no status has to drift so far together: what is moored does not.": "Qui "
    "n'annonce pas d'état doit dériver d'autant avec l'autre : ce qui est amarré ne le fait pas.",
    "Where so many others lie, it is an anchorage.": "Là où tant d'autres sont arrêtés, c'est un "
    "mouillage.",
    "So near others at rest are counted.": "À moins de cette distance, les navires arrêtés sont "
    "comptés.",
    "The error is this part of the longer way in five minutes.": "L'écart est cette part de la "
    "plus longue des deux distances en cinq minutes.",
    "The error is so many metres within five minutes.": "L'écart est d'autant de mètres en cinq "
    "minutes.",
    "So often from one way to the other.": "Tant de fois d'une trajectoire à l'autre.",
    "So many reports of each way.": "Tant de rapports de chaque trajectoire.",
    "Both ways were reported on within so long.": "Les deux trajectoires ont été rapportées en "
    "autant de temps.",
    "A shorter silence is none.": "Un silence plus court n'en est pas un.",
    "A silence of fewer of its own usual intervals is none.": "Un silence de moins de ses "
    "intervalles habituels n'en est pas un.",
    "Slower things may have been switched off at rest.": "Ce qui est plus lent a pu être éteint à "
    "l'arrêt.",
    "How far away others still tell of reception here.": "Jusqu'où d'autres renseignent encore sur "
    "la réception ici.",
    "What has been silent for longer has gone.": "Ce qui se tait depuis plus longtemps est parti.",
    "A clock is off by more than this.": "Une horloge est décalée de plus que cela.",
    "A shift of places is more than this.": "Un décalage de position est plus grand que cela.",
    "A turned sensor is so by more.": "Un capteur tourné l'est de plus que cela.",
    "Ranges are too long by more.": "Des distances sont trop longues de plus que cela.",
    "By so many standard deviations beyond the bound.": "D'autant d'écarts types au-delà de la "
    "limite.",
    "So many things two sources both follow.": "Autant de choses que deux sources suivent toutes "
    "deux.",
    "A smaller change is none.": "Un écart plus petit n'en est pas un.",
    "A change of fewer usual spreads of the stream's ages is none.": "Un écart de moins de "
    "dispersions habituelles des âges du flux n'en est pas un.",
    "For how long it is so.": "Depuis combien de temps il en est ainsi.",
    "Looks before anything is said.": "Tours d'examen avant que rien ne soit dit.",
    "Reports in a look that tell an age.": "Rapports d'un tour qui disent un âge.",
    "Less than this part of the usual rate is a drop.": "Moins que cette part du débit habituel "
    "est une chute.",
    "Over which the rate is averaged.": "Durée sur laquelle le débit est moyenné.",
    "Over which the usual rate is averaged.": "Durée sur laquelle le débit habituel est moyenné.",
    "Nothing is said before it was heard so long.": "Rien n'est dit avant qu'il soit entendu aussi "
    "longtemps.",
    "So many reports it usually gives in `recent_s`.": "Tant de rapports qu'il donne d'habitude "
    "en `recent_s`.",
    "Slower things may come back.": "Ce qui est plus lent peut revenir.",
    "A repetition comes so much later.": "Une répétition vient d'autant plus tard.",
    "Places are kept so long.": "Les lieux sont gardés autant de temps.",
    "So many reports are at earlier places.": "Tant de rapports sont à des lieux d'avant.",
    "So many things have reports at earlier places.": "Autant de choses ont des rapports à des "
    "lieux d'avant.",
    "By the name of an area the speed allowed in it, m/s.": "Par nom de zone, la vitesse permise, "
    "en m/s.",
    "By which part it may be exceeded before it counts.": "De quelle part elle peut être dépassée "
    "avant que cela compte.",
    "For how long it is exceeded.": "Combien de temps elle est dépassée.",
    "Its speed on passage.": "Sa vitesse en traversée.",
    "For how long it kept its speed before.": "Combien de temps il avait gardé sa vitesse.",
    "Its speed falls to this part.": "Sa vitesse tombe à cette part.",
    "It was on passage so long ago at most.": "Il était en traversée il y a au plus autant de "
    "temps.",
    "It turns by so much and goes on at speed.": "Il tourne d'autant et continue à sa vitesse.",
    "Within this no other ship is slow or at rest.": "À moins de cette distance, aucun autre "
    "navire n'est lent ou arrêté.",
    "What was last heard lower may have landed.": "Ce qui a été entendu plus bas a pu se poser.",
    "Slower things do not fly.": "Ce qui est plus lent ne vole pas.",
    "What has been silent for longer has landed.": "Ce qui se tait depuis plus longtemps s'est "
    "posé.",
    "Where fewer have passed nothing is usual.": "Là où moins sont passés, rien n'est habituel.",
    "So many of its kind should have passed there.": "Tant de navires de son genre auraient dû y "
    "passer.",
    "At most so many of its kind passed there.": "Au plus autant de navires de son genre y sont "
    "passés.",
    "For so long it is there.": "Depuis combien de temps il y est.",
    "It would happen by chance less often than that.": "Le hasard le ferait moins souvent que "
    "cela.",
    "There are so many more, or fewer.": "Il y en a autant de plus, ou de moins.",
    "There are so many times as many, or as few.": "Il y en a tant de fois plus, ou moins.",
    "Many count only where so many ships are known of already.": "Beaucoup ne compte que là où "
    "tant de navires sont déjà connus.",
    "Fewer count if the areas around have such a part.": "Moins ne compte que si les zones autour "
    "ont une telle part.",
    "Part of the passages that go the other way.": "Part des passages qui vont dans l'autre sens.",
    "At most such a part goes as this ship does.": "Au plus une telle part va comme ce navire.",
    "So many cells in a row it is so.": "Sur tant de mailles de suite.",
    "Times the speed below which 99 of 100 stay.": "Fois la vitesse sous laquelle restent 99 sur "
    "100.",
    "Part of the speed above which 99 of 100 stay.": "Part de la vitesse au-dessus de laquelle "
    "restent 99 sur 100.",
    "Where they stay above less than this none is too slow.": "Là où cette vitesse est plus basse, "
    "aucun n'est trop lent.",
    "Names of areas and outlines to watch beside those that ask for it.": "Noms des zones et "
    "contours à surveiller en plus de ceux qui le demandent.",
    "Ship types that may be in every area.": "Types de navires qui peuvent être dans toute zone.",
    "Entries are told of so long ahead; 0: not.": "Les entrées sont annoncées d'autant à "
    "l'avance ; 0 : jamais.",
    "Slower things are not looked at ahead.": "Ce qui est plus lent n'est pas prévu à l'avance.",
    "The longest line.": "La remorque la plus longue.",
    "By so much at most their distance changes.": "Leur distance varie d'autant au plus.",
    "Slower ones wait.": "Plus lents, ils attendent.",
    "No tow is faster.": "Aucun remorquage n'est plus rapide.",
    "By so much speeds differ at most.": "Les vitesses diffèrent d'autant au plus.",
    "By so much courses, and the line, differ at most.": "Les routes, et la remorque, diffèrent d'"
    "autant au plus.",
    "So near are antennas of ships side by side.": "Distance des antennes de navires bord à bord.",
    "By so much headings differ, or from the opposite.": "Les caps diffèrent d'autant, ou de l'opp"
    "osé.",
    "Shorter ones carry no cargo.": "Plus courts, ils ne portent pas de cargaison.",
    "Both were so fast before.": "Les deux allaient à cette vitesse avant.",
    "Both were at speed so long ago at most.": "Les deux allaient vite il y a au plus autant de "
    "temps.",
    "Where so many others lie is a port.": "Où tant d'autres sont à l'arrêt est un port.",
}


def setting_words(settings: type[DetectorSettings]) -> dict[str, dict[str, str]]:
    """By setting what it means, in the order in which the detector has them."""
    return {
        name: {"en": field.description or name, "fr": _FR[field.description or ""]}
        for name, field in settings.model_fields.items()
        if name not in NOT_SHOWN
    }
