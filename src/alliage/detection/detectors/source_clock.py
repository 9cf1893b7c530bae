"""Source clock: the times of a stream's reports have moved against those of the other streams.

How old the reports of a stream usually are when they come is learned of each: a satellite's are
older than a coast station's. Where that changes for one stream and not for the others, its clock,
or theirs, has jumped. That a clock has always been wrong cannot be seen here; systematic
differences of time between two streams are measured where their tracks are correlated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from pydantic import Field

from alliage.detection.contract import Finding, Reason
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import duration


class SourceClockSettings(DetectorSettings):
    """When a stream's times count as moved."""

    least_s: float = Field(default=30.0, ge=5, description="A smaller change is none.")
    spreads: float = Field(
        default=6.0,
        ge=1,
        description="A change of fewer usual spreads of the stream's ages is none.",
    )
    lasts_s: float = Field(default=120.0, ge=20, description="For how long it is so.")
    learn_looks: int = Field(default=60, ge=6, description="Looks before anything is said.")
    least_rows: int = Field(default=3, ge=1, description="Reports in a look that tell an age.")


@dataclass(slots=True)
class _Age:
    usual_s: float
    spread_s: float = 5.0
    looks: int = 0
    since_us: int = 0


class SourceClock:
    """Streams whose times have moved."""

    name: ClassVar[str] = "source_clock"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("A source's clock is off", "Horloge de source décalée")
    linger_s: ClassVar[float] = 300.0
    settings_type: ClassVar[type[DetectorSettings]] = SourceClockSettings

    def __init__(self, settings: SourceClockSettings) -> None:
        self.settings = settings
        self._ages: dict[int, _Age] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Streams whose reports have become older, or newer, than they are beside the others'."""
        ages_s = self._ages_now(scene, reports)
        for code, age_s in ages_s.items():
            self._ages.setdefault(code, _Age(age_s))
        if len(ages_s) < 2:
            return
        changes_s = {code: age_s - self._ages[code].usual_s for code, age_s in ages_s.items()}
        common_s = sorted(changes_s.values())[(len(changes_s) - 1) // 2]
        for code, change_s in changes_s.items():
            age, own = self._ages[code], self.settings
            moved_s = change_s - common_s
            is_off = abs(moved_s) > max(own.least_s, own.spreads * age.spread_s)
            if age.looks < own.learn_looks or not is_off:
                _learn(age, ages_s[code])
                continue
            age.since_us = age.since_us or scene.now_us
            if scene.now_us - age.since_us >= own.lasts_s * 1e6:
                yield self._finding(scene, code, age.since_us, moved_s)

    def _ages_now(self, scene: Scene, reports: Reports) -> dict[int, float]:
        """By code of a stream how old its reports of this look are, in the middle."""
        streams = scene.things.stream[reports.thing]
        found = {}
        for code in np.unique(streams).tolist():
            ages_us = scene.now_us - reports.valid_us[streams == code]
            if len(ages_us) >= self.settings.least_rows:
                found[code] = float(np.median(ages_us)) / 1e6
        return found

    def _finding(self, scene: Scene, code: int, since_us: int, moved_s: float) -> Finding:
        name, by = scene.things.streams[code], duration(abs(moved_s))
        way = ("later", "plus tard") if moved_s > 0 else ("earlier", "plus tôt")
        return Finding(
            things=(),
            stream=name,
            since_us=since_us,
            probability=0.85,
            reason=Reason(
                f"Reports of source {name} come {by[0]} {way[0]} than before, compared with "
                "those of the other sources: a clock has moved, or the line is slow",
                f"Les messages de la source {name} arrivent {by[1]} {way[1]} qu'avant, comparés à "
                "ceux des autres sources : une horloge a bougé, ou la ligne est lente",
            ),
            figures={"moved_s": round(moved_s, 1)},
        )


def _learn(age: _Age, age_s: float) -> None:
    share = 1.0 / min(360, age.looks + 1)
    if age.looks:
        age.spread_s += share * (abs(age_s - age.usual_s) - age.spread_s)
    age.usual_s += share * (age_s - age.usual_s)
    age.looks, age.since_us = age.looks + 1, 0
