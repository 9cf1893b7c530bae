"""Things by number: as a text index counts them, and which objects of a picture they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from alliage.picture.columns import Words

Numbers = NDArray[np.int64]


class ThingNumbers:
    """Numbers of identifiers, from 1."""

    def __init__(self, known: Iterable[tuple[int, str]] = ()) -> None:
        """Begin with these numbers and their identifiers, in order."""
        self.identifiers: list[str] = [""]
        self._numbers: dict[str, int] = {}
        self._fresh: list[tuple[int, str]] = []
        for number, identifier in known:
            self.identifiers += [""] * (number - len(self.identifiers))  # of what was forgotten
            self.identifiers.append(identifier)
            self._numbers[identifier] = number

    def number(self, identifier: str) -> int:
        """Its number, known or new."""
        number = self._numbers.get(identifier)
        if number is None:
            number = self._numbers[identifier] = len(self.identifiers)
            self.identifiers.append(identifier)
            self._fresh.append((number, identifier))
        return number

    def take_fresh(self) -> list[tuple[int, str]]:
        """Numbers that were given since the last call."""
        fresh, self._fresh = self._fresh, []
        return fresh


class ThingCodes:
    """What pictures call the things of an index: codes of identifiers, by number."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Words, _Codes] = WeakKeyDictionary()

    def of(self, words: Words, identifiers: Sequence[str], things: Numbers) -> NDArray[np.intp]:
        """Codes of these things, -1 where the picture has none; shape (things,).

        Args:
            words: a picture's identifiers; used under its lock.
            identifiers: what the numbers stand for.
            things: their numbers.
        """
        kept = self._kept.get(words)
        if kept is None or kept.identifiers is not identifiers:
            kept = self._kept[words] = _Codes(identifiers)
        return kept.up_to_date(words)[things]


class _Codes:
    """The codes of one list of identifiers in one picture."""

    def __init__(self, identifiers: Sequence[str]) -> None:
        self.identifiers = identifiers
        self._codes: NDArray[np.intp] = np.zeros(0, np.intp)
        self._words = 0

    def up_to_date(self, words: Words) -> NDArray[np.intp]:
        fresh = np.full(len(self.identifiers) - len(self._codes), -1)
        self._codes = np.concatenate([self._codes, fresh])
        if len(fresh) or len(words) > self._words:
            self._words = len(words)
            for thing in np.flatnonzero(self._codes < 0).tolist():
                code = words.known(self.identifiers[thing])
                self._codes[thing] = -1 if code is None else code
        return self._codes
