"""Motion mismatch: the reported speed and course do not lead to the reported positions.

Speed and course over ground come from the same receiver as the positions, so that dead reckoning by
them leads to where the next reports are, whatever wind and current do. Over five minutes the two
are compared: the way by speed and course, and the way between the positions. Honest reports differ
by some percent, a station that lags included. Where they differ by more than half the way, twice on
end, one of the two is wrong: a position that stands still, a speed that is made up, or positions
that are.
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
from alliage.detection.wording import distance, knots, since
from alliage.geo.flat import offset_m

WINDOW_US: Final = 300_000_000
MOST_STEP_S: Final = 45.0
"""Over longer steps speed and course may have been others than at their ends."""

MOST_STEP_M: Final = 3_000.0
"""A jump is another detector's."""

AT_REST_MPS: Final = 0.5
"""Of what is slower the course need not be known."""

LEAST_SPENT: Final = 0.6
"""Of a window, this part at least has to be in steps that were used."""

_SUMS: Final = ("east", "north", "said_east", "said_north", "said_m", "way_m", "spent_s")


class MotionMismatchSettings(DetectorSettings):
    """How far off the positions have to be."""

    least_share: float = Field(
        default=0.5,
        gt=0.1,
        le=2,
        description="The error is this part of the longer way in five minutes.",
    )
    least_error_m: float = Field(
        default=600.0, ge=100, description="The error is so many metres within five minutes."
    )


class MotionMismatch:
    """Things whose speed and course do not lead to their positions."""

    name: ClassVar[str] = "motion_mismatch"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("Motion does not fit", "Mouvement incohérent")
    linger_s: ClassVar[float] = 900.0
    settings_type: ClassVar[type[DetectorSettings]] = MotionMismatchSettings

    def __init__(self, settings: MotionMismatchSettings) -> None:
        self.settings = settings
        sums = {name: np.float64(0.0) for one in _SUMS for name in (one, f"last_{one}")}
        self._kept = Kept(began_us=np.int64(0), bad_since_us=np.int64(0), bad=np.int32(0), **sums)

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Things that were off in their last two windows."""
        kept = self._kept
        kept.grow(scene.things.count)
        self._add(reports)
        things = reports.thing[reports.is_last]
        began = kept["began_us"][things]
        full = (began > 0) & (scene.things.valid_us[things] - began >= WINDOW_US)
        self._close(scene, things[full])
        bad = things[kept["bad"][things] >= 2]
        for thing in bad[scene.things.is_a("Vessel", bad)].tolist():
            yield self._finding(scene, thing)

    def _add(self, reports: Reports) -> None:
        """Add every short step to its thing's window, by speed and course and as it was."""
        step_s, step_m = reports.step_s, reports.step_m
        speeds = reports.before_speed_mps, reports.speed_mps
        courses = reports.before_course_deg, reports.course_deg
        use = (step_s <= MOST_STEP_S) & (step_m <= MOST_STEP_M)
        for speed, course in zip(speeds, courses, strict=True):
            use &= (speed < AT_REST_MPS) | ((speed >= AT_REST_MPS) & ~np.isnan(course))
        rows = np.flatnonzero(use)
        step_s = step_s[rows]
        said = np.zeros((3, len(rows)))
        for speed, course in zip(speeds, courses, strict=True):
            half_m, angle = speed[rows] * step_s / 2, np.radians(np.nan_to_num(course[rows]))
            said += half_m * np.stack([np.sin(angle), np.cos(angle), np.ones(len(rows))])
        before = reports.before_lat[rows], reports.before_lon[rows]
        way = offset_m(*before, reports.lat[rows], reports.lon[rows])
        things, kept = reports.thing[rows], self._kept
        for name, step in zip(_SUMS, (*way, *said, step_m[rows], step_s), strict=True):
            np.add.at(kept[name], things, step)
        first = rows[kept["began_us"][things] == 0][::-1]  # so that the earliest stays
        kept["began_us"][reports.thing[first]] = reports.before_us[first]

    def _close(self, scene: Scene, things: NDArray[np.int32]) -> None:
        """Judge windows that are full, and begin new ones."""
        kept, setting = self._kept, self.settings.column
        error_m = np.hypot(
            kept["said_east"][things] - kept["east"][things],
            kept["said_north"][things] - kept["north"][things],
        )
        longer_m = np.maximum(kept["said_m"][things], kept["way_m"][things])
        off = error_m >= setting("least_share", scene, things) * longer_m
        off &= error_m >= setting("least_error_m", scene, things)
        off &= kept["spent_s"][things] >= LEAST_SPENT * WINDOW_US / 1e6
        begins = off & (kept["bad"][things] == 0)
        kept["bad_since_us"][things[begins]] = kept["began_us"][things[begins]]
        kept["bad"][things] = np.where(off, kept["bad"][things] + 1, 0)
        for name in _SUMS:
            kept[f"last_{name}"][things] = kept[name][things]
            kept[name][things] = 0.0
        kept["began_us"][things] = 0

    def _finding(self, scene: Scene, thing: int) -> Finding:
        kept, table = self._kept, scene.things
        last = {name: float(kept[f"last_{name}"][thing]) for name in _SUMS}
        since_us, now_us = int(kept["bad_since_us"][thing]), int(table.valid_us[thing])
        said_mps = last["said_m"] / last["spent_s"]
        is_mps = float(np.hypot(last["east"], last["north"])) / last["spent_s"]
        error_m = float(
            np.hypot(last["said_east"] - last["east"], last["said_north"] - last["north"])
        )
        name, begun = table.name_of(thing), since(since_us, now_us)
        said, really, off = knots(said_mps), knots(is_mps), distance(error_m)
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=0.85,
            reason=Reason(
                f"{name} has reported {said[0]} {begun[0]}, yet its positions made good "
                f"{really[0]}: in five minutes they are {off[0]} off where speed and course lead",
                f"{name} annonce {said[1]} {begun[1]}, mais ses positions avancent à "
                f"{really[1]} : en cinq minutes elles s'écartent de {off[1]} de ce que donnent "
                "vitesse et route",
            ),
            figures={
                "reported_mps": round(said_mps, 2),
                "made_good_mps": round(is_mps, 2),
                "error_m": round(error_m),
            },
            evidence=(Evidence(thing, since_us), Evidence(thing, now_us)),
        )
