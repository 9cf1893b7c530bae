"""Columns that a detector keeps beside the things', and grows with them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Kept:
    """Named columns over the rows of a scene's things.

    >>> kept = Kept(since_us=np.int64(0), angle=np.float64("nan"))
    >>> kept.grow(3)
    >>> kept["angle"][1] = 0.5
    """

    def __init__(self, **empty: Any) -> None:
        """By name what a thing has of which nothing is known: a number, or an array of them."""
        self._empty = empty
        self._columns: dict[str, NDArray[Any]] = {n: _filled(0, e) for n, e in empty.items()}

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The whole column, to be read and written."""
        return self._columns[name]

    def grow(self, count: int) -> None:
        """Have room for so many things."""
        first = next(iter(self._columns.values()))
        if len(first) >= count:
            return
        size = max(256, 2 * len(first), count)
        for name, column in self._columns.items():
            larger = _filled(size, self._empty[name])
            larger[: len(column)] = column
            self._columns[name] = larger


def _filled(size: int, empty: Any) -> NDArray[Any]:
    return np.full((size, *np.shape(empty)), empty)
