"""Distance and bearing on a sphere: for finding what is near, within 0.6 % of the ellipsoid."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the Earth (IUGG; Moritz, Geodetic Reference System 1980, 2000)."""

Degrees = NDArray[np.float64]


def distances_m(
    latitude_deg: float, longitude_deg: float, lat: Degrees, lon: Degrees
) -> NDArray[np.float64]:
    """Great-circle distances from a point by the haversine formula; NaN stays NaN.

    Args:
        latitude_deg: of the point.
        longitude_deg: of the point.
        lat: degrees, shape (n,).
        lon: degrees, shape (n,).
    """
    here, there = np.radians(latitude_deg), np.radians(lat)
    half_lat = np.sin((there - here) / 2) ** 2
    half_lon = np.sin(np.radians(lon - longitude_deg) / 2) ** 2
    chord = half_lat + np.cos(here) * np.cos(there) * half_lon
    found: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    return found


def bearing_deg(from_lat: float, from_lon: float, to_lat: float, to_lon: float) -> float:
    """Initial bearing of the great circle from one point to another, 0 to below 360."""
    here, there = np.radians(from_lat), np.radians(to_lat)
    turn = np.radians(to_lon - from_lon)
    east = np.sin(turn) * np.cos(there)
    north = np.cos(here) * np.sin(there) - np.sin(here) * np.cos(there) * np.cos(turn)
    return float(np.degrees(np.arctan2(east, north)) % 360.0)
