"""What is kept to search in, and the interface of where it is kept.

A :class:`TextIndex` answers for one audience and counts nothing that this audience may not see:
neither scores nor order nor candidates of a similar spelling come from statistics over all rows
(docs/decisions/0147). SQLite's implementation is the one there is; another database needs these
methods and no others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from alliage.ontology.audience import Audience

EARLIER: Final = 0.6
"""What a name that a thing had earlier counts, against one that it has."""
SIMILAR: Final = 0.5
"""What a word of a similar spelling counts at most, against the word itself."""


class Field(IntEnum):
    """What a text is to its thing."""

    NAME = 0
    IDENTIFIER = 1  # call sign, IMO number: what is read letter by letter
    PROPERTY = 2
    REMARK = 3
    REPORT = 4
    MESSAGE = 5


WEIGHTS: Final[Mapping[Field, float]] = {
    Field.NAME: 1.0,
    Field.IDENTIFIER: 1.0,
    Field.PROPERTY: 0.6,
    Field.REMARK: 0.5,
    Field.REPORT: 0.5,
    Field.MESSAGE: 0.4,
}


@dataclass(frozen=True, slots=True)
class Mention:
    """One text that somebody said of a thing.

    ``series`` names what a later text takes the place of: a number of stream, thing and property;
    0 where texts stand beside each other. ``text`` is None where the value was only taken away.
    ``valid_to_us`` is None for until further notice. ``number`` is that of the log's entry.
    """

    label_set: int
    field: Field
    property: str
    text: str | None
    identifier: str
    stream: str
    series: int
    claim_id: str
    valid_from_us: int
    valid_to_us: int | None
    number: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A retraction: which claim it takes back."""

    label_set: int
    claim_id: str
    retracts: str
    number: int


@dataclass(frozen=True, slots=True)
class Then:
    """The time that is asked about, and the knowledge.

    What ended before ``now_us`` is an earlier value. What begins after ``begun_by_us`` was not so
    yet; None for the present, where clocks differ. ``known_up_to`` is the number of the last entry
    that counts, retractions included; None for all.
    """

    now_us: int
    begun_by_us: int | None = None
    known_up_to: int | None = None

    @property
    def is_past(self) -> bool:
        """Whether not everything that was said counts."""
        return self.begun_by_us is not None or self.known_up_to is not None


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase to look for, folded. ``is_prefix``: words that begin so count, too."""

    text: str
    is_prefix: bool = True


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word that names have, spelt like one that was asked for; ``likeness`` is above 0, to 1."""

    word: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a thing was found: the text that holds a term. ``is_earlier``: it says so no more."""

    identifier: str
    field: Field
    property: str
    text: str
    stream: str
    claim_id: str
    valid_from_us: int
    is_earlier: bool
    score: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """What holds a term, and the most that it can score: what it says no more counts in full here.

    ``things`` are numbers, of shape (mentions,) and each as often as it is spoken of; each stands
    for the entry at its place in ``identifiers``. While it is the same list, numbers mean the same.
    """

    identifiers: Sequence[str]
    things: NDArray[np.int64]
    at_most: NDArray[np.float64]


class TextIndex(Protocol):
    """Texts by what they are about. One thread adds, any reads."""

    def position(self) -> tuple[int, str]:
        """Number and id of the log's entry up to which it was read; 0 and "" for none."""
        ...

    def add(
        self,
        mentions: Collection[Mention],
        taken_back: Collection[TakenBack],
        position: tuple[int, str],
    ) -> None:
        """Take up texts and retractions, with where the log was read up to, all or nothing."""
        ...

    def forget(self, numbers: Collection[int]) -> None:
        """Forget what these entries of the log said, so that no file holds it when this returns."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...

    def find(
        self, audience: Audience, term: Term, then: Then, among: Collection[str] | None = None
    ) -> dict[str, float]:
        """Of each thing that some standing, visible text with this term speaks of, the best score.

        Args:
            audience: whose.
            term: what to look for.
            then: the time that is asked about.
            among: of these things only, by identifier; None for all.
        """
        ...

    def bounds(self, audience: Audience, term: Term, then: Then) -> Bounds:
        """Everything that :meth:`find` finds, with no score above these: quicker for many."""
        ...

    def some(self, audience: Audience, term: Term, then: Then, limit: int) -> set[str]:
        """Identifiers of things that :meth:`find` finds: all, or any so many of them."""
        ...

    def similar(self, audience: Audience, word: str, limit: int, then: Then) -> list[Spelling]:
        """Words of visible names that are spelt or sound like this one, the most alike first."""
        ...

    def reasons(
        self, audience: Audience, term: Term, identifiers: Sequence[str], then: Then
    ) -> list[Reason]:
        """The texts for which :meth:`find` found these things, of each the best first."""
        ...

    def names(self, audience: Audience, prefix: str, limit: int, then: Then) -> list[str]:
        """Visible names, as they are written, that begin with this folded text; in order."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...
