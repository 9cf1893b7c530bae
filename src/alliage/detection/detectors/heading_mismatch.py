"""Heading mismatch: a ship at speed whose course has come away from where her bow points.

Wind and current set a ship at speed aside by some degrees, rarely twenty: three knots across a ship
of eight are 21. One who kept course and heading together, and whose positions then go on at speed
far off her heading, is moved by nothing at sea. The compass knows no satellites: her positions are
led away little by little, which no jump shows, or the compass has failed.
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
from alliage.detection.wording import knots, since
from alliage.geo.flat import turn_deg

SMOOTH_S: Final = 120.0
STEADY: Final = 0.9
TOGETHER_DEG: Final = 15.0
TOGETHER_S: Final = 600.0
"""For so long course and heading were together before: so the compass can be believed."""


class HeadingMismatchSettings(DetectorSettings):
    """When course and heading are too far apart."""

    least_angle_deg: float = Field(
        default=35.0, ge=20, le=180, description="Course and heading are at least so far apart."
    )
    least_speed_mps: float = Field(
        default=4.0, gt=0, description="Slower ships drift, manoeuvre or are towed."
    )
    lasts_s: float = Field(default=600.0, ge=60, description="For how long it has to be so.")


class HeadingMismatch:
    """Ships whose positions go where they do not."""

    name: ClassVar[str] = "heading_mismatch"
    version: ClassVar[int] = 3
    title: ClassVar[Reason] = Reason("Course off the heading", "Route hors du cap")
    linger_s: ClassVar[float] = 900.0
    settings_type: ClassVar[type[DetectorSettings]] = HeadingMismatchSettings

    def __init__(self, settings: HeadingMismatchSettings) -> None:
        self.settings = settings
        zero = np.float64(0.0)
        self._kept = Kept(cos=zero, sin=zero, together_s=zero, since_us=np.int64(0))

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Ships that have been off their heading for long enough."""
        kept = self._kept
        kept.grow(scene.things.count)
        use = reports.is_last & (reports.speed_mps >= 0)
        use &= ~np.isnan(reports.heading_deg) & ~np.isnan(reports.course_deg)
        rows = np.flatnonzero(use)
        rows = rows[scene.things.is_a("Vessel", reports.thing[rows])]
        self._note(scene, reports, rows)
        things = reports.thing[rows]
        lasts_s = (reports.valid_us[rows] - kept["since_us"][things]) / 1e6
        holds = (kept["since_us"][things] > 0) & (lasts_s >= self.settings.lasts_s)
        for thing in things[holds].tolist():
            yield self._finding(scene, thing)

    def _note(self, scene: Scene, reports: Reports, rows: NDArray[np.intp]) -> None:
        kept, things = self._kept, reports.thing[rows]
        step_s = np.clip(np.nan_to_num(reports.step_s[rows]), 0.0, 300.0)
        share = 1.0 - np.exp(-step_s / SMOOTH_S)
        angle = np.radians(turn_deg(reports.heading_deg[rows], reports.course_deg[rows]))
        for name, now in (("cos", np.cos(angle)), ("sin", np.sin(angle))):
            kept[name][things] += share * (now - kept[name][things])
        cos, sin = kept["cos"][things], kept["sin"][things]
        apart_deg, is_steady = np.abs(np.degrees(np.arctan2(sin, cos))), np.hypot(cos, sin) > STEADY
        is_fast = reports.speed_mps[rows] >= self.settings.least_speed_mps
        together = is_fast & is_steady & (apart_deg <= TOGETHER_DEG)
        kept["together_s"][things] += np.where(together, step_s, 0.0)
        holds = is_fast & is_steady & (kept["together_s"][things] >= TOGETHER_S)
        holds &= apart_deg >= self.settings.column("least_angle_deg", scene, things)
        begins = holds & (kept["since_us"][things] == 0)
        since = np.where(begins, reports.valid_us[rows], kept["since_us"][things])
        kept["since_us"][things] = np.where(holds, since, 0)

    def _finding(self, scene: Scene, thing: int) -> Finding:
        kept, table = self._kept, scene.things
        angle = float(np.degrees(abs(np.arctan2(kept["sin"][thing], kept["cos"][thing]))))
        since_us, now_us = int(kept["since_us"][thing]), int(table.valid_us[thing])
        name, begun = table.name_of(thing), since(since_us, now_us)
        speed_mps = float(table.speed_mps[thing])
        speed = knots(speed_mps)
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=0.86,
            reason=Reason(
                f"The positions of {name} have gone {angle:.0f}° off its heading {begun[0]}, "
                f"at {speed[0]}: no ship does so; its position or its compass is wrong",
                f"Les positions de {name} vont à {angle:.0f}° de son cap {begun[1]}, à "
                f"{speed[1]} : aucun navire ne fait cela, sa position ou son compas est faux",
            ),
            figures={"angle_deg": round(angle, 1), "speed_mps": round(speed_mps, 2)},
            evidence=(Evidence(thing, since_us), Evidence(thing, now_us)),
        )
