"""Holding: an aircraft flies full circles, as where it has to wait or looks at something.

A holding pattern is a turn of 360 degrees in four minutes (ICAO Doc 8168, vol. I, part II, section
4): two turns of half a minute each way with legs of a minute. So turns are added up over a thing's
remembered way; who has turned twice round in one direction and is not far from where that began
circles. Small and low circles about an aerodrome are its traffic pattern and are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np
from pydantic import Field

from alliage.detection.columns import Kept
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import duration, number
from alliage.geo.flat import distance_m, turn_deg
from alliage.ontology.derived import plots_of

STRAIGHT_DEGPS: Final = 0.15
"""A slower turn is none: an airway bends."""


class HoldingSettings(DetectorSettings):
    """When an aircraft counts as circling."""

    circles: float = Field(default=2.0, ge=1, le=50, description="So many full turns one way.")
    forget_s: float = Field(
        default=240.0, ge=30, description="Straight on for so long, turns are counted anew."
    )
    within_m: float = Field(
        default=25_000.0, gt=0, description="It stays this near to where it began."
    )
    least_altitude_m: float = Field(
        default=900.0, ge=0, description="Lower ones fly an aerodrome's traffic pattern."
    )


class Holding:
    """Aircraft that fly circles."""

    name: ClassVar[str] = "holding"
    version: ClassVar[int] = 3
    title: ClassVar[Reason] = Reason("Circling", "Attente en vol")
    linger_s: ClassVar[float] = 120.0
    settings_type: ClassVar[type[DetectorSettings]] = HoldingSettings

    def __init__(self, settings: HoldingSettings) -> None:
        self.settings = settings
        self._kept = Kept(
            course=np.float64("nan"), course_us=np.int64(0), turned=np.float64(0.0),
            since_us=np.int64(0), turning_us=np.int64(0),
            lat=np.float64("nan"), lon=np.float64("nan"),
        )  # fmt: skip

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Aircraft that have turned round often enough without going away."""
        self._kept.grow(scene.things.count)
        use = reports.is_last & ~np.isnan(reports.course_deg)
        use &= reports.altitude_m >= self.settings.least_altitude_m
        rows = np.flatnonzero(use)
        says = np.array([plots_of(stream) is None for stream in scene.things.streams], np.bool_)
        rows = rows[says[scene.things.stream[reports.thing[rows]]]]
        rows = rows[scene.things.is_a("Aircraft", reports.thing[rows])]
        if not len(rows):
            return
        self._add_turns(reports, rows)
        kept, things = self._kept, reports.thing[rows]
        circles = np.abs(kept["turned"][things]) / 360.0
        holds = circles >= self.settings.column("circles", scene, things)
        for row in rows[holds].tolist():
            yield self._finding(scene, reports, row)

    def _add_turns(self, reports: Reports, rows: np.ndarray) -> None:
        """Turns since the look before; those after a long straight way, or the other way, anew."""
        kept, things = self._kept, reports.thing[rows]
        valid_us, course = reports.valid_us[rows], reports.course_deg[rows]
        step_s = (valid_us - kept["course_us"][things]) / 1e6
        turn = turn_deg(kept["course"][things], course)
        known = (step_s > 0) & (step_s < 60.0) & ~np.isnan(turn)
        turns = known & (np.abs(turn) >= STRAIGHT_DEGPS * step_s)
        same_way = turn * kept["turned"][things] >= 0
        straight_s = (valid_us - kept["turning_us"][things]) / 1e6
        anew = ~known | (turns & ~same_way & (np.abs(turn) > 20.0))
        anew |= straight_s > self.settings.forget_s
        away_m = distance_m(
            kept["lat"][things], kept["lon"][things], reports.lat[rows], reports.lon[rows]
        )
        anew |= away_m > self.settings.within_m  # the bend of an airway before is no part of it
        added = np.where(turns, turn, 0.0)
        kept["turned"][things] = np.where(anew, added, kept["turned"][things] + added)
        for name, now in (
            ("since_us", valid_us),
            ("lat", reports.lat[rows]),
            ("lon", reports.lon[rows]),
        ):
            kept[name][things] = np.where(anew, now, kept[name][things])
        kept["turning_us"][things] = np.where(anew | turns, valid_us, kept["turning_us"][things])
        kept["course"][things], kept["course_us"][things] = course, valid_us

    def _finding(self, scene: Scene, reports: Reports, row: int) -> Finding:
        kept, thing = self._kept, int(reports.thing[row])
        since_us, now_us = int(kept["since_us"][thing]), int(reports.valid_us[row])
        circles = abs(float(kept["turned"][thing])) / 360.0
        name, lasts = scene.things.name_of(thing), duration((now_us - since_us) / 1e6)
        height = number(round(float(reports.altitude_m[row]), -2))
        many = number(circles, 1)
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=min(0.98, 0.6 + 0.1 * circles),
            reason=Reason(
                f"{name} has flown {many[0]} circles in {lasts[0]} at {height[0]} m",
                f"{name} a décrit {many[1]} cercles en {lasts[1]} à {height[1]} m",
            ),
            figures={
                "circles": round(circles, 1),
                "altitude_m": round(float(reports.altitude_m[row])),
            },
            evidence=(Evidence(thing, since_us), Evidence(thing, now_us)),
        )
