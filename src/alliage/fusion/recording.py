"""What a tracker said, in the order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from alliage.fusion.metrics.consistency import Consistency, consistency
from alliage.fusion.step import Estimates


class Recording:
    """Estimates of every scan; what a late scan revised replaces what was said before."""

    def __init__(self) -> None:
        self._said: list[Estimates] = []

    def add(self, estimates: Iterable[Estimates]) -> None:
        """Keep what :meth:`alliage.fusion.tracker.Tracker.process` gave for one scan."""
        fresh = list(estimates)
        revised = max(len(fresh) - 1, 0)  # scans that follow the late one were worked on again
        del self._said[len(self._said) - revised :]
        self._said += fresh

    def __iter__(self) -> Iterator[Estimates]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)

    def nis(self) -> dict[int, Consistency]:
        """Whether innovations are as large as the filters say, by degrees of freedom."""
        by_degrees: dict[int, list[Estimates]] = {}
        for one in self._said:
            by_degrees.setdefault(one.components, []).append(one)
        return {
            degrees: consistency(np.concatenate([one.nis for one in said]), degrees)
            for degrees, said in sorted(by_degrees.items())
        }
