"""Tracks and truths over time, as columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from alliage.fusion.matrices import Floats, Ints
from alliage.fusion.metrics.gospa import Gospa, gospa


@dataclass(frozen=True, eq=False)
class Points:
    """Where numbered things were: rows in any order, a thing once at a time.

    Times are compared exactly: estimates are measured against truths of the same moment.
    """

    time_s: Floats  # (n,)
    number: Ints  # (n,)
    position_m: Floats  # (n, 2)

    def __len__(self) -> int:
        return len(self.time_s)

    def at(self, times_s: Floats) -> Iterator[Points]:
        """The rows of each of some ascending times."""
        order = np.argsort(self.time_s, kind="stable")
        ordered = self.time_s[order]
        begins = np.searchsorted(ordered, times_s, side="left")
        ends = np.searchsorted(ordered, times_s, side="right")
        for begin, end in zip(begins, ends, strict=True):
            rows = order[begin:end]
            yield Points(self.time_s[rows], self.number[rows], self.position_m[rows])


def moments(tracks: Points, truths: Points) -> Iterator[tuple[float, Points, Points]]:
    """Time, tracks and truths of every moment at which there is one or the other."""
    times_s = np.union1d(tracks.time_s, truths.time_s)
    yield from zip(times_s.tolist(), tracks.at(times_s), truths.at(times_s), strict=True)


def gospa_over_time(
    tracks: Points, truths: Points, cutoff_m: float, order: float = 2.0
) -> Sequence[Gospa]:
    """:func:`gospa` of every moment, in the order of time."""
    return [
        gospa(here.position_m, there.position_m, cutoff_m, order)
        for _, here, there in moments(tracks, truths)
    ]
