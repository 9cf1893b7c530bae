"""Claimed type: a ship goes faster than ships of the type that she says she is.

The limits lie well above what is built: the fastest container ships were made for 29 knots, tankers
for 17, tugs for 16. A current under a fast one is allowed for, a satellite fix that jumps is not
enough: the speed is reported and made good in a straight line for ten minutes. Either the type is
wrong, as in many transponders it is, or somebody else uses the identity.
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
from alliage.detection.wording import KNOT_MPS, knots, since
from alliage.geo.flat import distance_m

MOST_KNOTS: Final = {
    "tanker": 25.0, "cargo": 33.0, "tug": 24.0, "towing": 24.0, "towing_long": 24.0,
    "dredging": 24.0, "fishing": 32.0,
}  # fmt: skip

MADE_GOOD: Final = 0.9
"""Of the limit, in a straight line: the same ship may have turned a little."""


class ClaimedTypeSettings(DetectorSettings):
    """When a speed is too much for a type."""

    lasts_s: float = Field(default=600.0, ge=60, description="For how long it has to be so.")
    margin: float = Field(
        default=1.0, gt=0.5, le=3, description="By what the types' greatest speeds are multiplied."
    )


class ClaimedType:
    """Ships that are too fast for what they say they are."""

    name: ClassVar[str] = "claimed_type"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("Type does not fit", "Type incohérent")
    linger_s: ClassVar[float] = 1_800.0
    settings_type: ClassVar[type[DetectorSettings]] = ClaimedTypeSettings

    def __init__(self, settings: ClaimedTypeSettings) -> None:
        self.settings = settings
        nan = np.float64("nan")
        self._kept = Kept(since_us=np.int64(0), lat=nan, lon=nan)
        self._slowest_mps = min(MOST_KNOTS.values()) * KNOT_MPS * settings.margin

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Ships that have been too fast for long enough."""
        kept, table = self._kept, scene.things
        kept.grow(table.count)
        last = reports.is_last
        fast = last & (reports.speed_mps >= self._slowest_mps)
        kept["since_us"][reports.thing[last & ~fast]] = 0
        rows = np.flatnonzero(fast)
        rows = rows[table.is_a("Vessel", reports.thing[rows])]
        for row, thing in zip(rows.tolist(), reports.thing[rows].tolist(), strict=True):
            knots_most = MOST_KNOTS.get(str(table.words[thing].get("ship_type")))
            most_mps = (knots_most or np.inf) * KNOT_MPS * self.settings.margin
            now_us = int(reports.valid_us[row])
            if reports.speed_mps[row] < most_mps:
                kept["since_us"][thing] = 0
            elif kept["since_us"][thing] == 0:
                kept["since_us"][thing] = now_us
                kept["lat"][thing], kept["lon"][thing] = reports.lat[row], reports.lon[row]
            elif self._holds(scene, thing, most_mps):
                yield self._finding(scene, thing, most_mps)

    def _holds(self, scene: Scene, thing: int, most_mps: float) -> bool:
        kept, table = self._kept, scene.things
        lasts_s = (int(table.valid_us[thing]) - int(kept["since_us"][thing])) / 1e6
        way_m = distance_m(
            kept["lat"][thing], kept["lon"][thing], table.lat[thing], table.lon[thing]
        )
        made_good = bool(way_m >= MADE_GOOD * most_mps * lasts_s)
        return lasts_s >= self.settings.lasts_s and made_good

    def _finding(self, scene: Scene, thing: int, most_mps: float) -> Finding:
        table, since_us = scene.things, int(self._kept["since_us"][thing])
        now_us, speed_mps = int(table.valid_us[thing]), float(table.speed_mps[thing])
        name, begun = table.name_of(thing), since(since_us, now_us)
        speed, most = knots(speed_mps), knots(most_mps)
        en, fr = _titles(scene, str(table.words[thing].get("ship_type")))
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=0.85,
            reason=Reason(
                f"{name} says that it is of type “{en}”, but has gone {speed[0]} {begun[0]}; "
                f"such ships do not go {most[0]}",
                f"{name} se dit de type « {fr} », mais va à {speed[1]} {begun[1]} ; "
                f"de tels navires ne vont pas à {most[1]}",
            ),
            figures={"speed_mps": round(speed_mps, 2), "most_mps": round(most_mps, 2)},
            evidence=(Evidence(thing, since_us), Evidence(thing, now_us)),
        )


def _titles(scene: Scene, ship_type: str) -> tuple[str, str]:
    choices = scene.ontology.schemata["Vessel"].properties["ship_type"].choices
    title = choices[ship_type]
    return title["en"], title["fr"]
