"""How near two things came to each other, by what they reported: the way of each is kept meanwhile.

Between two reports each went straight on at one speed; so the way of one by the other is straight
between any two of their reports' times, and the nearest point of it is found exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliage.detection.scene import Reports
from alliage.geo.flat import moved, offset_m

Floats = NDArray[np.float64]
Times = NDArray[np.int64]

MOST_REPORTS: Final = 4_096
"""Reports of one way that are kept: the newest ones."""


class Nearest(NamedTuple):
    """When two things were nearest to each other, how near, and where that was of the first."""

    us: int
    distance_m: float
    lat: float
    lon: float


@dataclass(slots=True)
class Way:
    """Where one thing was, oldest first."""

    us: list[int] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)

    def add(self, us: int, lat: float, lon: float) -> None:
        """Its next report."""
        self.us.append(us)
        self.lat.append(lat)
        self.lon.append(lon)
        for column in (self.us, self.lat, self.lon):
            del column[:-MOST_REPORTS]

    def take(self, thing: int, reports: Reports) -> None:
        """Its reports of a look."""
        for row in np.flatnonzero(reports.thing == thing).tolist():
            place = float(reports.lat[row]), float(reports.lon[row])
            self.add(int(reports.valid_us[row]), *place)

    def around(self, us: int) -> list[int]:
        """When it reported last before a time, and first after it."""
        after = int(np.searchsorted(self.us, us, side="right"))
        return self.us[max(0, after - 1) : after + 1]

    def east_north_m(self, us: Times, lat: float, lon: float) -> tuple[Floats, Floats]:
        """Where it was at some times, (n,) each: metres east and north of a place."""
        east, north = offset_m(lat, lon, self.lat, self.lon)
        began = self.us[0]
        at, known = us - began, np.array(self.us) - began
        return np.interp(at, known, east), np.interp(at, known, north)


def nearest(one: Way, two: Way) -> Nearest | None:
    """When two things were nearest while both are known; None where they are not at one time."""
    if not one.us or not two.us:
        return None
    begin, end = max(one.us[0], two.us[0]), min(one.us[-1], two.us[-1])
    if end < begin:
        return None
    us = np.unique([us for us in (begin, *one.us, *two.us, end) if begin <= us <= end])
    lat, lon = one.lat[0], one.lon[0]
    of_one, of_two = one.east_north_m(us, lat, lon), two.east_north_m(us, lat, lon)
    east, north = of_two[0] - of_one[0], of_two[1] - of_one[1]
    by_east, by_north = np.diff(east), np.diff(north)
    by2 = np.maximum(by_east**2 + by_north**2, 1e-9)
    share = np.clip(-(east[:-1] * by_east + north[:-1] * by_north) / by2, 0.0, 1.0)
    share, legs = np.append(share, 0.0), (np.append(by_east, 0.0), np.append(by_north, 0.0))
    apart_m = np.hypot(east + share * legs[0], north + share * legs[1])
    least = int(np.argmin(apart_m))
    step_us = int(us[least + 1] - us[least]) if least + 1 < len(us) else 0
    when_us = int(us[least]) + round(float(share[least]) * step_us)
    there = one.east_north_m(np.array([when_us]), lat, lon)
    place = moved(lat, lon, there[0][0], there[1][0])
    return Nearest(when_us, float(apart_m[least]), float(place[0]), float(place[1]))
