"""Whether what a tracker follows has gone from where it was: its own trail says so.

A radar knows places better than speeds: a boat of four knots is slower than what may be wrong
about its velocity, and after some minutes it is far from where it was all the same.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.geo.flat import distance_m
from alliage.picture.tracks import SourceTracks

Rows = NDArray[np.intp]
Floats = NDArray[np.float64]

SURELY: Final = 4.0
"""How many standard deviations of the way between two places it has to have gone."""
AGE_US: Final = (60_000_000, 360_000_000)
"""From how long ago places are compared with: within a minute little is gone, and what rests may
wander in hours."""


def has_gone(
    tracks: SourceTracks, rows: Rows, at_us: NDArray[np.int64], lat: Floats, lon: Floats,
    std_m: Floats, least_mps: float,
) -> NDArray[np.bool_]:  # fmt: skip
    """Of tracks (n,) whether they are far from where they were some minutes ago, (n,).

    Args:
        tracks: with their trails.
        rows: which, (n,).
        at_us: time of the last report of each, (n,).
        lat: where it was then, degrees, (n,).
        lon: likewise.
        std_m: standard deviation of that, along the longer axis, (n,); NaN for not known.
        least_mps: what is slower in the mean is at rest.
    """
    age_us = at_us[:, None] - tracks.trail_valid[rows]
    is_then = (age_us >= AGE_US[0]) & (age_us <= AGE_US[1])
    then_lat, then_lon = tracks.trail_lat[rows], tracks.trail_lon[rows]
    gone_m = distance_m(then_lat, then_lon, lat[:, None], lon[:, None])
    unsure_m = SURELY * np.sqrt(2.0) * np.where(np.isnan(std_m), np.inf, std_m)
    far = (gone_m > unsure_m[:, None]) & (gone_m > least_mps * age_us / 1e6)
    return np.asarray((is_then & far).any(axis=1))
