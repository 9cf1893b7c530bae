"""A box of longitudes and latitudes, which may cross 180 degrees."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians
from typing import Final

import numpy as np
from numpy.typing import NDArray

METRES_A_DEGREE: Final = 111_195.0
"""Of latitude, on a sphere of 6,371 km."""


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in degrees; ``west > east`` means that it crosses 180 degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def of(cls, west: float, south: float, east: float, north: float) -> Box:
        """A box from a map's corners, whose longitudes may run on past 180 degrees.

        Raises:
            ValueError: not finite, a latitude out of range, or south above north.
        """
        if not np.isfinite([west, south, east, north]).all():
            raise ValueError("a box is four finite numbers: west, south, east, north")
        if not -90.0 <= south <= north <= 90.0:
            raise ValueError(
                f"latitudes {south!r} to {north!r} are not -90 <= south <= north <= 90"
            )
        if east - west >= 360.0:
            return cls(-180.0, south, 180.0, north)
        return cls(_wrapped(west), south, _wrapped(east), north)

    @classmethod
    def of_middle(
        cls, lon: NDArray[np.float64], lat: NDArray[np.float64], share: float
    ) -> Box | None:
        """Where this share of the points lies on each axis, as much left out on either side.

        Points are (n,) in degrees; none have no box. Longitudes are counted from their mean
        direction, so that points on both sides of 180 degrees have a small box across it.
        """
        if lon.size == 0:
            return None
        turned = np.exp(1j * np.radians(lon)).sum()
        origin = float(np.degrees(np.angle(turned)))
        ends = [(1.0 - share) / 2.0, (1.0 + share) / 2.0]
        west, east = np.quantile((lon - origin + 180.0) % 360.0 - 180.0, ends).tolist()
        south, north = np.quantile(lat, ends).tolist()
        return cls(_wrapped(origin + west), south, _wrapped(origin + east), north)

    def mask(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points lie in the box, its edge included; NaN never does. Same shape as input."""
        if self.west <= self.east:
            across = (lon >= self.west) & (lon <= self.east)
        else:
            across = (lon >= self.west) | (lon <= self.east)
        inside: NDArray[np.bool_] = across & (lat >= self.south) & (lat <= self.north)
        return inside

    def meets(
        self,
        west: NDArray[np.float64],
        south: NDArray[np.float64],
        east: NDArray[np.float64],
        north: NDArray[np.float64],
    ) -> NDArray[np.bool_]:
        """Which of these boxes, none of them across 180 degrees, have a point in common with it.

        One with NaN for a corner has none.
        """
        if self.west <= self.east:
            across = (east >= self.west) & (west <= self.east)
        else:
            across = (east >= self.west) | (west <= self.east)
        found: NDArray[np.bool_] = across & (north >= self.south) & (south <= self.north)
        return found

    def widened(self, metres: float) -> Box:
        """The box with everything that is so near to it, and at its corners somewhat more."""
        up = metres / METRES_A_DEGREE
        south, north = max(-90.0, self.south - up), min(90.0, self.north + up)
        across = up / max(cos(radians(max(abs(south), abs(north)))), 1e-3)
        east = self.east if self.west <= self.east else self.east + 360.0
        return Box.of(self.west - across, south, east + across, north)

    def overlaps(self, other: Box) -> bool:
        """Whether the two have a point in common."""
        apart = self.north < other.south or other.north < self.south
        return not apart and any(
            a[0] <= b[1] and b[0] <= a[1] for a in self._spans() for b in other._spans()
        )

    def _spans(self) -> list[tuple[float, float]]:
        if self.west <= self.east:
            return [(self.west, self.east)]
        return [(self.west, 180.0), (-180.0, self.east)]


def _wrapped(lon: float) -> float:
    """The same meridian between -180 and 180; what is in range stays exactly as it is."""
    return lon if -180.0 <= lon <= 180.0 else (lon + 180.0) % 360.0 - 180.0
