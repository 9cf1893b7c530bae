"""What is usually done about each kind of incident: steps to tick off, in both languages."""

from __future__ import annotations

from typing import Final, NamedTuple


class Step(NamedTuple):
    """One step; ``key`` is what is said when it is done."""

    key: str
    en: str
    fr: str


_CALL: Final = Step("call", "Call the vessel on VHF", "Appeler le navire sur VHF")
_SOURCES: Final = Step(
    "sources", "Look whether other sources agree", "Vérifier si d'autres sources le confirment"
)
_AUTHORITY: Final = Step(
    "authority", "Inform the authority in charge", "Prévenir l'autorité compétente"
)
_PLACE: Final = Step("place", "Note place and time", "Noter le lieu et l'heure")
_OWNER: Final = Step(
    "owner", "Inform the owner of the installation", "Prévenir le propriétaire de l'installation"
)

_ORDINARY: Final = (_SOURCES, _CALL, _AUTHORITY)
_OF: Final[dict[str, tuple[Step, ...]]] = {
    "distress": (
        _PLACE,
        Step("confirm", "Confirm the call by voice", "Confirmer l'appel par phonie"),
        Step(
            "rescue",
            "Alert the rescue coordination centre",
            "Alerter le centre de coordination de sauvetage",
        ),
        Step("near", "Look for ships that are near", "Chercher les navires proches"),
        Step("relay", "Relay the call where needed", "Relayer l'appel si nécessaire"),
    ),
    "drifting": (
        _CALL,
        Step("power", "Ask for engine and anchor", "Demander l'état du moteur et du mouillage"),
        Step("shore", "Estimate when it reaches the shore", "Estimer l'arrivée à la côte"),
        Step("tug", "Look for a tug", "Chercher un remorqueur"),
        _AUTHORITY,
    ),
    "anchor_drag": (_CALL, _PLACE, _OWNER, _AUTHORITY),
    "cable_crossings": (_SOURCES, _PLACE, _OWNER, _AUTHORITY),
    "off_plan": (
        _SOURCES,
        Step("call", "Call it, and ask why", "L'appeler, et demander pourquoi"),
        Step("plan", "Ask whoever planned the route", "Interroger qui a prévu l'itinéraire"),
    ),
    "loitering": (_SOURCES, _CALL, _OWNER, _AUTHORITY),
    "source_bias": (
        Step("compare", "Compare the sources (Quality)", "Comparer les sources (Qualité)"),
        Step("station", "Ask whoever runs the source", "Interroger l'exploitant de la source"),
    ),
    "source_rate": (
        Step("station", "Ask whoever runs the source", "Interroger l'exploitant de la source"),
    ),
}


def checklist(detector: str) -> tuple[Step, ...]:
    """The steps for a detector's incidents."""
    return _OF.get(detector, _ORDINARY)
