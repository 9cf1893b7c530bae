"""Drifting: a ship is moved by wind and current, not by its engine.

Three signs, the surest first. It says that it is not under command, and goes slowly. It goes
slowly, and not where its bow points: course over ground and heading stay apart. Or, where no
heading is reported: it has fallen from under way to a crawl, and the crawl has a steady course that
is not the one it had. What lies at anchor or moored swings but does not go anywhere, and a fishing
vessel hauls; both are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alliage.detection.columns import Kept
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.slow import SLOW_TRADES
from alliage.detection.wording import knots, since
from alliage.geo.flat import distance_m, turn_deg

RESTS: Final = ("at_anchor", "moored", "aground", "engaged_in_fishing")
NOT_UNDER_COMMAND: Final = ("not_under_command",)
UNDER_WAY_MPS: Final = 3.5
FELL_US: Final = 7_200_000_000
"""It counts as fallen from under way for so long."""

STEADY: Final = 0.8
"""Length of the mean of unit vectors: directions within about 40 degrees of each other."""

_NONE, _TOLD, _APART, _FELL = range(4)


class DriftingSettings(DetectorSettings):
    """When a ship counts as drifting."""

    least_angle_deg: float = Field(
        default=30.0, ge=5, le=180, description="Course and heading are at least so far apart."
    )
    least_speed_mps: float = Field(
        default=0.4, ge=0, description="Slower things are at rest: their course means nothing."
    )
    least_told_speed_mps: float = Field(
        default=0.15, ge=0, description="What says it is not under command is at rest when slower."
    )
    most_speed_mps: float = Field(default=2.6, gt=0, description="Faster things are under way.")
    lasts_s: float = Field(default=300.0, ge=30, description="For how long it has to be so.")
    lasts_no_heading_s: float = Field(
        default=900.0,
        ge=30,
        description="For how long it has to be so where no heading is reported.",
    )
    most_fallen_speed_mps: float = Field(
        default=1.3, gt=0, description="To what speed it has to fall where no heading is reported."
    )
    smooth_s: float = Field(default=180.0, ge=1, description="Over how long angles are averaged.")
    least_way_m: float = Field(
        default=150.0, ge=0, description="How far it has to drift: what swings at anchor does not."
    )


class Drifting:
    """Ships that are moved by wind and current."""

    name: ClassVar[str] = "drifting"
    version: ClassVar[int] = 4
    title: ClassVar[Reason] = Reason("Drifting", "Dérive")
    linger_s: ClassVar[float] = 900.0
    settings_type: ClassVar[type[DetectorSettings]] = DriftingSettings

    def __init__(self, settings: DriftingSettings) -> None:
        self.settings = settings
        zero, nan = np.float64(0.0), np.float64("nan")
        self._kept = Kept(
            cos=zero, sin=zero, north=zero, east=zero, speed=nan, before_deg=nan,
            fell_us=np.int64(0), sign=np.int8(_NONE), since_us=np.int64(0), lat=nan, lon=nan,
        )  # fmt: skip

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Ships of whom one of the signs has held for long enough."""
        self._kept.grow(scene.things.count)
        use = reports.is_last & ~np.isnan(reports.course_deg) & ~np.isnan(reports.speed_mps)
        rows = np.flatnonzero(use)
        rows = rows[scene.things.is_a("Vessel", reports.thing[rows])]
        things = reports.thing[rows]
        if len(things):
            self._average(reports, rows)
            self._note(scene, reports, rows)
            yield from self._found(scene, things)

    def _average(self, reports: Reports, rows: NDArray[np.intp]) -> None:
        kept, things = self._kept, reports.thing[rows]
        step_s = np.clip(np.nan_to_num(reports.step_s[rows], nan=np.inf), 0.0, 1e9)
        share = 1.0 - np.exp(-step_s / self.settings.smooth_s)
        course, speed = np.radians(reports.course_deg[rows]), reports.speed_mps[rows]
        angle = np.radians(turn_deg(reports.heading_deg[rows], reports.course_deg[rows]))
        for name, now in (
            ("cos", np.cos(angle)), ("sin", np.sin(angle)),
            ("north", np.cos(course)), ("east", np.sin(course)),
        ):  # fmt: skip
            kept[name][things] += share * np.nan_to_num(now - kept[name][things])
        before = kept["speed"][things]
        before = np.where(np.isnan(before), speed, before)
        kept["speed"][things] = before + share * (speed - before)
        fast = speed >= UNDER_WAY_MPS
        kept["before_deg"][things[fast]] = reports.course_deg[rows[fast]]
        kept["fell_us"][things[fast]] = reports.valid_us[rows[fast]]

    def _signs(self, scene: Scene, reports: Reports, rows: NDArray[np.intp]) -> NDArray[np.int8]:
        """Which sign each shows now."""
        kept, things, column = self._kept, reports.thing[rows], self.settings.column
        speed, least_deg = kept["speed"][things], column("least_angle_deg", scene, things)
        is_slow = speed <= column("most_speed_mps", scene, things)
        makes_way = is_slow & (speed >= column("least_speed_mps", scene, things))
        angle = np.degrees(np.abs(np.arctan2(kept["sin"][things], kept["cos"][things])))
        apart = makes_way & (np.hypot(kept["sin"][things], kept["cos"][things]) > STEADY)
        apart &= (angle >= least_deg) & ~np.isnan(reports.heading_deg[rows])
        course = np.degrees(np.arctan2(kept["east"][things], kept["north"][things]))
        fell = makes_way & (np.hypot(kept["east"][things], kept["north"][things]) > STEADY)
        fell &= np.abs(turn_deg(kept["before_deg"][things], course)) >= least_deg
        fell &= np.isnan(reports.heading_deg[rows])
        fell &= speed <= self.settings.most_fallen_speed_mps
        fell &= reports.valid_us[rows] - kept["fell_us"][things] <= FELL_US
        told = is_slow & (speed >= self.settings.least_told_speed_mps)
        told &= scene.things.has_status(NOT_UNDER_COMMAND, things)
        return np.select([told, apart, fell], [_TOLD, _APART, _FELL], _NONE).astype(np.int8)

    def _note(self, scene: Scene, reports: Reports, rows: NDArray[np.intp]) -> None:
        """Since when it has been so, and where that began."""
        kept, things = self._kept, reports.thing[rows]
        sign = self._signs(scene, reports, rows)
        sign[scene.things.has_status(RESTS, things)] = _NONE
        begins = (sign != _NONE) & (kept["since_us"][things] == 0)
        kept["sign"][things] = sign
        kept["lat"][things[begins]] = reports.lat[rows][begins]
        kept["lon"][things[begins]] = reports.lon[rows][begins]
        since = np.where(begins, reports.valid_us[rows], kept["since_us"][things])
        kept["since_us"][things] = np.where(sign != _NONE, since, 0)

    def _found(self, scene: Scene, things: NDArray[np.int32]) -> Iterable[Finding]:
        kept, table, column = self._kept, scene.things, self.settings.column
        since_us, sign = kept["since_us"][things], kept["sign"][things]
        lasts_s = (table.valid_us[things] - since_us) / 1e6
        least_s = column("lasts_s", scene, things)
        least_s = np.where(sign == _FELL, column("lasts_no_heading_s", scene, things), least_s)
        holds = (since_us > 0) & (lasts_s >= least_s)
        way_m = distance_m(
            kept["lat"][things], kept["lon"][things], table.lat[things], table.lon[things]
        )
        holds &= way_m >= self.settings.column("least_way_m", scene, things)
        # Whose places lie further apart than that did not drift there: one of them is false.
        near = way_m <= column("most_speed_mps", scene, things) * lasts_s
        holds &= near | (sign == _TOLD)
        found = things[holds]
        by_trade = table.is_of(SLOW_TRADES, found) & (kept["sign"][found] == _FELL)
        for thing in found[~by_trade].tolist():
            yield self._finding(scene, thing)

    def _finding(self, scene: Scene, thing: int) -> Finding:
        kept, table = self._kept, scene.things
        since_us = int(kept["since_us"][thing])
        lasts_s = (int(table.valid_us[thing]) - since_us) / 1e6
        way_m = distance_m(
            kept["lat"][thing], kept["lon"][thing], table.lat[thing], table.lon[thing]
        )
        speed = float(way_m) / lasts_s
        sign, figures = int(kept["sign"][thing]), {"speed_mps": round(speed, 2)}
        name, slow = table.name_of(thing), knots(speed)
        begun = since(since_us, int(table.valid_us[thing]))
        en = f"{name} drifts: {begun[0]}, at {slow[0]},"
        fr = f"{name} dérive : {begun[1]}, à {slow[1]},"
        if sign == _TOLD:
            probability = 0.99
            en, fr = (
                f"{en} it has not been under command",
                f"{fr} il n'est pas maître de sa manœuvre",
            )
        elif sign == _APART:
            angle = float(np.degrees(abs(np.arctan2(kept["sin"][thing], kept["cos"][thing]))))
            figures["angle_deg"] = round(angle, 1)
            probability = min(0.9, 0.6 + lasts_s / 6_000.0 + 0.002 * (angle - 30.0))
            en = f"{en} it has gone {angle:.0f}° off its heading"
            fr = f"{fr} sa route fond s'écarte de {angle:.0f}° de son cap"
        else:
            course = float(np.degrees(np.arctan2(kept["east"][thing], kept["north"][thing]))) % 360
            before, probability = float(kept["before_deg"][thing]), 0.5
            figures["course_deg"], figures["before_deg"] = round(course), round(before)
            en = f"{en} it has gone {course:03.0f}° in place of {before:03.0f}° under way before"
            fr = f"{fr} il va au {course:03.0f}° au lieu du {before:03.0f}° quand il faisait route"
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=probability,
            reason=Reason(en, fr),
            figures=figures,
            evidence=(Evidence(thing, since_us), Evidence(thing, int(table.valid_us[thing]))),
        )
