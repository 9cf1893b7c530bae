"""What each detector looks for, in both languages. The English is the beginning of its file."""

from __future__ import annotations

import inspect
from typing import Final

from alliage.detection import Detector

_FR: Final = {
    "anchor_drag": "Un navire en route est retenu et divague le long ou au travers d'un câble ou "
    "d'une conduite.",
    "cable_crossings": "Un navire passe encore et encore sur un même câble ou une même conduite.",
    "claimed_type": "Un navire va plus vite que ceux du type qu'il annonce.",
    "collision_risk": "Deux navires en eaux libres gardent une route et une vitesse qui les feront "
    "se rencontrer.",
    "displaced_region": "Plusieurs choses sautent de même en même temps, d'un même écart ou vers "
    "un même lieu.",
    "distress": "Répondeurs de recherche et sauvetage sur AIS, textes de sécurité, codes d'urgence "
    "d'aéronefs.",
    "drifting": "Un navire est mû par le vent et le courant, non par sa machine.",
    "false_circle": "Les positions tournent en rond alors que l'étrave garde sa direction.",
    "formation": "Des aéronefs volent tout près l'un de l'autre sur une même route, ce que ne fait "
    "pas un trafic espacé.",
    "grounding": "La route d'un navire mène là où il y a trop peu d'eau pour lui, ou il se dit "
    "échoué.",
    "heading_mismatch": "Un navire lancé dont la route s'est écartée de la direction de l'étrave.",
    "holding": "Un aéronef fait des tours complets, comme lorsqu'il doit attendre ou observe "
    "quelque chose.",
    "identity_change": "Un navire en route prend un autre nom, ou continue sous une autre "
    "identité.",
    "jump": "Les positions d'une chose continuent là où elle n'a pas pu arriver.",
    "left_route": "Un navire de commerce quitte une route très suivie pour des eaux où il ne passe "
    "presque personne.",
    "loitering": "Un navire en route reste à faible vitesse dans un petit espace, sans dire "
    "pourquoi.",
    "low_flight": "Un aéronef va bas et lentement à travers le pays, loin de là où d'autres volent "
    "bas.",
    "meeting": "Deux navires se rejoignent en mer, loin des lieux où d'autres s'arrêtent, et "
    "restent ensemble.",
    "motion_mismatch": "La vitesse et la route annoncées ne mènent pas aux positions annoncées.",
    "off_plan": "Ce qui doit suivre un itinéraire prévu sort de son couloir, ou ne tient pas ses "
    "heures.",
    "shared_identity": "Une même identité est rapportée en deux lieux à la fois.",
    "silence": "Un navire en route n'est plus entendu, là où la réception est bonne.",
    "source_bias": "Un capteur est tourné, mesure trop loin, ou son horloge ou sa position est "
    "décalée.",
    "source_clock": "Les heures des rapports d'un flux se sont décalées de celles des autres.",
    "source_rate": "Un flux donne bien moins de rapports que durant l'heure passée.",
    "source_replay": "Un flux redonne ses propres rapports passés, avec des heures nouvelles.",
    "speed_limit": "Un navire va plus vite qu'il n'est permis dans une zone.",
    "sudden_change": "Un navire de commerce en transit s'arrête net, ou fait demi-tour.",
    "tow": "Un navire suit un remorqueur en ligne, à distance constante, et ni l'un ni l'autre "
    "n'annonce de remorquage.",
    "transfer": "Un navire-citerne et un autre navire restent bord à bord une heure, loin "
    "des lieux où d'autres s'arrêtent.",
    "transponder_loss": "Un aéronef en altitude n'est plus entendu, là où d'autres le sont.",
    "unusual_place": "Un navire de commerce est là où il n'en vient guère de son type, alors que "
    "d'autres y passent.",
    "unusual_traffic": "Une zone a bien plus, ou bien moins, de navires en route que d'ordinaire à "
    "cette heure.",
    "unusual_way": "Un navire va à contresens du trafic, ou bien plus vite ou plus lentement que "
    "ceux de son type à cet endroit.",
    "zone": "Quelque chose est dans une zone à éviter, ou y sera bientôt.",
}


def looked_for(detector: type[Detector]) -> dict[str, str]:
    """What a detector looks for; in English only, while nobody has said it in French."""
    described = inspect.getdoc(inspect.getmodule(detector)) or ""
    sentence = described.partition("\n\n")[0].replace("\n", " ")
    english = sentence.partition(": ")[2] or sentence
    english = english[:1].upper() + english[1:]
    return {"en": english, "fr": _FR.get(detector.name, english)}
