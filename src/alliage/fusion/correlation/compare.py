"""Two source tracks at one moment: how far apart they are, and how far they might be.

Whichever report is the older is predicted to the time of the newer one, by its own speed and with
white noise of acceleration (Bar-Shalom, Li, Kirubarajan 2001, 6.2.2).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from alliage.fusion.correlation.rows import SourceRows
from alliage.fusion.correlation.settings import CorrelationSettings
from alliage.fusion.frame import ECCENTRICITY_SQUARED, SEMI_MAJOR_M
from alliage.fusion.matrices import Bools, Floats, Ints

COURSE_STD: Final = 0.05
"""What a course's error adds to that of the velocity, as a part of the speed."""


Sensors = tuple[tuple[float, float] | None, tuple[float, float] | None]
"""Latitude and longitude of the one sensor, if it is one that stands still, from which each of two
streams sees its things by range and bearing."""


class Motion(NamedTuple):
    """East and north velocities (n, 2), their variance along each axis (n,), whether known (n,)."""

    velocity: Floats
    variance: Floats
    is_known: Bools


class Comparison(NamedTuple):
    """The one less the other, by pair: metres and m/s east and north."""

    offset: Floats  # (p, 2)
    covariance: Floats  # (p, 3): east-east, east-north, north-north
    velocity_offset: Floats  # (p, 2)
    velocity_variance: Floats  # (p,)
    velocity: Floats  # (p, 2): the mean of both
    lever: Floats  # (p, 4): where it is from the sensor of the one, and from that of the other
    is_moving_known: Bools  # (p,)

    def where(self, chosen: Bools) -> Comparison:
        """Some of the pairs."""
        return Comparison(
            self.offset[chosen],
            self.covariance[chosen],
            self.velocity_offset[chosen],
            self.velocity_variance[chosen],
            self.velocity[chosen],
            self.lever[chosen],
            self.is_moving_known[chosen],
        )


def motion_of(rows: SourceRows, settings: CorrelationSettings) -> Motion:
    """How these rows move. What says no speed is taken to lie still, more or less."""
    known = np.isfinite(rows.speed_mps) & (np.isfinite(rows.course_deg) | (rows.speed_mps < 0.3))
    speed = np.where(known, rows.speed_mps, 0.0)
    course = np.radians(np.where(np.isfinite(rows.course_deg), rows.course_deg, 0.0))
    std = np.where(np.isfinite(rows.speed_std_mps), rows.speed_std_mps, settings.speed_std_mps)
    variance = np.where(
        known, std**2 + (COURSE_STD * speed) ** 2, settings.unknown_speed_std_mps**2
    )
    return Motion(speed[:, None] * np.stack([np.sin(course), np.cos(course)], 1), variance, known)


def position_covariance(rows: SourceRows, settings: CorrelationSettings) -> Floats:
    """East-east, east-north and north-north of each position (n, 3)."""
    major = np.where(rows.std_m > 0.0, rows.std_m, settings.position_std_m) ** 2
    minor = np.where(rows.minor_std_m > 0.0, rows.minor_std_m**2, major)
    axis = np.radians(np.where(np.isfinite(rows.axis_deg), rows.axis_deg, 0.0))
    sine, cosine = np.sin(axis), np.cos(axis)
    return np.stack(
        [
            major * sine**2 + minor * cosine**2,
            (major - minor) * sine * cosine,
            major * cosine**2 + minor * sine**2,
        ],
        axis=1,
    )


def compare(
    one: SourceRows,
    other: SourceRows,
    moves: tuple[Motion, Motion],
    i: Ints,
    j: Ints,
    settings: CorrelationSettings,
    sensors: Sensors = (None, None),
) -> Comparison:
    """Compare row ``i`` of the one with row ``j`` of the other, each (p,)."""
    mine, yours = moves
    wait = one.time_s[i] - other.time_s[j]
    age_one, age_other = np.maximum(-wait, 0.0), np.maximum(wait, 0.0)
    ahead = mine.velocity[i] * age_one[:, None] - yours.velocity[j] * age_other[:, None]
    offset = _offset(one, other, i, j) + ahead
    covariance = position_covariance(one, settings)[i] + position_covariance(other, settings)[j]
    grown = _grown(mine.variance[i], age_one, settings)
    grown = grown + _grown(yours.variance[j], age_other, settings)
    covariance[:, 0] += grown
    covariance[:, 2] += grown
    change = settings.acceleration_psd * np.abs(wait)
    return Comparison(
        offset=offset,
        covariance=covariance,
        velocity_offset=mine.velocity[i] - yours.velocity[j],
        velocity_variance=mine.variance[i] + yours.variance[j] + change,
        velocity=0.5 * (mine.velocity[i] + yours.velocity[j]),
        lever=np.concatenate([_from(sensors[0], one, i), _from(sensors[1], other, j)], axis=1),
        is_moving_known=mine.is_known[i] & yours.is_known[j],
    )


def _grown(variance: Floats, age_s: Floats, settings: CorrelationSettings) -> Floats:
    return variance * age_s**2 + settings.acceleration_psd * age_s**3 / 3.0


def _offset(one: SourceRows, other: SourceRows, i: Ints, j: Ints) -> Floats:
    """East and north from the other to the one (p, 2), by the radii of curvature between them."""
    return _between(
        (one.latitude_deg[i], one.longitude_deg[i]), (other.latitude_deg[j], other.longitude_deg[j])
    )


def _from(sensor: tuple[float, float] | None, rows: SourceRows, at: Ints) -> Floats:
    """East and north from a sensor to some rows (p, 2); nothing where there is no sensor."""
    if sensor is None:
        return np.zeros((len(at), 2))
    lat, lon = (np.full(len(at), place) for place in sensor)
    return _between((rows.latitude_deg[at], rows.longitude_deg[at]), (lat, lon))


def _between(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Floats:
    latitude = np.radians(0.5 * (one[0] + other[0]))
    bend = 1.0 - ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    across = SEMI_MAJOR_M / np.sqrt(bend) * np.cos(latitude)
    along = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / bend**1.5
    east = (one[1] - other[1] + 180.0) % 360.0 - 180.0
    north = one[0] - other[0]
    return np.stack([np.radians(east) * across, np.radians(north) * along], axis=1)
