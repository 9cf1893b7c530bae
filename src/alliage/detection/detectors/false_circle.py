"""False circle: the positions go round while the bow keeps pointing one way.

A ship that sails a circle turns by 360 degrees with it. Positions of deceived satellite navigation
have been seen to run in circles about one point, while the ship's compass, which knows no
satellites, shows her steady course. So the turns of the way and of the heading are added up apart.
A full circle of one and next to nothing of the other cannot be both true, whatever wind and current
do: the angle between course and heading would have gone through every value under way.
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
from alliage.detection.wording import distance, duration, number
from alliage.geo.flat import offset_m, turn_deg

LEG_M: Final = 80.0
"""Shorter legs than this are noise of the position as much as way."""

MOST_LEG_S: Final = 120.0
SHARPEST_DEG: Final = 75.0
"""A sharper turn from leg to leg is not a circle that is seen often enough."""

STRAIGHT_DEG: Final = 20.0
SLOWEST_CIRCLE_S: Final = 3_600.0
SIXTH_DEG: Final = 60.0
"""A circle that has not gone on by so much in a sixth of the slowest circle's time is over."""

LEAST_SPEED_MPS: Final = 1.0


class FalseCircleSettings(DetectorSettings):
    """When a circle counts as false."""

    least_turn_deg: float = Field(
        default=360.0, ge=180, description="By how much the way has turned to one side."
    )
    most_heading_turn_deg: float = Field(
        default=90.0, ge=10, le=180, description="By how much the heading has turned at most."
    )


class FalseCircle:
    """Ships whose positions go round without them."""

    name: ClassVar[str] = "false_circle"
    version: ClassVar[int] = 2
    title: ClassVar[Reason] = Reason("False circle", "Faux cercle")
    linger_s: ClassVar[float] = 600.0
    settings_type: ClassVar[type[DetectorSettings]] = FalseCircleSettings

    def __init__(self, settings: FalseCircleSettings) -> None:
        self.settings = settings
        self._kept = Kept(
            lat=np.float64("nan"), lon=np.float64("nan"), us=np.int64(0), leg=np.float64("nan"),
            heading=np.float64("nan"), turned=np.float64(0.0), swung=np.float64(0.0),
            most=np.float64(0.0), grown=np.float64(0.0), grown_us=np.int64(0),
            way_m=np.float64(0.0), since_us=np.int64(0),
        )  # fmt: skip

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Ships that have gone a full circle by their positions alone."""
        self._kept.grow(scene.things.count)
        rows = np.flatnonzero(reports.is_last & ~np.isnan(reports.heading_deg))
        rows = rows[scene.things.is_a("Vessel", reports.thing[rows])]
        things = reports.thing[rows]
        self._add_legs(reports, rows)
        kept = self._kept
        lasts_s = (reports.valid_us[rows] - kept["since_us"][things]) / 1e6
        least_deg = self.settings.column("least_turn_deg", scene, things)
        holds = np.abs(kept["turned"][things]) >= least_deg * np.fmax(1, lasts_s / SLOWEST_CIRCLE_S)
        holds &= kept["most"][things] <= self.settings.most_heading_turn_deg
        holds &= kept["way_m"][things] >= LEAST_SPEED_MPS * lasts_s
        for thing in things[holds].tolist():
            yield self._finding(scene, thing)

    def _add_legs(self, reports: Reports, rows: NDArray[np.intp]) -> None:
        """Add the legs that are long enough; where the way is straight, begin anew."""
        kept, things = self._kept, reports.thing[rows]
        east, north = offset_m(
            kept["lat"][things], kept["lon"][things], reports.lat[rows], reports.lon[rows]
        )
        far_m = np.hypot(east, north)
        ends = ~(far_m < LEG_M)  # also of a thing's first report, whose distance is NaN
        rows, things, far_m = rows[ends], things[ends], far_m[ends]
        leg = np.degrees(np.arctan2(east[ends], north[ends]))
        turn = turn_deg(kept["leg"][things], leg)
        swing = turn_deg(kept["heading"][things], reports.heading_deg[rows])
        turned = kept["turned"][things] + turn
        took_s = (reports.valid_us[rows] - kept["us"][things]) / 1e6
        goes_on = (took_s <= MOST_LEG_S) & (np.abs(turn) <= SHARPEST_DEG)
        goes_on &= np.abs(turned) >= STRAIGHT_DEG
        stale_s = (reports.valid_us[rows] - kept["grown_us"][things]) / 1e6
        goes_on &= (stale_s <= SLOWEST_CIRCLE_S / 6) | (np.abs(turned) < SIXTH_DEG)
        swung = np.where(goes_on, kept["swung"][things] + swing, 0.0)
        kept["turned"][things] = np.where(
            goes_on | (np.abs(turned) < STRAIGHT_DEG), np.nan_to_num(turned), 0.0
        )
        kept["swung"][things] = swung
        grows = ~goes_on | (np.abs(turned) >= kept["grown"][things] + SIXTH_DEG)
        kept["grown"][things[grows]] = np.abs(kept["turned"][things[grows]])
        kept["grown_us"][things[grows]] = reports.valid_us[rows[grows]]
        kept["most"][things] = np.where(goes_on, np.fmax(kept["most"][things], np.abs(swung)), 0.0)
        kept["way_m"][things] = np.where(goes_on, kept["way_m"][things] + far_m, 0.0)
        kept["since_us"][things] = np.where(
            goes_on, kept["since_us"][things], reports.valid_us[rows]
        )
        kept["leg"][things], kept["heading"][things] = leg, reports.heading_deg[rows]
        kept["lat"][things], kept["lon"][things] = reports.lat[rows], reports.lon[rows]
        kept["us"][things] = reports.valid_us[rows]

    def _finding(self, scene: Scene, thing: int) -> Finding:
        kept, table = self._kept, scene.things
        turned, way_m = abs(float(kept["turned"][thing])), float(kept["way_m"][thing])
        since_us, now_us = int(kept["since_us"][thing]), int(table.valid_us[thing])
        circles, radius_m = turned / 360.0, way_m / np.radians(turned)
        far, lasts = distance(radius_m), duration((now_us - since_us) / 1e6)
        heading, times, name = table.heading_deg[thing], number(circles, 1), table.name_of(thing)
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=0.86 if circles < 2 else 0.98,
            reason=Reason(
                f"The positions of {name} went {times[0]} times round a circle of {far[0]} radius "
                f"in {lasts[0]} while its heading stayed near {heading:.0f}°: they are false",
                f"Les positions de {name} ont fait {times[1]} fois le tour d'un cercle de "
                f"{far[1]} de rayon en {lasts[1]}, son cap restant vers {heading:.0f}° : "
                "elles sont fausses",
            ),
            figures={"turned_deg": round(turned), "radius_m": round(radius_m)},
            evidence=(Evidence(thing, since_us), Evidence(thing, now_us)),
        )
