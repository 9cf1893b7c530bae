"""How many ships of each kind passed each cell, in which direction and at what speed."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.detection.learned import MOST_ROWS, Tables, most
from alliage.detection.wording import KNOT_MPS

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]

COURSES: Final = 8
KINDS: Final = 8
SPEEDS_KN: Final = np.array([2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 21.0, 25.0, 30.0])
"""Bounds of the classes of speed."""
SPEEDS: Final = len(SPEEDS_KN) + 1

HALF_LIFE_DAYS: Final = 30.0
"""After so long a passage counts half."""


class Passed:
    """Counts by cell and kind. Full, it forgets where fewest passed."""

    def __init__(self) -> None:
        self._row: dict[int, int] = {}
        self._counts = np.zeros((256, COURSES + SPEEDS), np.float32)

    def __len__(self) -> int:
        return len(self._row)

    def add(self, cells: Numbers, kinds: Numbers, courses: Numbers, speed_mps: Floats) -> None:
        """Count passages, (n,) each."""
        rows = np.array([self._row_of(key) for key in _keys(cells, kinds).tolist()], np.intp)
        np.add.at(self._counts, (rows, courses), 1.0)
        np.add.at(self._counts, (rows, COURSES + speed_classes(speed_mps)), 1.0)
        if len(self) > MOST_ROWS:
            self._forget_least()

    def courses(self, cells: Numbers) -> Floats:
        """Passages of all kinds by direction, (n, :data:`COURSES`)."""
        return np.asarray(self._of(cells)[:, :, :COURSES].sum(axis=1))

    def kinds(self, cells: Numbers) -> Floats:
        """Passages by kind, (n, :data:`KINDS`)."""
        return np.asarray(self._of(cells)[:, :, :COURSES].sum(axis=2))

    def speeds(self, cells: Numbers, kinds: Numbers) -> Floats:
        """Passages of one kind each by class of speed, (n, :data:`SPEEDS`)."""
        return self._at(_keys(cells, kinds))[:, COURSES:]

    def fade(self) -> None:
        """A day is over: what was before counts a little less."""
        self._counts *= np.float32(0.5 ** (1.0 / HALF_LIFE_DAYS))

    def dump(self) -> Tables:
        """What was counted."""
        chosen = most(self._weight())
        return {"cells": self._cells()[chosen], "passed": self._counts[chosen]}

    def load(self, tables: Tables) -> None:
        """Take back what :meth:`dump` gave out."""
        self._row = {key: row for row, key in enumerate(tables["cells"].tolist())}
        self._counts = np.zeros((max(256, 2 * len(self)), COURSES + SPEEDS), np.float32)
        self._counts[: len(self)] = tables["passed"]

    def _of(self, cells: Numbers) -> Floats:
        keys = _keys(np.repeat(cells, KINDS), np.tile(np.arange(KINDS), len(cells)))
        return self._at(keys).reshape(len(cells), KINDS, COURSES + SPEEDS)

    def _at(self, keys: Numbers) -> Floats:
        rows = np.array([self._row.get(key, -1) for key in keys.tolist()], np.intp)
        return np.where(rows[:, None] >= 0, self._counts[rows], 0.0).astype(np.float64)

    def _row_of(self, key: int) -> int:
        row = self._row.get(key)
        if row is None:
            row = self._row[key] = len(self._row)
            if row == len(self._counts):
                self._counts = np.concatenate([self._counts, np.zeros_like(self._counts)])
        return row

    def _cells(self) -> Numbers:
        return np.fromiter(self._row, np.int64, len(self))

    def _weight(self) -> Floats:
        return np.asarray(self._counts[: len(self), :COURSES].sum(axis=1, dtype=np.float64))

    def _forget_least(self) -> None:
        keep = np.sort(np.argsort(-self._weight(), kind="stable")[: MOST_ROWS * 3 // 4])
        cells, counts = self._cells()[keep], self._counts[keep]
        self.load({"cells": cells, "passed": counts})


def speed_classes(speed_mps: Floats) -> Numbers:
    """The class of each speed, (n,)."""
    return np.asarray(np.searchsorted(SPEEDS_KN * KNOT_MPS, speed_mps, side="right"), np.int64)


def _keys(cells: Numbers, kinds: Numbers) -> Numbers:
    """One number for each cell and kind: H3 leaves the uppermost bits free."""
    return cells * KINDS + kinds
