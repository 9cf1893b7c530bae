"""From where a forecast begins, and the classes by which the like of it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

HORIZONS_S: Final = (300.0, 900.0, 1_800.0, 3_600.0, 10_800.0, 21_600.0)
"""For which errors are learned; in between it is interpolated."""

SEA, AIR, OTHER = 0, 1, 2
_CELL_DEG: Final = np.array([0.05, 0.25, 0.05])
_SPEEDS_MPS: Final = np.array([[0.5, 4.0, 8.0], [30.0, 90.0, 180.0], [1.0, 5.0, 15.0]])
_COURSES: Final = 8


@dataclass(frozen=True, slots=True)
class States:
    """Things that move, columns of one length (n,); degrees, m/s, domain as :data:`SEA`."""

    lat: Floats
    lon: Floats
    speed_mps: Floats
    course_deg: Floats
    domain: Numbers

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> States:
        """Some of them."""
        return States(
            self.lat[rows], self.lon[rows], self.speed_mps[rows], self.course_deg[rows],
            self.domain[rows],
        )  # fmt: skip

    @property
    def speed_class(self) -> Numbers:
        """0 for what is at rest, to 3 for the fastest; (n,)."""
        return np.asarray((self.speed_mps[:, None] >= _SPEEDS_MPS[self.domain]).sum(axis=1))

    @property
    def keys(self) -> Numbers:
        """One number for each cell, course, speed class and domain; (n,)."""
        size = _CELL_DEG[self.domain]
        south = np.floor((self.lat + 90.0) / size).astype(np.int64)
        west = np.floor((self.lon % 360.0) / (2.0 * size)).astype(np.int64)
        course = np.floor(((self.course_deg + 22.5) % 360.0) / 45.0).astype(np.int64) % _COURSES
        key = (south * 10_000 + west) * _COURSES + course
        return np.asarray((key * 4 + self.speed_class) * 3 + self.domain)
