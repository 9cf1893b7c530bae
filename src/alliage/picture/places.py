"""Where things are now: last reports carried on with their speed and course, for measuring."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliage.picture.columns import NO_TIME
from alliage.picture.objects import Objects
from alliage.picture.quality import EARTH_M
from alliage.picture.tracks import SourceTracks

Rows = NDArray[np.intp]
Floats = NDArray[np.float64]

CARRIED_S: Final = 900.0
"""Nothing is carried on for longer than this: what keeps a course for so long stands then."""


class Places(NamedTuple):
    """Latitudes and longitudes in degrees, (n,) each."""

    lat: Floats
    lon: Floats


def carried_on(of: Objects | SourceTracks, rows: Rows, now_us: int) -> Places:
    """Objects or source tracks where they are now if they kept speed and course."""
    age_s = (now_us - np.maximum(of.valid_us[rows], NO_TIME // 2)) / 1e6
    age_s = np.clip(age_s, 0.0, CARRIED_S)
    moved_m = np.nan_to_num(of.speed[rows].astype(float)) * age_s
    course = np.radians(np.nan_to_num(of.course[rows].astype(float)))
    lat = of.lat[rows] + np.degrees(moved_m * np.cos(course) / EARTH_M)
    shrink = np.maximum(np.cos(np.radians(lat)), 1e-6)
    lon = of.lon[rows] + np.degrees(moved_m * np.sin(course) / (EARTH_M * shrink))
    return Places(lat, (lon + 180.0) % 360.0 - 180.0)
