"""A message that tries a channel out. It says nothing of the node and of what the node knows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Final

import orjson

from alliage.ontology.label import Label
from alliage.ontology.marking import JoinedMarking, join_marking
from alliage.watch.notification import EXERCISE, VERSION

LABEL: Final = Label.make("ALLIAGE", "UNCLASSIFIED")
"""Of these words, which stand in the program."""

_WORDS: Final = {
    "en": {
        "test": "TEST",
        "nothing": "nothing has happened",
        "said": "This is a test of the notification {}. Nothing has happened; do nothing.",
        "number": "Number of the test",
    },
    "fr": {
        "test": "ESSAI",
        "nothing": "il ne s'est rien passé",
        "said": "Ceci est un essai de la notification {}. Il ne s'est rien passé ; n'agissez pas.",
        "number": "Numéro de l'essai",
    },
}


@dataclass(frozen=True, slots=True)
class Trial:
    """One test message.

    Attributes:
        name: of the notification in the configuration.
        is_exercise: whether everything on the node is invented.
        message_id: another for each, so that who takes each message once takes each test.
    """

    name: str
    is_exercise: bool
    message_id: str = field(default_factory=lambda: secrets.token_hex(16))
    origin: str = "test"
    is_priority: bool = False

    def to_json(self) -> bytes:
        """The message for programs: the fields of a notification, without an incident."""
        told = {
            "version": VERSION,
            "message_id": self.message_id,
            "notification": self.name,
            "node": None,
            "news": "test",
            "marking": _marking().marking,
            "exercise": self.is_exercise,
            "incident": None,
            "link": None,
        }
        return orjson.dumps(told)

    def subject(self, language: str) -> str:
        """One line with the marking."""
        words = _WORDS[language]
        exercise = ["EXERCISE"] if self.is_exercise else []
        parts = [_marking().in_words(language), *exercise, words["test"], words["nothing"]]
        return " - ".join(parts)

    def text(self, language: str) -> str:
        """The message for people; the marking is its first line and its last."""
        words, marking = _WORDS[language], _marking().in_words(language)
        exercise = [EXERCISE, ""] if self.is_exercise else []
        said = [" ".join([words["test"]] * 3), "", words["said"].format(self.name), ""]
        number = f"{words['number']}: {self.message_id}"
        return "\n".join([marking, "", *exercise, *said, number, "", *exercise, marking, ""])


def _marking() -> JoinedMarking:
    marking = join_marking({LABEL})
    assert marking is not None  # of one label there is one
    return marking
