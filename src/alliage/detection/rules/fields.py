"""What may stand in the gaps of a rule's lines: numbers, choices, times, names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LONGEST_NAME: Final = 200
SMALL: Final = ("property", "link", "statuses", "days")
"""Kinds of gap for words of ours, which are all small."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One kind of gap.

    Attributes:
        kind: what a form on the screen is to show for it.
        pattern: a regular expression of what may stand there.
        example: something that may.
        choices: all that may, where it is one of some words.
    """

    kind: str
    pattern: str
    example: str
    choices: tuple[str, ...] = ()

    def plain(self, text: str) -> str:
        """What stands there, where small and capital letters are alike as it is usually written."""
        if self.choices:
            return next(one for one in self.choices if one.casefold() == text.casefold())
        return text.casefold() if self.kind in SMALL else text


def choice(*words: str) -> Gap:
    """One of some words."""
    longest_first = sorted(words, key=len, reverse=True)
    return Gap("choice", "|".join(map(re.escape, longest_first)), words[0], words)


def name(kind: str = "text") -> Gap:
    """Anything up to the end of the line; ``kind`` says what it names."""
    return Gap(kind, rf"\S(?:.{{0,{LONGEST_NAME - 2}}}\S)?", "…")


def word(kind: str = "property") -> Gap:
    """The name of a property or link, as the ontology has it."""
    return Gap(kind, r"[a-z][a-z0-9_]{0,60}", "length_m")


NUMBER: Final = Gap("number", r"-?\d{1,9}(?:[.,]\d{1,6})?", "2.5")
"""With a point or a comma."""

COUNT: Final = Gap("count", r"\d{1,6}", "3")
"""A whole number."""

TIME_OF_DAY: Final = Gap("time", r"(?:[01]?\d|2[0-3]):[0-5]\d", "20:00")
"""Hours and minutes, UTC."""
