"""A local frame: east and north of a place, in metres.

It is the plane that touches the WGS 84 ellipsoid at its origin, on which points of the ellipsoid
are dropped along the origin's vertical: the orthographic projection of the ellipsoid (IOGP
Guidance Note 7-2, method 9840). Both ways are closed formulae and exact. Lengths away from the
origin come out too short by the cosine of the angle at the earth's centre: 0.01 % at 100 km,
0.3 % at 500 km. Bearings at the origin are true; elsewhere :meth:`LocalFrame.true_north_rad`
says how the meridian leans.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from alliage.fusion.matrices import Floats

SEMI_MAJOR_M: Final = 6_378_137.0
FLATTENING: Final = 1.0 / 298.257223563
ECCENTRICITY_SQUARED: Final = FLATTENING * (2.0 - FLATTENING)


@dataclass(frozen=True)
class LocalFrame:
    """East and north, in metres, of a place on the WGS 84 ellipsoid."""

    latitude_deg: float
    longitude_deg: float

    def __post_init__(self) -> None:
        if not (abs(self.latitude_deg) <= 90.0 and abs(self.longitude_deg) <= 180.0):
            raise ValueError(
                f"the frame's origin is not on the earth: {self.latitude_deg}, {self.longitude_deg}"
            )

    def to_local(self, latitude_deg: Floats, longitude_deg: Floats) -> Floats:
        """Places in degrees, each (n,), as east and north in metres (n, 2).

        Places on the other half of the earth become NaN: they would fall onto this one's.
        """
        offset = (_geocentric(latitude_deg, longitude_deg) - self._origin) @ self._axes
        return np.where(offset[..., 2:] > -SEMI_MAJOR_M, offset[..., :2], np.nan)

    def to_degrees(self, east_north_m: Floats) -> tuple[Floats, Floats]:
        """East and north in metres (n, 2) as latitudes and longitudes in degrees, each (n,).

        Places beyond the earth's edge as the frame sees it, 6,000 km away, become NaN.
        """
        # The height u over the plane solves |scaled (origin + e E + n N + u U)| = 1.
        scale = np.array([1.0, 1.0, 1.0 / (1.0 - FLATTENING)]) / SEMI_MAJOR_M
        foot = (self._origin + east_north_m @ self._axes[:, :2].T) * scale
        upward = self._axes[:, 2] * scale
        square, half = upward @ upward, foot @ upward
        rest = np.einsum("ij,ij->i", foot, foot) - 1.0
        with np.errstate(invalid="ignore"):
            height = (-half + np.sqrt(half * half - square * rest)) / square
        x, y, z = ((foot + height[:, None] * upward) / scale).T
        latitude = np.arctan2(z, (1.0 - ECCENTRICITY_SQUARED) * np.hypot(x, y))
        return np.degrees(latitude), np.degrees(np.arctan2(y, x))

    def true_north_rad(self, latitude_deg: Floats, longitude_deg: Floats) -> Floats:
        """Direction of true north at places (n,), in the frame, clockwise from its north axis."""
        latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
        north = np.stack(
            [
                -np.sin(latitude) * np.cos(longitude),
                -np.sin(latitude) * np.sin(longitude),
                np.cos(latitude),
            ],
            axis=-1,
        )
        along = north @ self._axes[:, :2]
        return np.arctan2(along[..., 0], along[..., 1])

    @cached_property
    def _origin(self) -> Floats:
        return _geocentric(np.array(self.latitude_deg), np.array(self.longitude_deg))

    @cached_property
    def _axes(self) -> Floats:
        """Unit vectors east, north and up at the origin, as columns (3, 3)."""
        sin_lat, cos_lat = (
            np.sin(np.radians(self.latitude_deg)),
            np.cos(np.radians(self.latitude_deg)),
        )
        sin_lon, cos_lon = (
            np.sin(np.radians(self.longitude_deg)),
            np.cos(np.radians(self.longitude_deg)),
        )
        return np.array(
            [
                [-sin_lon, -sin_lat * cos_lon, cos_lat * cos_lon],
                [cos_lon, -sin_lat * sin_lon, cos_lat * sin_lon],
                [0.0, cos_lat, sin_lat],
            ]
        )


def _geocentric(latitude_deg: Floats, longitude_deg: Floats) -> Floats:
    """Places on the ellipsoid as geocentric metres (..., 3)."""
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    sine, cosine = np.sin(latitude), np.cos(latitude)
    radius = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY_SQUARED * sine * sine)
    return np.stack(
        [
            radius * cosine * np.cos(longitude),
            radius * cosine * np.sin(longitude),
            radius * (1.0 - ECCENTRICITY_SQUARED) * sine,
        ],
        axis=-1,
    )


def metres_per_degree(latitude_deg: Floats) -> tuple[Floats, Floats]:
    """How far a degree of latitude and one of longitude go at some latitudes, each (n,).

    From the radii of curvature of the WGS 84 ellipsoid. For steps of a few kilometres; at the
    poles, where a degree of longitude is nothing, that of a place a metre away is taken.
    """
    latitude = np.radians(latitude_deg)
    square = 1.0 - ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    meridian = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / square**1.5
    normal = SEMI_MAJOR_M / np.sqrt(square)
    radius = np.maximum(normal * np.cos(latitude), 1.0)
    return np.radians(meridian), np.radians(radius)
