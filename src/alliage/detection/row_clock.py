"""The time that rows carry on, whatever single ones of them say."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

APART_US: Final = 3_600_000_000
"""A row so far ahead of all before it has a wrong clock, unless the next such row agrees."""

BEHIND: Final = 50
"""So many rows on end that are so far behind are a recording that begins again."""


class RowClock:
    """The newest time of rows, in the order in which they were known."""

    def __init__(self) -> None:
        self._newest_us: int | None = None
        self._stray_us = 0
        self._behind = 0

    def newest_us(self, valid_us: NDArray[np.int64]) -> NDArray[np.int64]:
        """Time after each row, (n,); the same however the rows are cut into calls."""
        first = int(valid_us[0]) if self._newest_us is None else self._newest_us
        newest = np.maximum(np.maximum.accumulate(valid_us), first)
        steps = np.diff(newest, prepend=first)
        if (steps > APART_US).any() or (newest - valid_us > APART_US).any() or self._behind:
            newest = np.array([self._after(us) for us in valid_us.tolist()], np.int64)
        self._newest_us = int(newest[-1])
        return newest

    def _after(self, valid_us: int) -> int:
        newest = valid_us if self._newest_us is None else self._newest_us
        self._behind = self._behind + 1 if valid_us < newest - APART_US else 0
        if self._behind >= BEHIND:
            self._behind, newest = 0, valid_us
        elif valid_us > newest + APART_US:
            agrees = abs(valid_us - self._stray_us) < APART_US
            self._stray_us, newest = (0, valid_us) if agrees else (valid_us, newest)
        else:
            newest = max(newest, valid_us)
        self._newest_us = newest
        return newest
