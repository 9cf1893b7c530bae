"""Unusual place: a merchant ship is where its kind is hardly ever seen, though others are.

What is usual is learned (:mod:`alliage.detection.traffic`). The kind's part of the traffic in the
cells around tells how many of the many ships that passed here should have been of it; where that
is twenty and at most one was, chance is no explanation (a Poisson variable of mean 20 is 0 or 1
once in 20 million times). So neither an empty sea nor one where the kind is rare anyhow is told of,
nor is a ship that has gone before it could have crossed a cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np
from pydantic import Field

from alliage.detection.columns import Kept
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.grid import around
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.slow import SLOW_STATUSES
from alliage.detection.traffic import CARGO, NAMES, PASSENGER, TANKER
from alliage.detection.wording import days, number, since

KINDS: Final = (CARGO, TANKER, PASSENGER)
"""Who goes from port to port; others go anywhere."""

RINGS: Final = 2
"""The cells around: 18, to about 15 km away."""

GONE_S: Final = 600.0


class UnusualPlaceSettings(DetectorSettings):
    """When a place is unusual for a kind."""

    least_days: float = Field(default=5.0, ge=0.1, description="Before it is too little learned.")
    least_passed: float = Field(
        default=100.0, ge=10, description="Where fewer have passed nothing is usual."
    )
    expected: float = Field(
        default=20.0, ge=3, description="So many of its kind should have passed there."
    )
    most_seen: float = Field(
        default=1.0, ge=0, description="At most so many of its kind passed there."
    )
    stays_s: float = Field(default=1_200.0, ge=0, description="For so long it is there.")


class UnusualPlace:
    """Ships where their kind does not go."""

    name: ClassVar[str] = "unusual_place"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("Unusual place", "Lieu inhabituel")
    linger_s: ClassVar[float] = 900.0
    settings_type: ClassVar[type[DetectorSettings]] = UnusualPlaceSettings

    def __init__(self, settings: UnusualPlaceSettings) -> None:
        self.settings = settings
        self._kept = Kept(
            since_us=np.int64(0), expected=np.float64(0.0), seen=np.float64(0.0),
            passed=np.float64(0.0), kind=np.int8(0),
        )  # fmt: skip

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Ships that have been for a while where their kind does not go."""
        kept, table = self._kept, scene.things
        kept.grow(table.count)
        if scene.traffic.days < self.settings.least_days:
            return
        self._judge(scene)
        for thing in np.flatnonzero(kept["since_us"]).tolist():
            if scene.now_us - table.valid_us[thing] > GONE_S * 1e6:
                kept["since_us"][thing] = 0
            elif table.valid_us[thing] - kept["since_us"][thing] >= self.settings.stays_s * 1e6:
                yield self._finding(scene, thing)

    def _judge(self, scene: Scene) -> None:
        came = scene.traffic.places
        came = came.take(np.isin(came.kind, KINDS))
        kept, passed = self._kept, scene.traffic.passed
        by_kind = passed.kinds(came.cell)
        all_kinds, own = by_kind.sum(axis=1), by_kind[np.arange(len(came.kind)), came.kind]
        maybe = all_kinds >= self.settings.least_passed
        maybe &= (own < self.settings.most_seen + 0.5) & (own < 0.05 * all_kinds)
        maybe &= ~scene.things.has_status(SLOW_STATUSES, came.thing)
        kept["since_us"][came.thing[~maybe]] = 0
        least = self.settings.column("expected", scene, came.thing)
        for at in np.flatnonzero(maybe).tolist():
            thing, kind = int(came.thing[at]), int(came.kind[at])
            about = passed.kinds(around(int(came.cell[at]), RINGS)).sum(axis=0) - by_kind[at]
            expected = float(all_kinds[at] * about[kind] / max(about.sum(), 1.0))
            if expected < least[at] or about.sum() < self.settings.least_passed:
                kept["since_us"][thing] = 0
                continue
            kept["since_us"][thing] = kept["since_us"][thing] or scene.things.valid_us[thing]
            kept["expected"][thing], kept["seen"][thing] = expected, own[at]
            kept["passed"][thing], kept["kind"][thing] = all_kinds[at], kind

    def _finding(self, scene: Scene, thing: int) -> Finding:
        kept, table = self._kept, scene.things
        since_us, now_us = int(kept["since_us"][thing]), int(table.valid_us[thing])
        name, kind = table.name_of(thing), NAMES[int(kept["kind"][thing])]
        passed, seen = float(kept["passed"][thing]), round(float(kept["seen"][thing]))
        expected = float(kept["expected"][thing])
        begun, learned = since(since_us, now_us), days(scene.traffic.days)
        many, likely = number(passed), number(expected)
        few = ("none", "aucun") if seen == 0 else (f"{seen}", f"{seen}")
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=0.4,
            reason=Reason(
                f"{name} has been {begun[0]} where {kind[0]} hardly ever are: {few[0]} of "
                f"{many[0]} passages in {learned[0]} was by one, where by the traffic around "
                f"{likely[0]} would be expected",
                f"{name} est {begun[1]} là où il ne vient guère de {kind[1]} : {few[1]} sur "
                f"{many[1]} passages en {learned[1]}, contre {likely[1]} attendus d'après le "
                "trafic alentour",
            ),
            figures={
                "passed": round(passed),
                "of_its_kind": seen,
                "expected": round(expected, 1),
            },
            evidence=(Evidence(thing, since_us), Evidence(thing, now_us)),
        )
