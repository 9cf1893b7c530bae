"""How simulated ships move: closed forms of time, so that a run is the same at any pace."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from alliage.exercise.waters import METRES_PER_DEGREE, End, LonLat

RAMP_M: Final = 1_500.0
"""Distance in which a ship gathers way after an end of its lane, and loses it before one."""

TURN_M: Final = 1_500.0
"""Length over which a change of course is spread."""

_CORNER_CUTS: Final = 3


@dataclass(frozen=True, slots=True)
class Motion:
    """Where a ship is and how it goes. Degrees WGS 84, m/s, degrees from true north."""

    lon: float
    lat: float
    speed_mps: float
    course_deg: float
    at_rest: bool = False
    present: bool = True


class Voyage(Protocol):
    """What a ship does for ever."""

    def at(self, elapsed_s: float) -> Motion:
        """The motion, seconds after the start of the exercise."""
        ...


class Path:
    """A polyline with rounded corners that is measured in metres."""

    def __init__(self, waypoints: Sequence[LonLat]) -> None:
        points = list(waypoints)
        for _ in range(_CORNER_CUTS):
            points = _cut_corners(points)
        self.points = points
        self._marks = [0.0]
        for here, there in itertools.pairwise(points):
            self._marks.append(self._marks[-1] + distance_m(here, there))

    @property
    def length_m(self) -> float:
        """Metres from the first to the last point."""
        return self._marks[-1]

    def at(self, along_m: float) -> LonLat:
        """Return the point ``along_m`` metres from the start; beyond an end, the end."""
        leg = min(max(bisect_right(self._marks, along_m) - 1, 0), len(self.points) - 2)
        here, there = self.points[leg], self.points[leg + 1]
        part = (along_m - self._marks[leg]) / (self._marks[leg + 1] - self._marks[leg])
        part = min(max(part, 0.0), 1.0)
        return here[0] + part * (there[0] - here[0]), here[1] + part * (there[1] - here[1])

    def course_deg(self, along_m: float) -> float:
        """Degrees from true north there; turns gradually, over :data:`TURN_M` metres."""
        reach_m = min(TURN_M, self.length_m) / 2
        along_m = min(max(along_m, reach_m), self.length_m - reach_m)
        return bearing_deg(self.at(along_m - reach_m), self.at(along_m + reach_m))


@dataclass(frozen=True, slots=True)
class Shuttle:
    """There and back on a path, with a stay at each end, for ever.

    Args:
        path: the lane.
        ends: what the two ends are: a ship in port is at rest, one at sea has left.
        speed_mps: cruising speed.
        stay_s: how long it stays at an end.
        phase_s: where in its round it is at the start.
        offset_m: how far it keeps to starboard of the lane's middle, away from its ends.
    """

    path: Path
    ends: tuple[End, End]
    speed_mps: float
    stay_s: float
    phase_s: float
    offset_m: float

    @property
    def round_s(self) -> float:
        """Seconds from leaving an end to leaving it again."""
        return 2 * (self._leg_s() + self.stay_s)

    def at(self, elapsed_s: float) -> Motion:
        """The motion, seconds after the start of the exercise."""
        leg_s = self._leg_s()
        now_s = (elapsed_s + self.phase_s) % self.round_s
        back, now_s = divmod(now_s, leg_s + self.stay_s)
        gone_m, speed_mps = self._run(min(now_s, leg_s), leg_s)
        along_m = self.path.length_m - gone_m if back else gone_m
        course_deg = self.path.course_deg(along_m)
        if back:
            course_deg = (course_deg + 180.0) % 360.0
        resting = now_s >= leg_s
        end = self.ends[0 if back else 1]
        lon, lat = moved(self.path.at(along_m), course_deg + 90.0, self._offset_m(along_m))
        return Motion(
            lon,
            lat,
            0.0 if resting else speed_mps,
            course_deg,
            resting,
            not resting or end == "port",
        )

    def _offset_m(self, along_m: float) -> float:
        to_end_m = min(along_m, self.path.length_m - along_m)
        return self.offset_m * min(1.0, to_end_m / TURN_M)

    def _ramp_m(self) -> float:
        return min(RAMP_M, self.path.length_m / 4)

    def _leg_s(self) -> float:
        """A ramp covers its distance at half the speed on average."""
        return (self.path.length_m + 2 * self._ramp_m()) / self.speed_mps

    def _run(self, now_s: float, leg_s: float) -> tuple[float, float]:
        """Metres gone and speed, ``now_s`` after leaving: a trapezium of speed over time."""
        ramp_s = 2 * self._ramp_m() / self.speed_mps
        gain = self.speed_mps / ramp_s
        if now_s < ramp_s:
            return 0.5 * gain * now_s**2, gain * now_s
        if now_s > leg_s - ramp_s:
            left_s = leg_s - now_s
            return self.path.length_m - 0.5 * gain * left_s**2, gain * left_s
        return self._ramp_m() + self.speed_mps * (now_s - ramp_s), self.speed_mps


@dataclass(frozen=True, slots=True)
class AtAnchor:
    """Swinging slowly round an anchor."""

    anchor: LonLat
    chain_m: float
    period_s: float

    def at(self, elapsed_s: float) -> Motion:
        """The motion, seconds after the start of the exercise."""
        swing_deg = 360.0 * (elapsed_s % self.period_s) / self.period_s
        lon, lat = moved(self.anchor, swing_deg, self.chain_m)
        speed_mps = math.tau * self.chain_m / self.period_s
        return Motion(lon, lat, speed_mps, (swing_deg + 90.0) % 360.0, at_rest=True)


def distance_m(here: LonLat, there: LonLat) -> float:
    """Metres between two points that are near each other (flat in between)."""
    east_m, north_m = _offsets_m(here, there)
    return math.hypot(east_m, north_m)


def bearing_deg(here: LonLat, there: LonLat) -> float:
    """Degrees from true north from one point to another near it."""
    east_m, north_m = _offsets_m(here, there)
    return math.degrees(math.atan2(east_m, north_m)) % 360.0


def moved(point: LonLat, towards_deg: float, by_m: float) -> LonLat:
    """Return the point ``by_m`` metres away in a direction."""
    angle = math.radians(towards_deg)
    lat = point[1] + by_m * math.cos(angle) / METRES_PER_DEGREE
    metres_per_degree_lon = METRES_PER_DEGREE * math.cos(math.radians(point[1]))
    return point[0] + by_m * math.sin(angle) / metres_per_degree_lon, lat


def _offsets_m(here: LonLat, there: LonLat) -> tuple[float, float]:
    shrink = math.cos(math.radians((here[1] + there[1]) / 2))
    return (
        (there[0] - here[0]) * shrink * METRES_PER_DEGREE,
        (there[1] - here[1]) * METRES_PER_DEGREE,
    )


def _cut_corners(points: Sequence[LonLat]) -> list[LonLat]:
    """Chaikin's corner cutting; the ends stay."""
    cut = [points[0]]
    for (lon0, lat0), (lon1, lat1) in itertools.pairwise(points):
        cut.append((0.75 * lon0 + 0.25 * lon1, 0.75 * lat0 + 0.25 * lat1))
        cut.append((0.25 * lon0 + 0.75 * lon1, 0.25 * lat0 + 0.75 * lat1))
    return [*cut, points[-1]]
