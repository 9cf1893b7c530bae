"""Jump: a thing's positions go on where it cannot have got to.

What :mod:`alliage.detection.jumps` confirms, told once it is clear that no others jumped alike at
the same time (that is :mod:`alliage.detection.detectors.displaced_region`'s). It lasts until the
positions are back where the thing can be. So looks satellite navigation that is disturbed or
deceived, and a transponder that is made to lie.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from pydantic import Field

from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.displaced import Displaced
from alliage.detection.jumps import Jump
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import distance, duration, knots


class JumpSettings(DetectorSettings):
    """Which jumps are told."""

    least_jump_m: float = Field(
        default=3_000.0, ge=2_000, description="How far at least the positions have to jump."
    )
    lasts_s: float = Field(
        default=3_600.0, ge=60, description="How long it lasts if the positions do not come back."
    )


class JumpDetector:
    """Things whose positions jumped."""

    name: ClassVar[str] = "jump"
    version: ClassVar[int] = 3
    title: ClassVar[Reason] = Reason("Position jump", "Saut de position")
    linger_s: ClassVar[float] = 600.0
    settings_type: ClassVar[type[DetectorSettings]] = JumpSettings

    def __init__(self, settings: JumpSettings) -> None:
        self.settings = settings
        self._displaced = Displaced(settings.lasts_s)

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Things that jumped, alone, and are not back."""
        self._displaced.take(scene, reports)
        for jump in self._displaced.alone():
            if jump.distance_m >= self.settings.least_jump_m:
                yield _finding(scene, jump)


def _finding(scene: Scene, jump: Jump) -> Finding:
    name, needed_mps = scene.things.name_of(jump.thing), jump.distance_m / jump.step_s
    far, within, needed = distance(jump.distance_m), duration(jump.step_s), knots(needed_mps)
    return Finding(
        things=(jump.thing,),
        since_us=jump.after.valid_us,
        probability=0.99,
        reason=Reason(
            f"{name} jumped {far[0]} within {within[0]}, for which it would have had to go "
            f"{needed[0]}: its reported position cannot be right",
            f"{name} a sauté de {far[1]} en {within[1]}, ce qui demanderait {needed[1]} : "
            "sa position annoncée ne peut être juste",
        ),
        figures={
            "distance_m": round(jump.distance_m),
            "step_s": round(jump.step_s, 1),
            "needed_mps": round(needed_mps),
        },
        evidence=(
            Evidence(jump.thing, jump.before.valid_us),
            Evidence(jump.thing, jump.after.valid_us),
        ),
    )
