"""The time that rows carry on, whatever single ones of them say."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

APART_US: Final = 3_600_000_000
"""A row so far ahead of all before it has a wrong clock, unless the next such row agrees."""

BEHIND: Final = 50
"""So many rows on end that are so far behind are a recording that begins again."""

Times = NDArray[np.int64]


class RowClock:
    """The newest time of rows, in the order in which they were known.

    Of what is live it is told when rows became known. Once a row is of that time, give or take
    :data:`APART_US`, only such rows carry time: a batch that a satellite hands down hours late, or
    a recording that somebody loads, is no recording that begins again.
    """

    def __init__(self) -> None:
        self._newest_us: int | None = None
        self._stray_us = 0
        self._behind = 0
        self.is_present = False
        """Whether only rows of the time at which they become known carry it on."""

    def newest_us(self, valid_us: Times, known_us: int | None = None) -> Times:
        """Time after each row, (n,); the same however the rows are cut into calls.

        Args:
            valid_us: of rows, (n,), not empty.
            known_us: when these rows became known; None where nothing says so.
        """
        if known_us is None:
            return self._by_themselves(valid_us)
        of_now = np.abs(valid_us - known_us) <= APART_US
        if not (self.is_present or of_now.any()):
            return self._by_themselves(valid_us)
        begin = 0 if self.is_present else int(np.argmax(of_now))
        before = self._by_themselves(valid_us[:begin]) if begin else valid_us[:0]
        if not self.is_present:
            self.is_present, self._newest_us = True, int(valid_us[begin])
        oldest = np.iinfo(np.int64).min
        carried = np.maximum.accumulate(np.where(of_now[begin:], valid_us[begin:], oldest))
        first = int(carried[0]) if self._newest_us is None else self._newest_us
        newest = np.concatenate([before, np.maximum(carried, first)])
        self._newest_us = int(newest[-1])
        return newest

    def _by_themselves(self, valid_us: Times) -> Times:
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
