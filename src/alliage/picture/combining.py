"""Source tracks of one object, as one reader sees them, made into one state.

Covariance intersection of the filters of all visible source tracks that were heard lately and
agree with the one with which most others do; the latest of two that contradict each other. So a
source that says something else, a radar that is turned wrongly or a transponder that lies, does not
bend the others, and does not take the picture from two that agree.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliage.fusion.covariance_intersection import agree, intersect
from alliage.fusion.keyed import Moving
from alliage.fusion.matrices import Bools, Floats, Ints, largest_eigenvalue
from alliage.fusion.track_table import error_ellipses
from alliage.picture.columns import NO_TIME
from alliage.picture.estimates import PLACE, VELOCITY, Motions, states_at, to_degrees
from alliage.picture.tracks import SourceTracks

Rows = NDArray[np.intp]

FRESH_S: Final = 300.0
"""What was last heard longer than this before the latest report says little of where a thing is."""
SLACK_M: Final = 100.0
"""How far sensors that are not aligned may be apart beyond what they say of themselves."""


class Combined(NamedTuple):
    """States of m objects. Rows whose ``used`` is less than 2 have no state of their own."""

    used: Ints  # (m,), source tracks that went into it
    columns: dict[str, Floats]  # (m,) each, named as the columns of the picture's objects
    share: Floats  # (k,), what each source track weighs; NaN: it was left out
    usable: Bools  # (k,), whether it was heard lately
    agrees: Bools  # (k,), whether it may be where most, or else the latest, are


class Weight(NamedTuple):
    """What a source track counts for its object's position; see ``SourceTrackState``."""

    share: float | None = None
    agrees: bool | None = None


class Combiner:
    """Combines source tracks. Used under the picture's lock."""

    def __init__(self, tracks: SourceTracks, motions: Motions) -> None:
        self._tracks = tracks
        self._motions = motions

    def combine(self, best: Rows, members: Rows, of: Ints) -> Combined:
        """Combine.

        Args:
            best: of each object (m,) the source track whose position is the latest.
            members: source tracks (k,) of the objects, object after object.
            of: which object each is of (k,), ascending.
        """
        tracks, count = self._tracks, len(best)
        lat, lon = tracks.lat[best], tracks.lon[best]
        now_us = tracks.valid_us[best].astype(np.float64)
        usable = self._usable(best, members, of)
        rows = np.flatnonzero(usable)
        at = of[rows]
        moving = states_at(tracks, self._motions, members[rows], lat[at], lon[at], now_us[at])
        latest = _rows_of_best(members[rows], at, best)
        leads = np.where(latest >= 0, _most_agreed(moving, at, latest), -1)
        within = np.zeros(len(rows), np.bool_)
        has = leads[at] >= 0
        within[has] = agree(_taken(moving, leads[at[has]]), _taken(moving, has), SLACK_M)
        rows, at, moving = rows[within], at[within], _taken(moving, within)
        agrees = np.zeros(len(members), np.bool_)
        agrees[rows] = True
        used = np.bincount(at, minlength=count).astype(np.int64)
        several = used[at] > 1
        rows, at, moving = rows[several], at[several], _taken(moving, several)
        share = np.full(len(members), np.nan)
        objects, number = np.unique(at, return_inverse=True)
        fused = intersect(moving, number, len(objects))
        share[rows] = fused.share
        columns = self._columns(objects, count, lat, lon, fused.moving)
        return Combined(used, columns, share, usable, agrees)

    def weights(self, best: int, members: Rows) -> list[Weight]:
        """What each source track of one object counts."""
        of = np.zeros(len(members), np.int64)
        found = self.combine(np.array([best]), members, of)
        return [
            Weight(None if np.isnan(share) else float(share), bool(agrees) if usable else None)
            for share, usable, agrees in zip(found.share, found.usable, found.agrees, strict=True)
        ]

    def _usable(self, best: Rows, members: Rows, of: Ints) -> Bools:
        tracks = self._tracks
        since_us = tracks.valid_us[best][of] - np.int64(FRESH_S * 1e6)
        heard_us = tracks.filter_us[members]
        usable = np.asarray((heard_us != NO_TIME) & (heard_us >= since_us))
        rows = np.flatnonzero(usable)
        usable[rows[self._said_again(members[rows], of[rows])]] = False
        return usable

    def _said_again(self, members: Rows, of: Ints) -> Bools:
        """What the same stream tells of the same thing later, under other labels: one witness."""
        tracks = self._tracks
        keys = tracks.filter_us[members], tracks.identifier[members], tracks.stream[members], of
        order = np.lexsort(keys)
        same = np.ones(max(0, len(order) - 1), np.bool_)
        for key in keys[1:]:
            same &= key[order][1:] == key[order][:-1]
        found = np.zeros(len(members), np.bool_)
        found[order[:-1][same]] = True
        return found

    def _columns(
        self, objects: Ints, count: int, lat: Floats, lon: Floats, moving: Moving
    ) -> dict[str, Floats]:
        place_lat, place_lon = to_degrees(lat[objects], lon[objects], moving.states[:, PLACE])
        east, north = moving.states[:, VELOCITY].T
        ellipse = error_ellipses(moving.covariances[:, PLACE, PLACE])
        speed = np.hypot(east, north)
        # What is slower than its velocity is known goes nowhere in particular.
        spread = moving.covariances[:, VELOCITY, VELOCITY]
        known = speed > np.sqrt(largest_eigenvalue(spread))
        course = np.where(known, np.degrees(np.arctan2(east, north)) % 360.0, np.nan)
        found = {
            "lat": place_lat,
            "lon": place_lon,
            "std": ellipse["position_std_m"],
            "minor": ellipse["position_minor_std_m"],
            "axis": ellipse["position_axis_deg"],
            "speed": speed,
            "course": course,
        }
        columns = {name: np.full(count, np.nan) for name in found}
        for name, values in found.items():
            columns[name][objects] = values
        return columns


def _rows_of_best(members: Rows, of: Ints, best: Rows) -> Ints:
    """Of each object the row of its latest source track among these; -1 where it is not there."""
    rows = np.full(len(best), -1, np.int64)
    is_best = np.flatnonzero(members == best[of])
    rows[of[is_best]] = is_best
    return rows


def _most_agreed(moving: Moving, of: Ints, latest: Ints) -> Ints:
    """Of each object the row with which most of its rows agree; the latest where no other has more.

    Two that contradict each other leave it at the latest: only three or more are asked.
    """
    found = latest.copy()
    sizes = np.bincount(of, minlength=len(latest))
    several = np.flatnonzero(sizes[of] > 2)
    if not len(several):
        return found
    size = sizes[of[several]]
    one = np.repeat(several, size)
    begins = np.repeat(np.searchsorted(of, of[several]), size)
    two = begins + np.arange(len(one)) - np.repeat(np.cumsum(size) - size, size)
    votes = np.bincount(one, agree(_taken(moving, one), _taken(moving, two), SLACK_M), len(of))
    best = np.where(np.arange(len(of)) == latest[of], votes + 0.5, votes)[several]
    order = several[np.lexsort((-best, of[several]))]
    objects, first = np.unique(of[order], return_index=True)
    found[objects] = order[first]
    return found


def _taken(moving: Moving, rows: Bools | Ints) -> Moving:
    return Moving(moving.states[rows], moving.covariances[rows])
