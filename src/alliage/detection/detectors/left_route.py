"""Left route: a merchant ship leaves a way that many take for water where hardly anybody goes.

What is usual is learned: passages by cell and direction (:mod:`alliage.detection.traffic`), and
ways of half an hour that others were followed on from where it left
(:mod:`alliage.detection.forecast`). The latter say that the route goes on within what is heard, so
that empty water beside it is not just water from which nothing is received. A ship that leaves so
may have a reason that a watch wants to know: a defect, an order, shelter, or nobody on the bridge.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alliage.detection.columns import Kept
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.forecast.states import HORIZONS_S, SEA, States
from alliage.detection.grid import around
from alliage.detection.passed import COURSES
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.slow import SLOW_STATUSES
from alliage.detection.traffic import CARGO, PASSENGER, TANKER, Passages
from alliage.detection.wording import days, distance, number, when
from alliage.geo.flat import distance_m

KINDS: Final = (CARGO, TANKER, PASSENGER)
HALF_AN_HOUR: Final = HORIZONS_S.index(1_800.0)
GONE_S: Final = 600.0

FORGOTTEN_S: Final = 1_800.0
"""Between the route and the first empty cell no more time may pass."""

JUMPED_M: Final = 3_000.0

EMPTY: Final = 1.5
"""As many passages are as none: the ship's own, or one that fades."""


class LeftRouteSettings(DetectorSettings):
    """When a route has been left."""

    least_days: float = Field(default=3.0, ge=0.1, description="Before it is too little learned.")
    least_passed: float = Field(
        default=30.0, ge=5, description="So many went the same way through a cell of a route."
    )
    kept_cells: float = Field(default=5.0, ge=2, description="So many cells it kept to the route.")
    least_followed: float = Field(
        default=20.0, ge=1, description="So many were followed on from where it left."
    )
    least_off_m: float = Field(
        default=4_000.0, ge=500, description="It is so far from where it left the route."
    )
    off_cells: float = Field(
        default=2.0, ge=1, description="It came through so many cells where hardly anybody goes."
    )
    hardly_share: float = Field(
        default=0.03,
        ge=0,
        le=0.5,
        description="Hardly anybody is at most this part of the route's passages.",
    )


