"""A notification: an incident as it is told to somebody outside of the node.

Only what the detectors said is in it, under the joined marking of everything that it follows from:
no name that another source knows, and nothing of what people wrote.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Any, Final

import orjson

from alliage.ontology.marking import JoinedMarking
from alliage.ontology.times import to_text
from alliage.watch.incidents import Incident
from alliage.watch.news import News, Told

VERSION: Final = 1
"""Of the JSON; raised when what a receiver relies on is another."""

EXERCISE: Final = "EXERCISE EXERCISE EXERCISE"

_WORDS: Final = {
    "en": {
        News.OPENED: "New incident",
        News.ESCALATED: "Incident has become more serious",
        News.CLOSED: "Incident is closed",
        "priority": "CALL FOR HELP",
        "probability": "Probability",
        "start": "Since",
        "begun": "Known here since",
        "place": "Place",
        "things": "About",
        "link": "Look at",
        "node": "Told by node",
    },
    "fr": {
        News.OPENED: "Nouvel incident",
        News.ESCALATED: "L'incident s'aggrave",
        News.CLOSED: "L'incident est clos",
        "priority": "APPEL DE DÉTRESSE",
        "probability": "Probabilité",
        "start": "Depuis",
        "begun": "Connu ici depuis",
        "place": "Lieu",
        "things": "Concerne",
        "link": "Voir",
        "node": "Annoncé par le nœud",
    },
}


@dataclass(frozen=True, slots=True)
class Notification:
    """One message.

    Attributes:
        name: of the notification in the configuration.
        node: which node tells.
        news: why.
        incident: as the readers see it.
        title: what its detector looks for, by language.
        marking: of everything that the message follows from.
        label_sets: numbers of the label sets of the same.
        is_exercise: whether any of it is invented.
        link: address of the incident on the node.
    """

    name: str
    node: str
    news: News
    incident: Incident
    title: dict[str, str]
    marking: JoinedMarking
    label_sets: frozenset[int]
    is_exercise: bool
    link: str

    @property
    def message_id(self) -> str:
        """32 hexadecimal digits: the same for the same news, however often it is sent."""
        told = Told.of(self.incident)
        said = [self.node, self.name, self.news, sorted(self.incident.ids), sorted(told.detectors),
                told.priority, self.incident.standing.reopened_us]  # fmt: skip
        return hashlib.sha256(orjson.dumps(said)).hexdigest()[:32]

    @property
    def origin(self) -> str:
        """The node."""
        return self.node

    @property
    def is_priority(self) -> bool:
        """Whether it is a call for help."""
        return self.incident.is_priority

    def to_json(self) -> bytes:
        """The message for programs."""
        one, chief = self.incident, self.incident.chief
        told: dict[str, Any] = {
            "version": VERSION,
            "message_id": self.message_id,
            "notification": self.name,
            "node": self.node,
            "news": self.news,
            "marking": self.marking.marking,
            "exercise": self.is_exercise,
            "incident": {
                "incident_id": one.incident_id,
                "detector": chief.detector,
                "title": self.title,
                "reason": {"en": chief.reason_en, "fr": chief.reason_fr},
                "priority": one.is_priority,
                "probability": chief.probability,
                "is_over": one.is_over,
                "start": to_text(one.start_us),
                "begun": to_text(one.begun_us),
                "latitude_deg": None if math.isnan(chief.lat) else chief.lat,
                "longitude_deg": None if math.isnan(chief.lon) else chief.lon,
                "identifiers": self._identifiers(),
            },
            "link": self.link,
        }
        return orjson.dumps(told)

    def subject(self, language: str) -> str:
        """One line with the marking and nothing that names a thing: others read over shoulders."""
        parts = [self.marking.in_words(language)]
        parts += ["EXERCISE"] if self.is_exercise else []
        return " - ".join([*parts, f"{self._what(language)}: {plain(self.title[language])}"])

    def text(self, language: str) -> str:
        """The message for people; the marking is its first line and its last."""
        words, chief = _WORDS[language], self.incident.chief
        marking = self.marking.in_words(language)
        reason = chief.reason_fr if language == "fr" else chief.reason_en
        lines = [marking, "", *([EXERCISE, ""] if self.is_exercise else [])]
        lines += [words["priority"]] if self.incident.is_priority else []
        lines += [f"{self._what(language)}: {plain(self.title[language])}", plain(reason), ""]
        lines += [f"{words[key]}: {plain(value)}" for key, value in self._facts()]
        return "\n".join([*lines, "", *([EXERCISE, ""] if self.is_exercise else []), marking, ""])

    def _what(self, language: str) -> str:
        return _WORDS[language][self.news]

    def _facts(self) -> list[tuple[str, str]]:
        one, chief = self.incident, self.incident.chief
        place = [] if math.isnan(chief.lat) else [("place", _place(chief.lat, chief.lon))]
        return [
            ("probability", f"{round(100 * chief.probability)} %"),
            ("start", to_text(one.start_us)),
            ("begun", to_text(one.begun_us)),
            *place,
            ("things", ", ".join(self._identifiers())),
            ("link", self.link),
            ("node", self.node),
        ]

    def _identifiers(self) -> list[str]:
        return list(dict.fromkeys(n for alert in self.incident.alerts for n in alert.identifiers))


def plain(text: str) -> str:
    """One line that shows what it says: a ship's name may hold anything, line ends too."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _place(lat: float, lon: float) -> str:
    return f"{abs(lat):.4f}° {'N' if lat >= 0 else 'S'} {abs(lon):.4f}° {'E' if lon >= 0 else 'W'}"
