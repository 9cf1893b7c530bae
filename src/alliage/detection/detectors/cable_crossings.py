"""Cable crossings: a ship crosses one cable or pipeline again and again.

A passage crosses a cable once. Who crosses it four times within three hours works over it, surveys
it or drags something across it. A crossing counts when the ship has been clearly on one side and
then is clearly on the other, so that one who lies over a cable does not cross it with the noise of
her position. Ferries cross for their living, and are left alone, as are those who work at sea.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from pydantic import Field

from alliage.detection import called
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.features import Feature
from alliage.detection.scene import Reports, Scene
from alliage.detection.seabed import FARTHEST_M, Seabed
from alliage.detection.settings import DetectorSettings
from alliage.detection.slow import SLOW_TRADES
from alliage.detection.wording import duration

FERRIES = ("passenger", "high_speed")


class CableCrossingsSettings(DetectorSettings):
    """How often is many times."""

    least_crossings: int = Field(default=4, ge=2, description="So many crossings of one line.")
    within_s: float = Field(
        default=10_800.0, ge=600, description="Crossings of one line are counted over so long."
    )
    clear_m: float = Field(
        default=150.0, ge=20, le=1_000, description="How far off it is clearly on one side."
    )


@dataclass(slots=True)
class _Side:
    """On which side of a line a thing clearly was last, and when it crossed."""

    is_right: bool
    at_us: list[int] = field(default_factory=list)
    seen_us: int = 0


class CableCrossings:
    """Ships that cross one line many times."""

    name: ClassVar[str] = "cable_crossings"
    version: ClassVar[int] = 2
    title: ClassVar[Reason] = Reason("Crossings of a cable", "Passages sur un câble")
    linger_s: ClassVar[float] = 1_800.0
    settings_type: ClassVar[type[DetectorSettings]] = CableCrossingsSettings

    def __init__(self, settings: CableCrossingsSettings) -> None:
        self.settings = settings
        self._seabed = Seabed()
        self._sides: dict[tuple[int, str], _Side] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Ships whose last crossing makes it too many."""
        self._seabed.refresh(scene)
        if not self._seabed.lines:
            return
        rows = np.flatnonzero(reports.is_last)
        near = self._seabed.near(reports.lat[rows], reports.lon[rows], FARTHEST_M)
        clear = near.is_beside & (np.abs(near.off_m) >= self.settings.clear_m)
        rows = rows[near.place[clear]]
        is_ship = scene.things.is_a("Vessel", reports.thing[rows])
        columns = (reports.thing[rows], near.line[clear], near.off_m[clear] > 0)
        for thing, number, is_right, valid_us in zip(
            *(column[is_ship].tolist() for column in columns),
            reports.valid_us[rows[is_ship]].tolist(),
            strict=True,
        ):
            line = self._seabed.lines[number]
            side = self._note(thing, line, is_right, valid_us)
            if len(side.at_us) >= self.settings.least_crossings and self._may(scene, thing):
                yield self._finding(scene, thing, line, side)
        self._forget(scene.now_us)

    def _note(self, thing: int, line: Feature, is_right: bool, valid_us: int) -> _Side:
        side = self._sides.setdefault((thing, line.identifier), _Side(is_right))
        if side.is_right != is_right:
            side.is_right = is_right
            side.at_us.append(valid_us)
        side.at_us = [us for us in side.at_us if valid_us - us <= self.settings.within_s * 1e6]
        side.seen_us = valid_us
        return side

    def _may(self, scene: Scene, thing: int) -> bool:
        """Whether its crossings mean anything: see the head of this file."""
        row = np.array([thing], np.int32)
        trades = SLOW_TRADES.union(FERRIES)
        fishes = scene.things.has_status(("engaged_in_fishing",), row)[0]
        return not (fishes or scene.things.is_of(trades, row)[0])

    def _forget(self, now_us: int) -> None:
        if len(self._sides) % 256 == 0:  # now and then, when the table has grown
            kept_us = self.settings.within_s * 1e6
            self._sides = {k: s for k, s in self._sides.items() if now_us - s.seen_us <= kept_us}

    def _finding(self, scene: Scene, thing: int, line: Feature, side: _Side) -> Finding:
        name, times = scene.things.name_of(thing), len(side.at_us)
        lasts, over = duration((side.seen_us - side.at_us[0]) / 1e6), called.feature(scene, line)
        return Finding(
            things=(thing,),
            since_us=side.at_us[0],
            probability=min(0.95, 0.6 + 0.05 * times),
            reason=Reason(
                f"{name} has crossed {over[0]} {times} times in {lasts[0]}",
                f"{name} a franchi {times} fois {over[1]} en {lasts[1]}",
            ),
            figures={"crossings": times},
            evidence=tuple(Evidence(thing, us) for us in side.at_us),
            area=line.identifier,
        )
