"""Distances and directions along the ellipsoid WGS 84, for many points at once.

PROJ's geodesics, good to nanometres: C. F. F. Karney, Algorithms for geodesics, Journal of Geodesy
87, 2013.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from pyproj import Geod

Floats = NDArray[np.float64]


@cache
def _ellipsoid() -> Geod:
    from pyproj import Geod  # takes a tenth of a second, which no command owes that needs none

    return Geod(ellps="WGS84")


def destination(
    latitude_deg: ArrayLike, longitude_deg: ArrayLike, bearing_deg: ArrayLike, distance_m: ArrayLike
) -> tuple[Floats, Floats]:
    """Where one comes to. All arguments broadcast.

    Args:
        latitude_deg: where one starts.
        longitude_deg: the same.
        bearing_deg: which way one leaves, from true north.
        distance_m: how far one goes.

    Returns:
        Latitudes and longitudes, the latter in [-180, 180).
    """
    lon, lat, bearing, distance = _alike(longitude_deg, latitude_deg, bearing_deg, distance_m)
    end_lon, end_lat, _ = _ellipsoid().fwd(lon, lat, bearing, distance)
    return np.asarray(end_lat), (np.asarray(end_lon) + 180.0) % 360.0 - 180.0


def distance_and_bearing(
    from_latitude_deg: ArrayLike,
    from_longitude_deg: ArrayLike,
    to_latitude_deg: ArrayLike,
    to_longitude_deg: ArrayLike,
) -> tuple[Floats, Floats]:
    """Metres, and degrees from true north in [0, 360) at the start. All arguments broadcast."""
    lon, lat, to_lon, to_lat = _alike(
        from_longitude_deg, from_latitude_deg, to_longitude_deg, to_latitude_deg
    )
    bearing, _, distance = _ellipsoid().inv(lon, lat, to_lon, to_lat)
    return np.asarray(distance), np.asarray(bearing) % 360.0


def _alike(*values: ArrayLike) -> list[Floats]:
    """Arrays of one shape, each its own."""
    arrays = np.broadcast_arrays(*(np.asarray(value, np.float64) for value in values))
    return [np.array(one) for one in arrays]
