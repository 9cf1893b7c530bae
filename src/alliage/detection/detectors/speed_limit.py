"""Speed limit: a ship goes faster than is allowed in an area.

Limits stand in the settings, by the names of areas, as no source of areas says them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import numpy as np
from pydantic import Field

from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.features import Feature, contains
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import knots, since

HEARD_S = 300.0


class SpeedLimitSettings(DetectorSettings):
    """Where how much is allowed."""

    limits_mps: dict[str, float] = Field(
        default_factory=dict, description="By the name of an area the speed allowed in it, m/s."
    )
    tolerance: float = Field(
        default=0.1, ge=0, le=1, description="By which part it may be exceeded before it counts."
    )
    lasts_s: float = Field(default=120.0, ge=0, description="For how long it is exceeded.")


class SpeedLimit:
    """Ships that go too fast where there is a limit."""

    name: ClassVar[str] = "speed_limit"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("Over the speed limit", "Excès de vitesse")
    linger_s: ClassVar[float] = 120.0
    settings_type: ClassVar[type[DetectorSettings]] = SpeedLimitSettings

    def __init__(self, settings: SpeedLimitSettings) -> None:
        self.settings = settings
        self._since: dict[tuple[str, int], int] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Ships that have been too fast in an area for long enough."""
        since: dict[tuple[str, int], int] = {}
        table = scene.things
        live = scene.live(HEARD_S) if self.settings.limits_mps else np.empty(0, np.int32)
        for area in scene.features.of("Thing"):
            limit_mps = self.settings.limits_mps.get(area.name)
            if limit_mps is None:
                continue
            fast = live[table.speed_mps[live] > limit_mps * (1.0 + self.settings.tolerance)]
            fast = fast[table.is_a("Vessel", fast)]
            fast = fast[contains(area, table.lat[fast], table.lon[fast])]
            for thing in fast.tolist():
                key = area.identifier, thing
                since[key] = self._since.get(key, int(table.valid_us[thing]))
                if int(table.valid_us[thing]) - since[key] >= self.settings.lasts_s * 1e6:
                    yield self._finding(scene, area, thing, limit_mps, since[key])
        self._since = since

    def _finding(
        self, scene: Scene, area: Feature, thing: int, limit_mps: float, since_us: int
    ) -> Finding:
        table = scene.things
        last_us, name = int(table.valid_us[thing]), table.name_of(thing)
        speed_mps = float(table.speed_mps[thing])
        speed, limit = knots(speed_mps), knots(limit_mps)
        begun = since(since_us, last_us)
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=0.9,
            reason=Reason(
                f"{name} has gone {speed[0]} in {area.name}, where {limit[0]} are allowed, "
                f"{begun[0]}",
                f"{name} va à {speed[1]} dans {area.name}, où {limit[1]} sont permis, {begun[1]}",
            ),
            figures={"speed_mps": round(speed_mps, 2), "limit_mps": round(limit_mps, 2)},
            evidence=(Evidence(thing, since_us), Evidence(thing, last_us)),
            area=area.identifier,
        )
