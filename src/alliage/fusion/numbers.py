"""The numbers of tracks: none is given twice, and going back for a late scan gives the same ones.

A track is known by the plot it began with: when a scan is worked on again, what begins with the
same plot has the same number, and what begins with another plot has a new one. But a late scan may
hold an earlier plot of something that had begun after it, or no plot of something that had just
begun; then a track that nobody was told of stands, in the end, where one stood that was. It takes
that one's number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np

from alliage.fusion.matrices import Floats, Ints
from alliage.fusion.modes import combined
from alliage.fusion.motion import POSITION
from alliage.fusion.nearest import assign
from alliage.fusion.tracks import Tracks

NEAR: Final = 9.21
"""Squared Mahalanobis distance up to which a track may continue another: 99 % of chi-square."""

FOR_ITS_OWN: Final = 1.0
"""What a track's own number counts, in logarithms of likelihood, where another fits as well."""

SUFFICIENT: Final = 100.0
"""Makes every gain positive: as many as can be are continued, and the best in sum."""


class Numbers:
    """Gives numbers out, from 1 on."""

    def __init__(self) -> None:
        self._next = 1

    def name(self, tracks: Tracks, of_plots: Ints) -> Tracks:
        """The same tracks, each new one with its number.

        Args:
            tracks: new ones bear ``-1 - p`` for the plot p that they began with.
            of_plots: numbers that were given for plots of this scan (k,), 0 where none was; what
                is given now is put in. One that has since passed to another track is not given.
        """
        rows = np.flatnonzero(tracks.number < 0)
        if not len(rows):
            return tracks
        plots = -1 - tracks.number[rows]
        given = of_plots[plots]
        fresh = plots[(given == 0) | np.isin(given, tracks.number)]
        of_plots[fresh] = self._next + np.arange(len(fresh))
        self._next += len(fresh)
        number = tracks.number.copy()
        number[rows] = of_plots[plots]
        return replace(tracks, number=number)


class Renaming:
    """Numbers that change places."""

    def __init__(self, given: dict[int, int]) -> None:
        """``given`` says for some numbers which they become, each another's of them or free."""
        self._given = given

    @classmethod
    def of_all(cls, several: Iterable[Renaming]) -> Renaming:
        """Several together, of tables that share no number."""
        given: dict[int, int] = {}
        for one in several:
            given |= one._given
        return cls(given)

    def __bool__(self) -> bool:
        return bool(self._given)

    def __call__(self, number: Ints) -> Ints:
        """The numbers after it, of the same shape."""
        after = number.copy()
        for old, new in self._given.items():
            after[number == old] = new
        return after


def continuing(before: Tracks, after: Tracks, older: Ints) -> Renaming:
    """What the tracks after going back are to be called.

    Args:
        before: what was said to stand, before the late scan came.
        after: what stands now, at the same time.
        older: numbers of the tracks that had begun before the late scan; those that were told of
            and still stand are what they were.
    """
    told_of = before.number[before.confirmed]
    stays = np.isin(after.number, older) & np.isin(after.number, told_of)
    gone = ~np.isin(before.number, after.number[stays])
    told, now = before.select(before.confirmed & gone), after.select(~stays)
    pairs = _pairs(told, now)
    partner = {int(told.number[i]): int(now.number[j]) for i, j in pairs}
    changed = {new: old for old, new in partner.items() if old != new}
    # Who bears a number that is taken gets one that has become free.
    taken = sorted(set(changed.values()) - set(changed))
    free = sorted(set(changed) - set(changed.values()))
    return Renaming(changed | dict(zip(taken, free, strict=True)))


def _pairs(told: Tracks, now: Tracks) -> list[tuple[int, int]]:
    """Rows of both that are one thing's."""
    if not (len(told) and len(now)):
        return []
    (here, spread), (there, _) = _places(told), _places(now)
    apart = there[None] - here[:, None]
    distance = np.einsum("ijk,ikl,ijl->ij", apart, np.linalg.inv(spread), apart)
    own = FOR_ITS_OWN * (told.number[:, None] == now.number)
    gain = SUFFICIENT + np.log(now.existence) - 0.5 * distance + own
    i, j = np.nonzero(distance <= NEAR)
    chosen = assign(i, j, gain[i, j])
    return list(zip(i[chosen].tolist(), j[chosen].tolist(), strict=True))


def _places(tracks: Tracks) -> tuple[Floats, Floats]:
    mean, spread = combined(tracks.states, tracks.covariances, tracks.weights)
    return mean[:, POSITION], spread[:, POSITION, POSITION]
