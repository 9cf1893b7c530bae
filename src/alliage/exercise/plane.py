"""Distances and directions between points near each other, on a sphere taken as flat there."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

LonLat = tuple[float, float]
Floats = NDArray[np.float64]

METRES_PER_DEGREE: Final = 111_195.0
"""Of latitude, on a sphere of 6,371 km: the simulator needs no better."""


def distance_m(here: LonLat, there: LonLat) -> float:
    """Metres between two points that are near each other."""
    return math.hypot(*offset_m(here, there))


def offset_m(here: LonLat, there: LonLat) -> tuple[float, float]:
    """Metres to the east and to the north from one point to another near it."""
    shrink = math.cos(math.radians((here[1] + there[1]) / 2))
    return (
        (there[0] - here[0]) * shrink * METRES_PER_DEGREE,
        (there[1] - here[1]) * METRES_PER_DEGREE,
    )


def moved(point: LonLat, towards_deg: float, by_m: float) -> LonLat:
    """Return the point ``by_m`` metres away in a direction."""
    angle = math.radians(towards_deg)
    lat = point[1] + by_m * math.cos(angle) / METRES_PER_DEGREE
    metres_per_degree_lon = METRES_PER_DEGREE * math.cos(math.radians(point[1]))
    return point[0] + by_m * math.sin(angle) / metres_per_degree_lon, lat


def shifted(lon: Floats, lat: Floats, east_m: Floats, north_m: Floats) -> tuple[Floats, Floats]:
    """Return points moved by metres; all of shape (n,)."""
    return (
        lon + east_m / (METRES_PER_DEGREE * np.cos(np.radians(lat))),
        lat + north_m / METRES_PER_DEGREE,
    )


def offsets_m(lon0: Floats, lat0: Floats, lon1: Floats, lat1: Floats) -> tuple[Floats, Floats]:
    """Metres to the east and to the north between points; all broadcast."""
    shrink = np.cos(np.radians((lat0 + lat1) / 2))
    return (lon1 - lon0) * shrink * METRES_PER_DEGREE, (lat1 - lat0) * METRES_PER_DEGREE
