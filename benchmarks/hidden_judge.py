"""How well tracks follow ships whose names they do not know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from alliage.fusion.nearest import assign
from benchmarks.hidden_ships import Hidden

CUTOFF_M: Final = 150.0
PLOTS_AT_LEAST: Final = 5
"""Of a ship with fewer nobody could say that she was followed."""

Told = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Numbers (n,) and positions (n, 2) of the tracks after a look."""


@dataclass
class Kind:
    """Figures of the ships that move, or of those at rest."""

    ships: int = 0
    recovered: int = 0  # one track follows it in more than half of the looks of its life
    looks: int = 0
    followed: int = 0  # looks in which any track does
    switches: int = 0  # from one track to another
    breaks: int = 0  # followed, then not, then again


@dataclass
class Figures:
    """What a judge says of a tracker on one recording."""

    moving: Kind
    at_rest: Kind
    too_few_plots: int
    tracks: int
    false_tracks: int  # of the tracks: with no ship near in more than half of their looks
    false_share: float  # of all tracks at all looks: with no ship near
    cpu_s: float = 0.0


def judge(hidden: Hidden, told: Sequence[Told]) -> Figures:
    """Give tracks to ships look by look, one to one and nearest in sum, and count."""
    followers: dict[int, list[int]] = {ship: [] for ship in hidden.plots}
    of_track: Counter[int] = Counter()
    alone: Counter[int] = Counter()
    for look, (number, place) in zip(hidden.looks, told, strict=True):
        track, ship = matched(place, look.place_m)
        follower = np.full(len(look.ship), -1)
        follower[ship] = number[track]
        for one, by in zip(look.ship.tolist(), follower.tolist(), strict=True):
            followers[one].append(by)
        of_track.update(number.tolist())
        alone.update(np.delete(number, track).tolist())
    kinds = {True: Kind(), False: Kind()}
    few = 0
    for one, followed in followers.items():
        if hidden.plots[one] < PLOTS_AT_LEAST:
            few += 1
        else:
            count(kinds[hidden.moving[one]], np.array(followed))
    false = sum(2 * alone[track] > looks for track, looks in of_track.items())
    share = alone.total() / max(1, of_track.total())
    return Figures(kinds[True], kinds[False], few, len(of_track), false, share)


def matched(tracks: Any, ships: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of tracks and of ships that belong together: closer than the cutoff, best in sum."""
    nothing = np.empty(0, np.int64)
    if not len(tracks) or not len(ships):
        return nothing, nothing
    near = cKDTree(tracks).sparse_distance_matrix(
        cKDTree(ships), CUTOFF_M, output_type="coo_matrix"
    )
    order = np.lexsort([near.col, near.row])
    track, ship = near.row[order].astype(np.int64), near.col[order].astype(np.int64)
    chosen = assign(track, ship, CUTOFF_M**2 - near.data[order] ** 2)
    return track[chosen], ship[chosen]


def count(kind: Kind, by: NDArray[np.int64]) -> None:
    """Add a ship that these tracks followed, look after look; -1: none."""
    held = by[by >= 0]
    most = int(np.unique(held, return_counts=True)[1].max(initial=0))
    followed = (by >= 0).astype(np.int8)
    kind.ships += 1
    kind.recovered += 2 * most > len(by)
    kind.looks += len(by)
    kind.followed += len(held)
    kind.switches += int((np.diff(held) != 0).sum())
    kind.breaks += max(0, int((np.diff(followed, prepend=0) == 1).sum()) - 1)
