"""Jumps: positions that go on where the thing cannot have got to.

A single position far away is a transmission error and says nothing; such are dropped when the next
one is back. A jump is confirmed by further reports that fit the new place. Every two places are
allowed :data:`LATE_S` of the thing's own way between them: sources hand positions on late and out
of order by up to so much (the time of an AIS report is often that of its reception, and a few of a
feed's stations lag).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alliage.detection.scene import Reports, Scene
from alliage.geo.flat import distance_m, offset_m

LATE_S: Final = 60.0
CONFIRMED_AFTER: Final = 3
CONFIRMED_AFTER_S: Final = 20.0
_FORGOTTEN_US: Final = 1_800_000_000

FASTEST_MPS: Final[Mapping[str, float]] = {"Vessel": 45.0, "Aircraft": 700.0}
"""No ordinary ferry or boat goes 87 kn over ground, no aircraft 1,360 kn. Others are not asked."""

LEAST_M: Final[Mapping[str, float]] = {"Vessel": 2_000.0, "Aircraft": 5_000.0}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing was, and how it said that it went."""

    valid_us: int
    lat: float
    lon: float
    speed_mps: float
    course_deg: float


@dataclass(frozen=True, slots=True)
class Jump:
    """A confirmed jump: the last place before it, the first after it."""

    thing: int
    before: Place
    after: Place

    @property
    def distance_m(self) -> float:
        """How far."""
        return float(np.hypot(*self.offset_m))

    @property
    def offset_m(self) -> tuple[float, float]:
        """To the east and to the north."""
        before, after = self.before, self.after
        east, north = offset_m(before.lat, before.lon, after.lat, after.lon)
        return float(east), float(north)

    @property
    def step_s(self) -> float:
        """In what time."""
        return (self.after.valid_us - self.before.valid_us) / 1e6


@dataclass(slots=True)
class _Trial:
    """A way that may have jumped: it goes on at ``last``, unless it is back where it was."""

    before: Place
    after: Place
    last: Place
    agreed: int = 0


class Jumps:
    """Watches the steps of all things. Takes each look's reports once, in order."""

    def __init__(self) -> None:
        self._trials: dict[int, _Trial] = {}

    def take(self, scene: Scene, reports: Reports) -> list[Jump]:
        """The jumps that this look's reports confirm."""
        fastest, least = limits_of(scene, reports.thing)
        impossible = impossible_steps(reports, fastest, least)
        awake = set(np.unique(reports.thing[impossible]).tolist()) | self._trials.keys()
        if not awake:
            return []
        rows = np.flatnonzero(np.isin(reports.thing, np.fromiter(awake, np.int32)))
        confirmed = []
        for row in rows.tolist():
            limits = float(fastest[row]), float(least[row])
            jump = self._follow(int(reports.thing[row]), row, reports, limits, impossible)
            if jump is not None:
                confirmed.append(jump)
        self._forget(scene.now_us)
        return confirmed

    def _follow(
        self,
        thing: int,
        row: int,
        reports: Reports,
        limits: tuple[float, float],
        impossible: NDArray[np.bool_],
    ) -> Jump | None:
        now = place_of(reports, row)
        trial = self._trials.get(thing)
        if trial is None:
            if impossible[row]:
                self._trials[thing] = _Trial(place_before(reports, row), now, now)
            return None
        if may_follow(trial.last, now, *limits):
            trial.last, trial.agreed = now, trial.agreed + 1
            lasts_s = (now.valid_us - trial.after.valid_us) / 1e6
            if trial.agreed >= CONFIRMED_AFTER and lasts_s >= CONFIRMED_AFTER_S:
                del self._trials[thing]
                return Jump(thing, trial.before, trial.after)
        elif may_follow(trial.before, now, *limits):
            del self._trials[thing]
        else:
            self._trials[thing] = _Trial(trial.before, now, now)
        return None

    def _forget(self, now_us: int) -> None:
        for thing, trial in list(self._trials.items()):
            if now_us - trial.last.valid_us > _FORGOTTEN_US:
                del self._trials[thing]


def impossible_steps(
    reports: Reports, fastest_mps: NDArray[np.float64], least_m: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Which reports cannot follow their thing's report before, (n,)."""
    speeds = reports.before_speed_mps, reports.speed_mps
    return ~fits(reports.step_m, reports.step_s, *speeds, fastest_mps, least_m)


def limits_of(
    scene: Scene, things: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Greatest speed and least jump of each; infinite for kinds that are not asked."""
    fastest, least = np.full(len(things), np.inf), np.zeros(len(things))
    for schema, speed_mps in FASTEST_MPS.items():
        of = scene.things.is_a(schema, things)
        fastest[of], least[of] = speed_mps, LEAST_M[schema]
    return fastest, least


def may_follow(first: Place, then: Place, fastest_mps: float, least_m: float) -> bool:
    """Whether a thing can have got from one place to another."""
    step_m = distance_m(first.lat, first.lon, then.lat, then.lon)
    step_s = (then.valid_us - first.valid_us) / 1e6
    return bool(fits(step_m, step_s, first.speed_mps, then.speed_mps, fastest_mps, least_m))


def fits(
    step_m: ArrayLike,
    step_s: ArrayLike,
    before_mps: ArrayLike,
    after_mps: ArrayLike,
    fastest_mps: ArrayLike,
    least_m: ArrayLike,
) -> NDArray[np.bool_]:
    """Whether a step can have been gone; a thing's first report follows nothing and fits."""
    own_mps = np.nan_to_num(np.fmax(before_mps, after_mps))
    with np.errstate(invalid="ignore"):
        gone_m = np.asarray(fastest_mps) * np.asarray(step_s)
        too_far = np.asarray(step_m) > np.asarray(least_m) + LATE_S * own_mps + gone_m
    return np.asarray(~too_far)


def place_of(reports: Reports, row: int) -> Place:
    """Where a report says its thing is."""
    return Place(
        int(reports.valid_us[row]),
        float(reports.lat[row]),
        float(reports.lon[row]),
        float(reports.speed_mps[row]),
        float(reports.course_deg[row]),
    )


def place_before(reports: Reports, row: int) -> Place:
    """Where the report before said that it was."""
    return Place(
        int(reports.before_us[row]),
        float(reports.before_lat[row]),
        float(reports.before_lon[row]),
        float(reports.before_speed_mps[row]),
        float(reports.before_course_deg[row]),
    )