class LeftRoute:
    """Ships that leave a well-travelled way."""

    name: ClassVar[str] = "left_route"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("Left the route", "Hors de la route usuelle")
    linger_s: ClassVar[float] = 900.0
    settings_type: ClassVar[type[DetectorSettings]] = LeftRouteSettings

    def __init__(self, settings: LeftRouteSettings) -> None:
        self.settings = settings
        self._kept = Kept(
            kept=np.int32(0), off=np.int32(0), us=np.int64(0), lat=np.float64("nan"),
            lon=np.float64("nan"),
            passed=np.float64(0.0), seen=np.float64(0.0), followed=np.float64(0.0),
            through=np.int64(0),
        )  # fmt: skip

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Ships that have left a route, while they are where hardly anybody goes."""
        kept, table = self._kept, scene.things
        kept.grow(table.count)
        self._judge(scene, reports, scene.traffic.ways)
        if scene.traffic.days < self.settings.least_days:
            return
        off = np.flatnonzero(kept["off"] >= self.settings.off_cells)
        least_m = self.settings.column("least_off_m", scene, off.astype(np.int32))
        for thing, far_m in zip(off.tolist(), least_m.tolist(), strict=True):
            if scene.now_us - table.valid_us[thing] > GONE_S * 1e6:
                kept["off"][thing] = kept["kept"][thing] = 0
                continue
            away_m = distance_m(
                kept["lat"][thing], kept["lon"][thing], table.lat[thing], table.lon[thing]
            )
            if away_m >= far_m:
                yield self._finding(scene, thing, float(away_m))

    def _judge(self, scene: Scene, reports: Reports, ways: Passages) -> None:
        """Say of each passage whether it keeps to a route, or is off one."""
        ways = ways.take(np.isin(ways.kind, KINDS))
        kept, thing = self._kept, ways.thing
        courses = scene.traffic.passed.courses(ways.cell)
        toward = (ways.course[:, None] + np.array([-1, 0, 1])) % COURSES
        same = np.take_along_axis(courses, toward, 1).sum(axis=1)
        on = same >= self.settings.least_passed
        self._forget(scene, reports, ways)
        had_kept = kept["kept"][thing] >= self.settings.kept_cells
        empty = had_kept & (courses.sum(axis=1) <= EMPTY)
        empty &= ~scene.things.has_status(SLOW_STATUSES, thing)
        kept["kept"][thing[on]] += 1
        kept["off"][thing[~empty]] = 0
        self._note_route(scene, reports, ways.take(on), same[on])
        for at in np.flatnonzero(empty).tolist():
            row = int(thing[at])
            near = around(int(ways.cell[at]), 1)
            own = float(kept["through"][row] in near)  # its own way has been counted
            about = max(0.0, float(scene.traffic.passed.kinds(near).sum()) - own)
            is_off = about <= max(EMPTY, self.settings.hardly_share * kept["passed"][row])
            is_off &= kept["followed"][row] >= self.settings.least_followed
            kept["off"][row] = kept["off"][row] + 1 if is_off else 0
            kept["seen"][row] = about
        kept["through"][thing] = np.where(empty, ways.cell, 0)

    def _forget(self, scene: Scene, reports: Reports, ways: Passages) -> None:
        """Who was on no route for a while has left none; nor has who cannot have come here."""
        kept, thing, row = self._kept, ways.thing, ways.row
        gone_s = (reports.valid_us[row] - kept["us"][thing]) / 1e6
        away_m = distance_m(
            kept["lat"][thing], kept["lon"][thing], reports.lat[row], reports.lon[row]
        )
        forget = (gone_s > FORGOTTEN_S) & (kept["off"][thing] == 0)
        forget |= away_m > JUMPED_M + 1.5 * ways.speed_mps * gone_s
        kept["kept"][thing[forget]] = 0

    def _note_route(
        self, scene: Scene, reports: Reports, ways: Passages, same: NDArray[np.float64]
    ) -> None:
        kept, thing, row = self._kept, ways.thing, ways.row
        lat, lon = reports.lat[row], reports.lon[row]
        kept["us"][thing], kept["lat"][thing], kept["lon"][thing] = reports.valid_us[row], lat, lon
        states = States(
            lat, lon, ways.speed_mps, reports.course_deg[row], np.full(len(row), SEA)
        )  # fmt: skip
        followed = scene.forecaster.flow.parts(states, HALF_AN_HOUR)[2]
        # Where it begins to turn it is no longer as those that were followed: remember for a while.
        kept["followed"][thing] = np.maximum(followed, kept["followed"][thing] / 4.0)
        kept["passed"][thing] = same

    def _finding(self, scene: Scene, thing: int, away_m: float) -> Finding:
        kept, table = self._kept, scene.things
        since_us, now_us = int(kept["us"][thing]), int(table.valid_us[thing])
        name, learned = table.name_of(thing), days(scene.traffic.days)
        passed, away = number(float(kept["passed"][thing])), distance(away_m)
        left, seen = when(since_us, now_us), round(float(kept["seen"][thing]))
        many = f"{seen} passage{'s' if seen > 1 else ''}"
        few = (f"with {many}", f"avec {many}") if seen else ("with no passage", "sans passage")
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=0.5,
            reason=Reason(
                f"{name} left {left[0]} a way that was taken {passed[0]} times in "
                f"{learned[0]}, and is {away[0]} from there, {few[0]} around it",
                f"{name} a quitté {left[1]} une route prise {passed[1]} fois en "
                f"{learned[1]}, et en est à {away[1]}, {few[1]} alentour",
            ),
            figures={
                "passed": round(float(kept["passed"][thing])),
                "seen_around": seen,
                "from_route_m": round(away_m),
            },
            evidence=(Evidence(thing, since_us), Evidence(thing, now_us)),
        )
