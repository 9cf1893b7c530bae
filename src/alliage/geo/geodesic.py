"""Distances and directions along the ellipsoid WGS 84, for many points at once.

Source: T. Vincenty, Direct and Inverse Solutions of Geodesics on the Ellipsoid with Application of
Nested Equations, Survey Review XXIII (176), 1975. Good to a millimetre, for points that do not
lie on nearly opposite sides of the Earth.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

WGS84_EQUATOR_M: Final = 6_378_137.0
WGS84_FLATTENING: Final = 1 / 298.257223563
_POLE_M: Final = WGS84_EQUATOR_M * (1 - WGS84_FLATTENING)
_SECOND_ECCENTRICITY_SQUARED: Final = (WGS84_EQUATOR_M / _POLE_M) ** 2 - 1
_ROUNDS: Final = 6
"""Of the iteration. Each gains two digits or more, up to a quarter of the way round the Earth."""


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
    azimuth, distance = np.radians(bearing_deg), np.asarray(distance_m, np.float64)
    sin_azimuth, cos_azimuth = np.sin(azimuth), np.cos(azimuth)
    tan_start = (1 - WGS84_FLATTENING) * np.tan(np.radians(latitude_deg))
    cos_start = 1 / np.hypot(1.0, tan_start)
    sin_start = tan_start * cos_start
    from_equator = np.arctan2(tan_start, cos_azimuth)
    sin_equator = cos_start * sin_azimuth
    big_a, big_b = _series(1 - sin_equator**2)
    arc = distance / (_POLE_M * big_a)
    for _ in range(_ROUNDS):
        middle = np.cos(2 * from_equator + arc)
        arc = distance / (_POLE_M * big_a) + _arc_correction(big_b, arc, middle)
    middle = np.cos(2 * from_equator + arc)
    sin_arc, cos_arc = np.sin(arc), np.cos(arc)
    beside = sin_start * sin_arc - cos_start * cos_arc * cos_azimuth
    latitude = np.arctan2(
        sin_start * cos_arc + cos_start * sin_arc * cos_azimuth,
        (1 - WGS84_FLATTENING) * np.hypot(sin_equator, beside),
    )
    turned = np.arctan2(
        sin_arc * sin_azimuth, cos_start * cos_arc - sin_start * sin_arc * cos_azimuth
    )
    turned -= _longitude_correction(sin_equator, arc, middle)
    longitude = np.asarray(longitude_deg, np.float64) + np.degrees(turned)
    return np.degrees(latitude), (longitude + 180.0) % 360.0 - 180.0


def distance_and_bearing(
    from_latitude_deg: ArrayLike,
    from_longitude_deg: ArrayLike,
    to_latitude_deg: ArrayLike,
    to_longitude_deg: ArrayLike,
) -> tuple[Floats, Floats]:
    """Metres, and degrees from true north in [0, 360) at the start. All arguments broadcast."""
    start = np.arctan((1 - WGS84_FLATTENING) * np.tan(np.radians(from_latitude_deg)))
    end = np.arctan((1 - WGS84_FLATTENING) * np.tan(np.radians(to_latitude_deg)))
    sin_start, cos_start, sin_end, cos_end = np.sin(start), np.cos(start), np.sin(end), np.cos(end)
    between = np.radians(np.subtract(to_longitude_deg, from_longitude_deg))
    turned = between
    for _ in range(_ROUNDS):
        east = cos_end * np.sin(turned)
        north = cos_start * sin_end - sin_start * cos_end * np.cos(turned)
        sin_arc = np.hypot(east, north)
        cos_arc = sin_start * sin_end + cos_start * cos_end * np.cos(turned)
        arc = np.arctan2(sin_arc, cos_arc)
        sin_equator = _ratio(cos_start * cos_end * np.sin(turned), sin_arc)
        cos2_equator = 1 - sin_equator**2
        middle = cos_arc - _ratio(2 * sin_start * sin_end, cos2_equator)
        turned = between + _longitude_correction(sin_equator, arc, middle)
    big_a, big_b = _series(cos2_equator)
    distance = _POLE_M * big_a * (arc - _arc_correction(big_b, arc, middle))
    return distance, np.degrees(np.arctan2(east, north)) % 360.0


def _series(cos2_equator: Floats) -> tuple[Floats, Floats]:
    """Vincenty's A and B (equations 3 and 4)."""
    u2 = cos2_equator * _SECOND_ECCENTRICITY_SQUARED
    return (
        1 + u2 / 16_384 * (4_096 + u2 * (-768 + u2 * (320 - 175 * u2))),
        u2 / 1_024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2))),
    )


def _arc_correction(big_b: Floats, arc: Floats, middle: Floats) -> Floats:
    """Equation 6."""
    sin_arc, cos_arc = np.sin(arc), np.cos(arc)
    third = big_b / 6 * middle * (-3 + 4 * sin_arc**2) * (-3 + 4 * middle**2)
    second = big_b / 4 * (cos_arc * (-1 + 2 * middle**2) - third)
    return np.asarray(big_b * sin_arc * (middle + second))


def _longitude_correction(sin_equator: Floats, arc: Floats, middle: Floats) -> Floats:
    """Ellipsoid against sphere, radians (equations 10 and 11)."""
    cos2 = 1 - sin_equator**2
    c = WGS84_FLATTENING / 16 * cos2 * (4 + WGS84_FLATTENING * (4 - 3 * cos2))
    second = middle + c * np.cos(arc) * (-1 + 2 * middle**2)
    return np.asarray((1 - c) * WGS84_FLATTENING * sin_equator * (arc + c * np.sin(arc) * second))


def _ratio(above: Floats, below: Floats) -> Floats:
    """A quotient; 0 where both are, at the same point or along the equator."""
    below = np.asarray(below)
    return np.asarray(above / np.where(np.abs(below) < 1e-15, np.inf, below))
