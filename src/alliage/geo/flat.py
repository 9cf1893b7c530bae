"""Distances on a plane that touches the earth: for many near points, where a metre does not matter.

A degree of latitude is taken as long as on a sphere of :data:`EARTH_M`. Within 100 km and below 75
degrees of latitude a distance is less than 0.7 % wrong, as a test measures against the geodesics of
geodesic.py.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

EARTH_M: Final = 6_371_008.8
"""Mean radius of the earth (IUGG)."""


def offset_m(
    from_latitude_deg: ArrayLike,
    from_longitude_deg: ArrayLike,
    to_latitude_deg: ArrayLike,
    to_longitude_deg: ArrayLike,
) -> tuple[Floats, Floats]:
    """Metres to the east and to the north from one point to another. All arguments broadcast."""
    lat, to_lat = np.asarray(from_latitude_deg), np.asarray(to_latitude_deg)
    turned = np.asarray(to_longitude_deg) - np.asarray(from_longitude_deg)
    turned = (turned + 180.0) % 360.0 - 180.0
    east = np.radians(turned) * EARTH_M * np.cos(np.radians((lat + to_lat) / 2.0))
    return np.asarray(east), np.asarray(np.radians(to_lat - lat) * EARTH_M)


def distance_m(
    from_latitude_deg: ArrayLike,
    from_longitude_deg: ArrayLike,
    to_latitude_deg: ArrayLike,
    to_longitude_deg: ArrayLike,
) -> Floats:
    """Metres from one point to another. All arguments broadcast."""
    return np.asarray(
        np.hypot(
            *offset_m(from_latitude_deg, from_longitude_deg, to_latitude_deg, to_longitude_deg)
        )
    )


def moved(
    latitude_deg: ArrayLike, longitude_deg: ArrayLike, east_m: ArrayLike, north_m: ArrayLike
) -> tuple[Floats, Floats]:
    """Latitude and longitude of what is so many metres away. All arguments broadcast."""
    lat = np.asarray(latitude_deg) + np.degrees(np.asarray(north_m) / EARTH_M)
    shrink = np.maximum(np.cos(np.radians(lat)), 1e-6)
    lon = np.asarray(longitude_deg) + np.degrees(np.asarray(east_m) / (EARTH_M * shrink))
    return np.asarray(lat), np.asarray((lon + 180.0) % 360.0 - 180.0)


def distance_to_line_m(latitude_deg: ArrayLike, longitude_deg: ArrayLike, line: Floats) -> Floats:
    """Metres from each point to the nearest part of a line.

    Args:
        latitude_deg: of the points, (n,).
        longitude_deg: the same.
        line: its corners as longitude and latitude in degrees, (m, 2); m at least 1.

    Returns:
        (n,).
    """
    lat, lon = np.atleast_1d(latitude_deg)[:, None], np.atleast_1d(longitude_deg)[:, None]
    east, north = offset_m(lat, lon, line[None, :, 1], line[None, :, 0])  # (n, m)
    if line.shape[0] == 1:
        return np.asarray(np.hypot(east[:, 0], north[:, 0]))
    de, dn = np.diff(east, axis=1), np.diff(north, axis=1)
    length2 = np.maximum(de**2 + dn**2, 1e-9)
    along = np.clip(-(east[:, :-1] * de + north[:, :-1] * dn) / length2, 0.0, 1.0)
    return np.asarray(np.hypot(east[:, :-1] + along * de, north[:, :-1] + along * dn).min(axis=1))


def turn_deg(from_deg: ArrayLike, to_deg: ArrayLike) -> Floats:
    """By how much a direction turned, in [-180, 180); positive to starboard."""
    return np.asarray((np.asarray(to_deg) - np.asarray(from_deg) + 180.0) % 360.0 - 180.0)
