"""How two things that go on as they do pass each other: when, how near, and how surely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from alliage.detection.scene import Scene
from alliage.geo.flat import moved, offset_m

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Passing:
    """Pairs of things, (n,) each.

    Attributes:
        in_s: seconds until they are nearest (TCPA); negative where that is over.
        miss_m: how near that will be (CPA).
        toward_deg: which way the second goes by the first.
        ways2_mps2: sum of the squares of their two speeds.
    """

    in_s: Floats
    miss_m: Floats
    toward_deg: Floats
    ways2_mps2: Floats

    def nearer_than(
        self, safe_m: Floats, position_std_m: float, speed_std_mps: float, course_std_rad: float
    ) -> Floats:
        """Probability that they pass nearer than so many metres, (n,).

        Args:
            safe_m: the distance, (n,).
            position_std_m: standard deviation of each place.
            speed_std_mps: of each speed.
            course_std_rad: of each course.
        """
        per_s2 = 2.0 * speed_std_mps**2 + self.ways2_mps2 * course_std_rad**2
        std_m = np.sqrt(2.0 * position_std_m**2 + self.in_s**2 * per_s2)
        far, near = (safe_m - self.miss_m) / std_m, (-safe_m - self.miss_m) / std_m
        return np.asarray(ndtr(far) - ndtr(near))


@dataclass(frozen=True, slots=True)
class Motion:
    """Where things are by now and how they go, (n,) each: degrees, m/s."""

    lat: Floats
    lon: Floats
    east_mps: Floats
    north_mps: Floats

    @classmethod
    def of(cls, scene: Scene, things: Rows) -> Motion:
        """Of rows of the scene, as they were last reported."""
        return cls(*places_now(scene, things), *velocity_mps(scene, things))

    def take(self, rows: NDArray[np.intp]) -> Motion:
        """Some of them."""
        return Motion(self.lat[rows], self.lon[rows], self.east_mps[rows], self.north_mps[rows])


def passing(one: Motion, two: Motion) -> Passing:
    """How pairs of things will pass each other if they go on."""
    east, north = offset_m(one.lat, one.lon, two.lat, two.lon)
    by_east, by_north = two.east_mps - one.east_mps, two.north_mps - one.north_mps
    speed = np.maximum(np.hypot(by_east, by_north), 1e-6)
    in_s = -(east * by_east + north * by_north) / speed**2
    miss_m = np.abs(east * by_north - north * by_east) / speed
    ways2_mps2 = one.east_mps**2 + one.north_mps**2 + two.east_mps**2 + two.north_mps**2
    return Passing(in_s, miss_m, np.degrees(np.arctan2(by_east, by_north)), ways2_mps2)


def velocity_mps(scene: Scene, things: Rows) -> tuple[Floats, Floats]:
    """How fast things go to the east and to the north, (n,) each; 0 where it is not said."""
    table = scene.things
    toward = np.radians(np.nan_to_num(table.course_deg[things]))
    speed = np.nan_to_num(table.speed_mps[things])
    return np.asarray(speed * np.sin(toward)), np.asarray(speed * np.cos(toward))


def places_now(scene: Scene, things: Rows) -> tuple[Floats, Floats]:
    """Where things are by now if they went on as last reported, degrees, (n,) each."""
    table = scene.things
    age_s = (scene.now_us - table.valid_us[things]) / 1e6
    east, north = velocity_mps(scene, things)
    return moved(table.lat[things], table.lon[things], age_s * east, age_s * north)
