"""What the tracker takes in: scans of sensors, each a set of plots at one moment.

A *plot* is one measurement of a sensor that does not know what it measures: a position, a range
with a bearing, or a bearing alone. A *scan* is everything that a sensor measured in one look, also
when that is nothing: a look that misses a thing tells something about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np

from alliage.fusion.matrices import Floats, is_positive_definite


class Kind(StrEnum):
    """What the plots of a scan are."""

    POSITION = "position"  # east_m, north_m
    RANGE_BEARING = "range_bearing"  # range_m, bearing_rad: clockwise from the frame's north
    BEARING = "bearing"  # bearing_rad


COMPONENTS: Final = {Kind.POSITION: 2, Kind.RANGE_BEARING: 2, Kind.BEARING: 1}


@dataclass(frozen=True)
class Sensor:
    """What the tracker knows of a sensor.

    Args:
        name: also decides the order of scans of the same moment.
        detection_probability: that a look gives a plot of a thing within reach, in (0, 1).
        clutter_per_m2: expected number of false plots in a look and square metre (positions,
            ranges with bearings).
        clutter_per_rad: the same for each radian (bearings alone).
        max_range_m: how far it reaches; what is farther is not missed when it is not seen.
    """

    name: str
    detection_probability: float = 0.9
    clutter_per_m2: float = 1e-6
    clutter_per_rad: float = 1.0
    max_range_m: float | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.detection_probability < 1.0:
            raise ValueError(
                f"sensor {self.name!r}: detection_probability is {self.detection_probability}, "
                "it must lie between 0 and 1 and be neither"
            )
        if not (self.clutter_per_m2 > 0.0 and self.clutter_per_rad > 0.0):
            raise ValueError(f"sensor {self.name!r}: clutter densities must be positive")
        if self.max_range_m is not None and not self.max_range_m > 0.0:
            raise ValueError(f"sensor {self.name!r}: max_range_m must be positive")


@dataclass(frozen=True, eq=False)
class Scan:
    """The plots of one look of a sensor.

    Args:
        time_s: moment of the look, on any scale that all scans share.
        sensor: who looked.
        kind: what the rows of ``values`` are.
        values: (k, 2) or, for bearings alone, (k, 1); k may be 0.
        noise: covariance of each row (k, c, c), or one for all (c, c).
        sensor_position_m: where the sensor was, east and north (2,).
        share: part of the look's plots that is here: a look with plots of several kinds is one scan
            of each, one after the other, and a thing gives a plot in one of them at most.
        share_before: part of the look's plots in its scans before this one.
        turn_s: how long a turn of the sensor takes that ends at ``time_s`` and meets what it sees
            one after the other, clockwise; None: it sees all at that time.
        turn_begins_rad: where the turn begins and ends, clockwise from the frame's north.

    Raises:
        ValueError: a value is not finite, a covariance not positive definite, a shape wrong.

    Rows are put into an order that depends on their values alone, so that the order in which they
    came changes nothing.
    """

    time_s: float
    sensor: Sensor
    kind: Kind
    values: Floats
    noise: Floats
    sensor_position_m: Floats = field(default_factory=lambda: np.zeros(2))
    share: float = 1.0
    share_before: float = 0.0
    turn_s: float | None = None
    turn_begins_rad: float = 0.0

    def __post_init__(self) -> None:
        size = COMPONENTS[self.kind]
        values = np.asarray(self.values, dtype=np.float64)
        if not values.size:
            values = np.empty((0, size))
        given = np.asarray(self.noise, dtype=np.float64)
        place = np.asarray(self.sensor_position_m, dtype=np.float64)
        wrong = _what_is_wrong(self.time_s, self.kind, values, given, place)
        if not (0.0 < self.share <= 1.0 and 0.0 <= self.share_before <= 1.0 - self.share + 1e-9):
            wrong = "0 < share and 0 <= share_before must hold, and their sum be 1 at most"
        if self.turn_s is not None and not (
            self.turn_s > 0.0 and np.isfinite(self.turn_begins_rad)
        ):
            wrong = "turn_s must be positive and turn_begins_rad finite"
        if wrong:
            raise ValueError(f"scan of {self.sensor.name!r} at {self.time_s} s: {wrong}")
        noise = np.broadcast_to(given, (len(values), size, size))
        order = np.lexsort([*noise.reshape(len(values), size * size).T, *values.T])
        object.__setattr__(self, "values", values[order])
        object.__setattr__(self, "noise", noise[order])
        object.__setattr__(self, "sensor_position_m", place)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def clutter_density(self) -> Floats:
        """Expected false plots (k,) in a unit of measurement space at each plot."""
        if self.kind is Kind.BEARING:
            return np.full(len(self), self.sensor.clutter_per_rad)
        if self.kind is Kind.RANGE_BEARING:  # a square metre is range times radian
            return self.sensor.clutter_per_m2 * np.maximum(self.values[:, 0], 1.0)
        return np.full(len(self), self.sensor.clutter_per_m2)


def _what_is_wrong(
    time_s: float, kind: Kind, values: Floats, noise: Floats, place: Floats
) -> str | None:
    """What keeps a scan from being used, in words."""
    size = COMPONENTS[kind]
    if values.ndim != 2 or values.shape[1] != size:
        return f"values of kind {kind} are rows of {size}, not an array {values.shape}"
    if noise.shape not in {(size, size), (len(values), size, size)}:
        return f"noise is {size} x {size}, once or for each row, not an array {noise.shape}"
    if place.shape != (2,) or not np.isfinite(place).all():
        return "sensor_position_m must be two finite numbers"
    if not (np.isfinite(time_s) and np.isfinite(values).all()):
        return "a time or value is not finite"
    if kind is Kind.RANGE_BEARING and (values[:, 0] < 0.0).any():
        return "a range is negative"
    if not is_positive_definite(noise.reshape(-1, size, size)).all():
        return "a covariance is not symmetric and positive definite"
    return None
