"""Columns that grow together: the picture's tables are a handful of NumPy arrays each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final

import numpy as np

NO_TIME: Final[int] = int(np.iinfo(np.int64).min)
"""What a time column holds where nothing is known: older than every real time."""

Layout = dict[str, tuple[type[np.generic], Any, int]]
"""Column name to (type, value of a fresh row, values a row; 0 means one, as a flat array)."""


class GrowingColumns:
    """A table that adds rows at its end and never removes one.

    Arrays are longer than ``count``; the rows past it hold the value of a fresh row. Growth
    doubles them, so that n rows cost O(n) in all. Fetch an array again after :meth:`add_rows`.
    """

    LAYOUT: ClassVar[Layout]

    def __init__(self, capacity: int = 256) -> None:
        self.count = 0
        self._capacity = 0
        self._grow(capacity)

    def add_rows(self, rows: int) -> int:
        """Make room for this many rows at the end; return the index of the first."""
        first = self.count
        self.count += rows
        if self.count > self._capacity:
            self._grow(max(self.count, 2 * self._capacity))
        return first

    def _grow(self, capacity: int) -> None:
        for name, (kind, fresh, width) in self.LAYOUT.items():
            shape = (capacity, width) if width else (capacity,)
            wider = np.full(shape, fresh, dtype=kind)
            if self._capacity:
                wider[: self._capacity] = getattr(self, name)
            setattr(self, name, wider)
        self._capacity = capacity


class Words:
    """Strings as small integers, in the order they were first seen.

    The numbers stay inside the node: their order would tell a reader of rows it cannot see.
    """

    def __init__(self) -> None:
        self._words: list[str] = []
        self._codes: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._words)

    def code(self, word: str) -> int:
        """The word's number, new or known."""
        code = self._codes.get(word)
        if code is None:
            code = self._codes[word] = len(self._words)
            self._words.append(word)
        return code

    def known(self, word: str) -> int | None:
        """The word's number, or None where it was never seen."""
        return self._codes.get(word)

    def word(self, code: int) -> str:
        """The word of a number."""
        return self._words[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)
