"""Shared identity: one identity is reported in two places at once.

Its positions go to and fro between two ways, each of which a ship can have gone, while no ship can
have gone both. Two ships with one number look like this: by a mistake in a transponder's settings,
as several hundred do in the world's AIS, or because one of them hides behind the other's name. Late
copies of a ship's own reports look alike, and are told from it by lying astern on the same course.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from pydantic import Field

from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.jumps import (
    Place,
    impossible_steps,
    limits_of,
    may_follow,
    place_before,
    place_of,
)
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import distance, place
from alliage.geo.flat import distance_m, offset_m, turn_deg

FORGOTTEN_US: Final = 1_800_000_000
SAME_COURSE_DEG: Final = 25.0


class SharedIdentitySettings(DetectorSettings):
    """How often positions have to go to and fro."""

    least_changes: int = Field(default=6, ge=2, description="So often from one way to the other.")
    least_reports: int = Field(default=4, ge=2, description="So many reports of each way.")
    lasts_s: float = Field(default=180.0, ge=10, description="For how long it has to be so.")
    both_within_s: float = Field(
        default=900.0, ge=60, description="Both ways were reported on within so long."
    )


@dataclass(slots=True)
class _Two:
    """The two ways of one identity."""

    ways: list[Place]
    since_us: int
    counts: list[int]
    on: int = 1
    changes: int = 1


class SharedIdentity:
    """Identities that two ships use."""

    name: ClassVar[str] = "shared_identity"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("Shared identity", "Identité partagée")
    linger_s: ClassVar[float] = 1_800.0
    settings_type: ClassVar[type[DetectorSettings]] = SharedIdentitySettings

    def __init__(self, settings: SharedIdentitySettings) -> None:
        self.settings = settings
        self._two: dict[int, _Two] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Identities with two ways, both of them alive."""
        fastest, least = limits_of(scene, reports.thing)
        impossible = impossible_steps(reports, fastest, least)
        awake = set(np.unique(reports.thing[impossible]).tolist()) | self._two.keys()
        if not awake:
            return
        rows = np.flatnonzero(np.isin(reports.thing, np.fromiter(awake, np.int32)))
        for row in rows.tolist():
            limits = float(fastest[row]), float(least[row])
            self._follow(int(reports.thing[row]), row, reports, limits, bool(impossible[row]))
        for thing, two in list(self._two.items()):
            if scene.now_us - max(way.valid_us for way in two.ways) > FORGOTTEN_US:
                del self._two[thing]
            elif self._holds(scene.now_us, two):
                yield _finding(scene, thing, two)

    def _follow(
        self, thing: int, row: int, reports: Reports, limits: tuple[float, float], starts: bool
    ) -> None:
        """Put a report to the way that it continues."""
        now, two = place_of(reports, row), self._two.get(thing)
        if two is None:
            if starts:
                before = place_before(reports, row)
                self._two[thing] = _Two([before, now], now.valid_us, [1, 1])
            return
        fits = [n for n in (0, 1) if may_follow(two.ways[n], now, *limits)]
        if not fits:  # a third place: whoever was heard of longer ago gives way to it
            older = 0 if two.ways[0].valid_us < two.ways[1].valid_us else 1
            other = two.ways[1 - older]
            self._two[thing] = _Two([other, now], now.valid_us, [1, 1])
            return
        chosen = min(fits, key=lambda n: _away_m(two.ways[n], now))
        two.changes += chosen != two.on
        two.on, two.ways[chosen] = chosen, now
        two.counts[chosen] += 1
        if len(fits) == 2 and _away_m(two.ways[1 - chosen], now) < limits[1]:
            del self._two[thing]  # both ways have come together: they were one

    def _holds(self, now_us: int, two: _Two) -> bool:
        first, second = two.ways
        newest_us = max(first.valid_us, second.valid_us)
        oldest_us = min(first.valid_us, second.valid_us)
        return (
            two.changes >= self.settings.least_changes
            and min(two.counts) >= self.settings.least_reports
            and newest_us - two.since_us >= self.settings.lasts_s * 1e6
            and now_us - oldest_us <= self.settings.both_within_s * 1e6
            and not _is_late_copy(first, second)
        )


def _away_m(way: Place, now: Place) -> float:
    return float(distance_m(way.lat, way.lon, now.lat, now.lon))


def _is_late_copy(first: Place, second: Place) -> bool:
    """Whether one of both lies astern of the other, on the same course."""
    east, north = offset_m(first.lat, first.lon, second.lat, second.lon)
    bearing = float(np.degrees(np.arctan2(east, north)))
    apart = [abs(float(turn_deg(first.course_deg, second.course_deg)))]
    astern = abs(float(turn_deg(first.course_deg, bearing)))
    apart.append(min(astern, 180.0 - astern))
    return max(apart) <= SAME_COURSE_DEG


def _finding(scene: Scene, thing: int, two: _Two) -> Finding:
    first, second = two.ways
    name, far_m = scene.things.name_of(thing), _away_m(first, second)
    identifier, far = scene.things.identifiers[thing], distance(far_m)
    who = name if name == identifier else f"{name} ({identifier})"
    here, there = place(first.lat, first.lon), place(second.lat, second.lon)
    return Finding(
        things=(thing,),
        since_us=two.since_us,
        probability=0.9,
        reason=Reason(
            f"{who} is reported in two places at once, {far[0]} apart: {here[0]} and {there[0]}; "
            "two ships use one identity",
            f"{who} est signalé à deux endroits à la fois, distants de {far[1]} : {here[1]} et "
            f"{there[1]} ; deux navires utilisent la même identité",
        ),
        figures={
            "distance_m": round(far_m),
            "changes": two.changes,
            "other_latitude_deg": round(second.lat, 5),
            "other_longitude_deg": round(second.lon, 5),
        },
        lat=first.lat,
        lon=first.lon,
        evidence=(Evidence(thing, first.valid_us), Evidence(thing, second.valid_us)),
    )
