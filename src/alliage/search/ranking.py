"""The best of what matches, in order, without scoring what cannot be among it.

Bounds of the scores are known (:mod:`alliage.search.matching`). Rows are scored in the order of
their bounds, some at a time, until enough stand before the best that the next one could be: the
same order as that of all scores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.picture.objects import Rows

AT_ONCE: Final = 128
"""Rows that are scored together at first; then twice as many each time."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Objects that match, each of shape (objects,), and by what equally good ones are ordered."""

    rows: Rows
    at_most: Floats
    ended: NDArray[np.bool_]
    away_m: Floats

    def order(self, scores: Floats, which: NDArray[np.intp]) -> NDArray[np.intp]:
        """Some of them, the best first; equal ones: present, near, first seen before the others.

        Args:
            scores: of all.
            which: their places.
        """
        keys = (self.rows[which], self.away_m[which], self.ended[which], -scores[which])
        return which[np.lexsort(keys)]


class Ranking:
    """Candidates in their order, as far as somebody has asked for it."""

    def __init__(self, candidates: Candidates, scores_of: Callable[[Rows], Floats]) -> None:
        """Args:
        candidates: what there is.
        scores_of: scores of these rows, none above its bound.
        """
        self._candidates = candidates
        self._scores_of = scores_of
        self._scores = candidates.at_most.copy()  # a bound, until it is scored
        self._by_bound = candidates.order(candidates.at_most, np.arange(len(candidates.rows)))
        self._scored = 0
        self._settled: Rows = np.zeros(0, np.intp)

    def first(self, count: int) -> Rows:
        """The best so many, or all if there are fewer."""
        while len(self._settled) < min(count, len(self._candidates.rows)):
            self._score_more()
        return self._settled[:count]

    def page(self, after: int | None, limit: int) -> tuple[Rows, bool]:
        """So many behind a row, or at the beginning; and whether there are others behind them.

        Raises:
            KeyError: that row is none of them.
        """
        begin, total = 0, len(self._candidates.rows)
        if after is not None:
            if after not in self._candidates.rows:
                raise KeyError(after)
            while not (at := np.flatnonzero(self._settled == after)).size:
                self._score_more()
            begin = int(at[0]) + 1
        return self.first(begin + limit)[begin:], begin + limit < total

    def _score_more(self) -> None:
        end = self._scored + max(AT_ONCE, self._scored)
        some = self._by_bound[self._scored : end]
        self._scores[some] = self._scores_of(self._candidates.rows[some])
        self._scored += len(some)
        # The next one by its bound stands for all that are not scored: none can be before it.
        upto = self._by_bound[: self._scored + 1]
        order = self._candidates.order(self._scores, upto)
        if self._scored < len(self._by_bound):
            order = order[: int(np.flatnonzero(order == upto[-1])[0])]
        self._settled = self._candidates.rows[order]
