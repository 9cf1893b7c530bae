"""Where things went that passed the same cell with the same course and speed, learned from reports.

A way is told as parts of what speed and course alone would have made of it: 1 along and 0 across is
straight on, 0.7 along and 0.5 across a turn to starboard.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.detection.forecast.states import HORIZONS_S, Floats, States
from alliage.detection.learned import Tables, most

STRAIGHT_ON: Final = 4.0
"""As many ways that went straight on are taken for granted in every cell."""

AGED: Final = 200.0
"""Beyond so many ways each further one takes the place of an old one."""


class Flow:
    """Sums over ways by cell and horizon."""

    def __init__(self) -> None:
        self._row: dict[int, int] = {}
        self._sums: NDArray[np.float64] = np.zeros((256, len(HORIZONS_S), 3))

    def __len__(self) -> int:
        return len(self._row)

    def learn(self, states: States, horizon: int, along: Floats, across: Floats) -> None:
        """Take in how far things went.

        Args:
            states: where they were, (n,).
            horizon: place in :data:`HORIZONS_S`.
            along: part of the way straight on that they made, (n,).
            across: the same to starboard, (n,).
        """
        rows = np.array([self._row_of(key) for key in states.keys.tolist()], np.intp)
        if not len(rows):
            return
        mine = self._sums[:, horizon]
        full = np.unique(rows[mine[rows, 0] >= AGED])
        mine[full] *= 1.0 - 1.0 / AGED
        for column, values in enumerate((np.ones(len(rows)), along, across)):
            np.add.at(mine[:, column], rows, values)

    def parts(self, states: States, horizon: int) -> tuple[Floats, Floats, Floats]:
        """What is to be expected along and across, and of how many ways that is known; (n,)."""
        keys, back = np.unique(states.keys, return_inverse=True)
        rows = np.array([self._row.get(key, -1) for key in keys.tolist()], np.intp)[back]
        sums = np.where(rows[:, None] >= 0, self._sums[rows, horizon], 0.0)
        count = sums[:, 0]
        along = (sums[:, 1] + STRAIGHT_ON) / (count + STRAIGHT_ON)
        return along, sums[:, 2] / (count + STRAIGHT_ON), count

    def dump(self) -> Tables:
        """What was learned."""
        chosen = most(self._sums[: len(self), :, 0].sum(axis=1))
        keys = np.fromiter(self._row, np.int64, len(self))
        return {"cells": keys[chosen], "ways": self._sums[chosen]}

    def load(self, tables: Tables) -> None:
        """Take back what :meth:`dump` gave out."""
        self._row = {key: row for row, key in enumerate(tables["cells"].tolist())}
        self._sums = np.zeros((max(256, 2 * len(self)), len(HORIZONS_S), 3))
        self._sums[: len(self)] = tables["ways"]

    def _row_of(self, key: int) -> int:
        row = self._row.get(key)
        if row is None:
            row = self._row[key] = len(self._row)
            if row == len(self._sums):
                self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)])
        return row
