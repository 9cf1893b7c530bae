"""Displaced region: several things jump alike at once, by one offset or to one place.

One transponder may be at fault or made to lie; four that jump together have satellite navigation
that is disturbed or deceived where they are. One alert about the region names them all, in place of
one for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import numpy as np
from pydantic import Field

from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.displaced import Displaced, Group
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import distance, some


class DisplacedRegionSettings(DetectorSettings):
    """How long a region is told of."""

    lasts_s: float = Field(
        default=3_600.0, ge=60, description="How long it lasts if the positions do not come back."
    )


class DisplacedRegion:
    """Regions whose things are displaced alike."""

    name: ClassVar[str] = "displaced_region"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("Region of false positions", "Zone de positions fausses")
    linger_s: ClassVar[float] = 900.0
    settings_type: ClassVar[type[DetectorSettings]] = DisplacedRegionSettings

    def __init__(self, settings: DisplacedRegionSettings) -> None:
        self.settings = settings
        self._displaced = Displaced(settings.lasts_s)

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Groups of things that jumped alike, and of which some are not back."""
        self._displaced.take(scene, reports)
        for group in self._displaced.groups():
            yield _finding(scene, group)


def _finding(scene: Scene, group: Group) -> Finding:
    jumps, count = group.jumps, len(group.jumps) + group.others
    names = some([scene.things.name_of(jump.thing) for jump in jumps])
    far_m = float(np.median([jump.distance_m for jump in jumps]))
    far = distance(far_m)
    return Finding(
        things=tuple(jump.thing for jump in jumps),
        since_us=jumps[0].after.valid_us,
        probability=0.97,
        reason=Reason(
            f"{count} jumped alike at once, by about {far[0]}: {names[0]}; satellite navigation is "
            "disturbed or deceived there",
            f"{count} ont sauté ensemble et de même façon, d'environ {far[1]} : {names[1]} ; la "
            "navigation par satellite y est brouillée ou leurrée",
        ),
        lat=float(np.mean([jump.before.lat for jump in jumps])),
        lon=float(np.mean([jump.before.lon for jump in jumps])),
        figures={"things": count, "distance_m": round(far_m)},
        evidence=tuple(Evidence(jump.thing, jump.after.valid_us) for jump in jumps),
        priority=True,
    )
