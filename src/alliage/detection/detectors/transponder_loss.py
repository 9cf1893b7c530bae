"""Transponder loss: an aircraft at height is no longer heard, where others about it are.

As :mod:`~alliage.detection.detectors.silence` for ships, with the air's measures: ADS-B reports
twice a second (DO-260B, 2.2.3.3), so minutes of silence are long, and others count as near at a
greater distance, as line of sight reaches farther up there. What was last heard low has landed or
gone below the horizon, and is left alone. What comes back after an hour or more is on another
flight, of which nothing is known yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np
from pydantic import Field

from alliage.detection.absence import Absence, Measure, Rows
from alliage.detection.columns import Kept
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.coverage import Coverage
from alliage.detection.learned import Tables
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import duration, number, since
from alliage.ontology.derived import plots_of

HIGH_US: Final = 600_000_000
"""For so long it has not been low: single heights are wrong, of one that has just landed too."""


class TransponderLossSettings(DetectorSettings):
    """When an aircraft counts as lost."""

    least_s: float = Field(default=180.0, ge=20, description="A shorter silence is none.")
    intervals: float = Field(
        default=20.0, ge=3, description="A silence of fewer of its own usual intervals is none."
    )
    least_altitude_m: float = Field(
        default=3_000.0, ge=0, description="What was last heard lower may have landed."
    )
    least_speed_mps: float = Field(default=40.0, ge=0, description="Slower things do not fly.")
    near_m: float = Field(
        default=60_000.0, ge=1_000, description="How far away others still tell of reception here."
    )
    least_probability: float = Field(default=0.75, ge=0, le=1, description="Less is not told.")
    longest_s: float = Field(
        default=3_600.0, ge=300, description="What has been silent for longer has landed."
    )


class TransponderLoss:
    """Aircraft that are no longer heard."""

    name: ClassVar[str] = "transponder_loss"
    version: ClassVar[int] = 3
    title: ClassVar[Reason] = Reason("Transponder lost", "Transpondeur perdu")
    linger_s: ClassVar[float] = 1.0
    settings_type: ClassVar[type[DetectorSettings]] = TransponderLossSettings

    def __init__(self, settings: TransponderLossSettings) -> None:
        self.settings = settings
        measure = Measure(
            lambda scene, things: settings.column("least_s", scene, things),
            settings.intervals, settings.near_m, settings.least_probability, settings.longest_s,
            anew_s=settings.longest_s,
        )  # fmt: skip
        self._absence = Absence(Coverage(cell_deg=0.25, half_life_h=24.0), measure)
        self._kept = Kept(low_us=np.int64(0))

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Aircraft that are not heard, and once more those that are heard again."""
        self._kept.grow(scene.things.count)
        low = reports.altitude_m < self.settings.least_altitude_m
        self._kept["low_us"][reports.thing[low]] = reports.valid_us[low]
        back = self._absence.take(scene, reports, self._flies(scene, reports.thing))
        for thing in back.tolist():
            first = int(np.flatnonzero(reports.thing == thing)[0])
            yield self._heard_again(scene, thing, int(reports.before_us[first]))
        dark = self._absence.judge(scene, self._watched(scene))
        followed = self._absence.is_followed(scene, dark)
        for thing, goes_on in zip(dark.tolist(), followed.tolist(), strict=True):
            yield self._lost(scene, thing, goes_on)

    def dump(self, scene: Scene) -> Tables:
        """Where aircraft are heard, and which are silent."""
        return self._absence.dump(scene, self._watched(scene))

    def load(self, scene: Scene, tables: Tables) -> None:
        """Take that back."""
        self._absence.load(scene, tables)

    def _watched(self, scene: Scene) -> Rows:
        self._kept.grow(scene.things.count)
        watched = scene.live(self.settings.longest_s)
        return np.asarray(watched[self._flies(scene, watched)])

    def _flies(self, scene: Scene, things: Rows) -> np.ndarray:
        """Which aircraft were at height when last heard; what a sensor follows says nothing."""
        table = scene.things
        says = np.array([plots_of(stream) is None for stream in table.streams], np.bool_)
        flies = table.is_a("Aircraft", things) & says[table.stream[things]]
        flies &= table.altitude_m[things] >= self.settings.least_altitude_m
        flies &= table.valid_us[things] - self._kept["low_us"][things] >= HIGH_US
        return flies & (table.speed_mps[things] >= self.settings.least_speed_mps)

    def _lost(self, scene: Scene, thing: int, goes_on: bool) -> Finding:
        kept, table = self._absence.kept, scene.things
        name, last_us = table.name_of(thing), int(table.valid_us[thing])
        silent = since(last_us, scene.now_us)
        height = number(round(float(table.altitude_m[thing]), -2))
        heard, around = int(kept["heard"][thing]), int(kept["around"][thing])
        probability = float(kept["probability"][thing])
        seen = (
            ("; a sensor still follows it", " ; un capteur le suit encore") if goes_on else ("", "")
        )
        return Finding(
            things=(thing,),
            since_us=last_us,
            probability=1.0 - 0.4 * (1.0 - probability) if goes_on else probability,
            reason=Reason(
                f"{name} has not been heard {silent[0]}, last at {height[0]} m; {heard} of "
                f"{around} aircraft around it were{seen[0]}",
                f"{name} n'est plus reçu {silent[1]}, en dernier à {height[1]} m ; {heard} "
                f"aéronefs sur {around} alentour l'étaient{seen[1]}",
            ),
            figures={
                "silent_s": round((scene.now_us - last_us) / 1e6),
                "altitude_m": round(float(table.altitude_m[thing])),
                "heard_around": heard,
            },
            evidence=(Evidence(thing, last_us),),
        )

    def _heard_again(self, scene: Scene, thing: int, last_us: int) -> Finding:
        now_us, name = int(scene.things.valid_us[thing]), scene.things.name_of(thing)
        silent = duration((now_us - last_us) / 1e6)
        return Finding(
            things=(thing,),
            since_us=last_us,
            probability=float(self._absence.kept["probability"][thing]),
            reason=Reason(
                f"{name} is heard again after {silent[0]}",
                f"{name} est de nouveau reçu après {silent[1]}",
            ),
            figures={"silent_s": round((now_us - last_us) / 1e6)},
            evidence=(Evidence(thing, last_us), Evidence(thing, now_us)),
        )
