"""Unusual way: a ship goes against the traffic, or far faster or slower than its kind does there.

What is usual is learned (:mod:`alliage.detection.traffic`). A water where nine of ten passages go
one way, and hardly any the other, is a lane: in a traffic separation scheme to go against it is
forbidden (COLREG rule 10 b), and elsewhere it is still what others do not expect. A speed is
unusual if 99 of 100 of the kind stay far below, or above, it. Nothing is said before a few days
were learned nor where few have passed, nor of one cell alone: what is looked for goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alliage.detection.columns import Kept
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.passed import COURSES, SPEEDS_KN
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.slow import SLOW_STATUSES
from alliage.detection.traffic import CARGO, FAST, FISHING, NAMES, PASSENGER, TANKER, Passages
from alliage.detection.wording import COMPASS, KNOT_MPS, days, knots, number, since

KINDS: Final = (CARGO, TANKER, PASSENGER, FAST, FISHING)
"""Whose ways are told of: who works at sea or sails for pleasure goes as it pleases."""

GONE_S: Final = 600.0

NOTHING, AGAINST, TOO_FAST, TOO_SLOW = range(4)
_PROBABILITY: Final = (0.0, 0.7, 0.6, 0.5)


class UnusualWaySettings(DetectorSettings):
    """When a way is unusual."""

    least_days: float = Field(default=3.0, ge=0.1, description="Before it is too little learned.")
    least_passed: float = Field(
        default=100.0, ge=10, description="Where fewer have passed nothing is usual."
    )
    against_share: float = Field(
        default=0.9, ge=0.5, le=1, description="Part of the passages that go the other way."
    )
    with_share: float = Field(
        default=0.01, ge=0, le=0.5, description="At most such a part goes as this ship does."
    )
    cells: float = Field(default=4.0, ge=1, description="So many cells in a row it is so.")
    faster: float = Field(
        default=1.5, ge=1.1, description="Times the speed below which 99 of 100 stay."
    )
    slower: float = Field(
        default=0.5, ge=0.1, le=0.9, description="Part of the speed above which 99 of 100 stay."
    )
    least_usual_mps: float = Field(
        default=4.0, ge=1, description="Where they stay above less than this none is too slow."
    )


class UnusualWay:
    """Ships that go as nobody does there."""

    name: ClassVar[str] = "unusual_way"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("Unusual way", "Route inhabituelle")
    linger_s: ClassVar[float] = 900.0
    settings_type: ClassVar[type[DetectorSettings]] = UnusualWaySettings

    def __init__(self, settings: UnusualWaySettings) -> None:
        self.settings = settings
        self._kept = Kept(
            what=np.int8(NOTHING), cells=np.int32(0), since_us=np.int64(0), passed=np.float64(0.0),
            share=np.float64(0.0), bound_mps=np.float64(0.0), course=np.int8(0), kind=np.int8(0),
        )  # fmt: skip

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Ships that have gone so for some cells, until they go otherwise."""
        kept, table = self._kept, scene.things
        kept.grow(table.count)
        if scene.traffic.days < self.settings.least_days:
            return
        self._judge(scene, scene.traffic.ways)
        least = np.where(kept["what"] == AGAINST, 1, 2) * self.settings.cells
        unusual = np.flatnonzero((kept["what"] != NOTHING) & (kept["cells"] >= least))
        for thing in unusual.astype(np.int32).tolist():
            if scene.now_us - table.valid_us[thing] > GONE_S * 1e6:
                kept["what"][thing] = NOTHING
            else:
                yield self._finding(scene, thing)

    def _judge(self, scene: Scene, ways: Passages) -> None:
        """Say of each passage of this look whether it is unusual, and in which respect."""
        ways = ways.take(np.isin(ways.kind, KINDS))
        kept, thing = self._kept, ways.thing
        what = np.zeros(len(thing), np.int8)
        passed, share, bound_mps = (np.zeros(len(thing)) for _ in range(3))
        low_mps, high_mps, of_kind = self._usual_speeds(scene, ways)
        column = partial(self.settings.column, scene=scene, things=thing)
        knows = of_kind >= column("least_passed")
        slow = knows & (low_mps >= self.settings.least_usual_mps)
        slow &= ways.speed_mps <= column("slower") * low_mps
        fast = knows & (ways.speed_mps >= column("faster") * high_mps)
        for one, flags, bound in ((TOO_SLOW, slow, low_mps), (TOO_FAST, fast, high_mps)):
            what[flags], bound_mps[flags], passed[flags] = one, bound[flags], of_kind[flags]
        against, all_passed, against_share = self._against(scene, ways)
        what[against], passed[against] = AGAINST, all_passed[against]
        share[against] = against_share[against]
        what[scene.things.has_status(SLOW_STATUSES, thing)] = NOTHING
        goes_on = (what != NOTHING) & (what == kept["what"][thing])
        kept["cells"][thing] = np.where(goes_on, kept["cells"][thing] + 1, 1)
        now_us = scene.things.valid_us[thing]
        kept["since_us"][thing] = np.where(goes_on, kept["since_us"][thing], now_us)
        for name, values in (
            ("what", what), ("passed", passed), ("share", share), ("bound_mps", bound_mps),
            ("course", ways.course), ("kind", ways.kind),
        ):  # fmt: skip
            kept[name][thing] = values

    def _against(
        self, scene: Scene, ways: Passages
    ) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
        """Which go against a lane, how many passed, and what part of them the other way."""
        courses = scene.traffic.passed.courses(ways.cell)
        passed = courses.sum(axis=1)
        toward = (ways.course[:, None] + np.array([-1, 0, 1])) % COURSES
        same = np.take_along_axis(courses, toward, 1).sum(axis=1)
        other = np.take_along_axis(courses, (toward + COURSES // 2) % COURSES, 1).sum(axis=1)
        against = (passed >= self.settings.column("least_passed", scene, ways.thing)) & (
            same <= self.settings.with_share * passed
        )
        against &= other >= self.settings.against_share * passed
        return against, passed, other / np.maximum(passed, 1.0)

    def _usual_speeds(
        self, scene: Scene, ways: Passages
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Above and below which speed 99 of 100 of the kind stay there, and how many passed."""
        speeds = scene.traffic.passed.speeds(ways.cell, ways.kind)
        passed = speeds.sum(axis=1)
        below = np.cumsum(speeds, axis=1)
        bounds = np.concatenate([[0.0], SPEEDS_KN, [np.inf]]) * KNOT_MPS
        low = bounds[(below <= 0.01 * passed[:, None]).sum(axis=1).clip(0, len(SPEEDS_KN))]
        high = bounds[(below < 0.99 * passed[:, None]).sum(axis=1).clip(0, len(SPEEDS_KN)) + 1]
        return low, high, passed

    def _finding(self, scene: Scene, thing: int) -> Finding:
        kept, table = self._kept, scene.things
        what, since_us = int(kept["what"][thing]), int(kept["since_us"][thing])
        passed, speed_mps = float(kept["passed"][thing]), float(table.speed_mps[thing])
        figures = {"passed": round(passed), "speed_mps": round(speed_mps, 1)}
        if what == AGAINST:
            figures["against_percent"] = round(100.0 * float(kept["share"][thing]), 1)
        else:
            figures["usual_mps"] = round(float(kept["bound_mps"][thing]), 1)
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=_PROBABILITY[what],
            reason=self._reason(scene, thing, what, since_us),
            figures=figures,
            evidence=(Evidence(thing, since_us), Evidence(thing, int(table.valid_us[thing]))),
        )

    def _reason(self, scene: Scene, thing: int, what: int, since_us: int) -> Reason:
        kept, table = self._kept, scene.things
        name, course = table.name_of(thing), int(kept["course"][thing])
        speed = knots(float(table.speed_mps[thing]))
        begun = since(since_us, int(table.valid_us[thing]))
        passed, learned = number(float(kept["passed"][thing])), days(scene.traffic.days)
        if what == AGAINST:
            ahead, other = COMPASS[course], COMPASS[(course + COURSES // 2) % COURSES]
            share = number(100.0 * float(kept["share"][thing]))
            return Reason(
                f"{name} has gone {ahead[0]} {begun[0]} at {speed[0]}, where {share[0]} % of "
                f"{passed[0]} passages in {learned[0]} went {other[0]}",
                f"{name} va vers {ahead[1]} {begun[1]} à {speed[1]}, alors que {share[1]} % "
                f"de {passed[1]} passages en {learned[1]} allaient vers {other[1]}",
            )
        kind, bound = NAMES[int(kept["kind"][thing])], knots(float(kept["bound_mps"][thing]))
        side = ("slower", "moins") if what == TOO_FAST else ("faster", "plus")
        than = f"{side[1]} de {bound[1]}"
        return Reason(
            f"{name} has gone at {speed[0]} {begun[0]}, where 99 % of {passed[0]} passages of "
            f"{kind[0]} in {learned[0]} were {side[0]} than {bound[0]}",
            f"{name} va à {speed[1]} {begun[1]}, alors que 99 % de {passed[1]} passages de "
            f"{kind[1]} en {learned[1]} se faisaient à {than}",
        )
