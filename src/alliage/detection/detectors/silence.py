"""Silence: a ship under way is no longer heard, where reception is good.

AIS is to be kept on at all times under way (SOLAS V/19.2.4.7, IMO resolution A.1106(29), 22), so a
ship that falls silent has switched it off or has a defect: both are worth a call. What lies moored
or anchored is left alone, as crews switch off in port; so is what leaves the reach of the stations.
How that is told apart is in :mod:`alliage.detection.absence`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np
from pydantic import Field

from alliage.detection.absence import Absence, Measure, Rows, expected_place
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.coverage import Coverage
from alliage.detection.learned import Tables
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import distance, duration, knots, since
from alliage.ontology.derived import plots_of

RESTS: Final = ("at_anchor", "moored", "aground")
READY_US: Final = 120_000_000
"""How often it is counted where silence could be told; for readers, it changes nothing else."""


class SilenceSettings(DetectorSettings):
    """When a ship counts as dark."""

    least_s: float = Field(default=600.0, ge=60, description="A shorter silence is none.")
    intervals: float = Field(
        default=15.0, ge=3, description="A silence of fewer of its own usual intervals is none."
    )
    least_speed_mps: float = Field(
        default=1.5, ge=0, description="Slower things may have been switched off at rest."
    )
    near_m: float = Field(
        default=20_000.0, ge=1_000, description="How far away others still tell of reception here."
    )
    least_probability: float = Field(default=0.75, ge=0, le=1, description="Less is not told.")
    longest_s: float = Field(
        default=43_200.0, ge=600, description="What has been silent for longer has gone."
    )


class Silence:
    """Ships that go dark."""

    name: ClassVar[str] = "silence"
    version: ClassVar[int] = 3
    title: ClassVar[Reason] = Reason("Gone silent", "Silence")
    linger_s: ClassVar[float] = 1.0
    settings_type: ClassVar[type[DetectorSettings]] = SilenceSettings

    def __init__(self, settings: SilenceSettings) -> None:
        self.settings = settings
        measure = Measure(
            lambda scene, things: settings.column("least_s", scene, things),
            settings.intervals, settings.near_m, settings.least_probability, settings.longest_s,
            steady_tells=True,
        )  # fmt: skip
        self._absence = Absence(Coverage(cell_deg=0.1, half_life_h=24.0), measure)
        self.ready: float = 0.0
        self._asked_us = 0

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Ships that are dark, and once more those that are heard again."""
        moves = self._moves(scene, reports.thing)
        before = reports.before_us
        for thing in self._absence.take(scene, reports, moves).tolist():
            first = int(np.flatnonzero(reports.thing == thing)[0])
            yield self._heard_again(scene, reports, first, int(before[first]))
        watched = self._watched(scene)
        if scene.now_us - self._asked_us >= READY_US or scene.now_us < self._asked_us:
            self._asked_us, self.ready = scene.now_us, self._absence.known_share(watched)
        dark = self._absence.judge(scene, watched)
        followed = self._absence.is_followed(scene, dark)
        for thing, goes_on in zip(dark.tolist(), followed.tolist(), strict=True):
            yield self._dark(scene, thing, goes_on)

    def dump(self, scene: Scene) -> Tables:
        """Where ships are heard, and which are silent."""
        return self._absence.dump(scene, self._watched(scene))

    def load(self, scene: Scene, tables: Tables) -> None:
        """Take that back."""
        self._absence.load(scene, tables)

    def _watched(self, scene: Scene) -> Rows:
        watched = scene.live(self.settings.longest_s)
        return np.asarray(watched[self._moves(scene, watched)])

    def _moves(self, scene: Scene, things: Rows) -> np.ndarray:
        """Which ships were under way when last heard; what a sensor follows says nothing itself."""
        table = scene.things
        says = np.array([plots_of(stream) is None for stream in table.streams], np.bool_)
        moves = table.is_a("Vessel", things) & says[table.stream[things]]
        moves &= table.speed_mps[things] >= self.settings.least_speed_mps
        return moves & ~table.has_status(RESTS, things)

    def _dark(self, scene: Scene, thing: int, goes_on: bool) -> Finding:
        kept, table = self._absence.kept, scene.things
        name, last_us = table.name_of(thing), int(table.valid_us[thing])
        silent_s, usual_s = (scene.now_us - last_us) / 1e6, float(kept["usual_s"][thing])
        heard, around = int(kept["heard"][thing]), int(kept["around"][thing])
        probability = float(kept["probability"][thing])
        silent, often = since(last_us, scene.now_us), duration(usual_s)
        others = _others(heard, around)
        seen_en = "; a sensor still follows it" if goes_on else ""
        seen_fr = " ; un capteur le suit encore" if goes_on else ""
        lat, lon = expected_place(scene, np.array([thing]))
        return Finding(
            things=(thing,),
            since_us=last_us,
            probability=1.0 - 0.4 * (1.0 - probability) if goes_on else probability,
            reason=Reason(
                f"{name} has been silent {silent[0]}, having reported every {often[0]}; "
                f"{others.en}{seen_en}",
                f"{name} se tait {silent[1]}, après un message toutes les {often[1]} ; "
                f"{others.fr}{seen_fr}",
            ),
            figures={
                "silent_s": round(silent_s),
                "usual_interval_s": round(usual_s, 1),
                "heard_around": heard,
                "expected_lat_deg": round(float(lat[0]), 4),
                "expected_lon_deg": round(float(lon[0]), 4),
            },
            evidence=(Evidence(thing, last_us),),
        )

    def _heard_again(self, scene: Scene, reports: Reports, row: int, last_us: int) -> Finding:
        thing, now_us = int(reports.thing[row]), int(reports.valid_us[row])
        way_m, silent_s = float(reports.step_m[row]), (now_us - last_us) / 1e6
        name, mean = scene.things.name_of(thing), knots(way_m / silent_s)
        silent, way = duration(silent_s), distance(way_m)
        return Finding(
            things=(thing,),
            since_us=last_us,
            probability=float(self._absence.kept["probability"][thing]),
            reason=Reason(
                f"{name} is heard again after {silent[0]}, {way[0]} further on: {mean[0]} on "
                "average",
                f"{name} est de nouveau reçu après {silent[1]}, {way[1]} plus loin : {mean[1]} "
                "en moyenne",
            ),
            figures={"silent_s": round(silent_s), "way_m": round(way_m)},
            evidence=(Evidence(thing, last_us), Evidence(thing, now_us)),
        )


def _others(heard: int, around: int) -> Reason:
    if not around:
        return Reason(
            "it had been heard steadily, and no other ship was around",
            "il était reçu régulièrement, sans autre navire alentour",
        )
    return Reason(
        f"{heard} of {around} ships around it were heard",
        f"{heard} navires sur {around} alentour étaient reçus",
    )
