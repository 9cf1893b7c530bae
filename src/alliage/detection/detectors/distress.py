"""Calls for help: AIS search and rescue transmitters, and safety texts.

AIS-SART, MOB and EPIRB devices have identities that begin with 970, 972 and 974 (ITU-R M.585-9,
annex 2) and, when they are on and not under test, the navigational status 14 (ITU-R M.1371-5, annex
8, table 48). A ship of ordinary identity with that status has set it wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np

from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.scene import Message, Reports, Scene
from alliage.detection.settings import DetectorSettings

DEVICES: Final = {
    "970": Reason("a search and rescue transmitter", "un répondeur de recherche et sauvetage"),
    "972": Reason("a man-overboard device", "un dispositif homme à la mer"),
    "974": Reason("an emergency beacon", "une balise de détresse"),
}
_CALLS: Final = re.compile(r"\b(MAYDAY|SOS|DISTRESS|MOB ACTIVE|SART ACTIVE|EPIRB ACTIVE)\b")
_TEST: Final = re.compile(r"\bTEST\b")


class Distress:
    """Somebody calls for help."""

    name: ClassVar[str] = "distress"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("Call for help", "Appel de détresse")
    linger_s: ClassVar[float] = 900.0
    settings_type: ClassVar[type[DetectorSettings]] = DetectorSettings

    def __init__(self, settings: DetectorSettings) -> None:
        self.settings = settings
        self._since: dict[int, int] = {}
        self._tested: dict[int, int] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Every device that is on, and every text that calls."""
        for message in scene.messages:
            if _TEST.search(message.text.upper()):
                self._tested[message.thing] = message.valid_us
        yield from self._devices(scene, reports)
        for message in scene.messages:
            if _CALLS.search(message.text.upper()) and message.thing not in self._tested:
                yield self._called(scene, message)

    def _devices(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        rows = np.flatnonzero(reports.is_last)
        rows = rows[scene.things.has_status(("ais_sart",), reports.thing[rows])]
        for row, thing in zip(rows.tolist(), reports.thing[rows].tolist(), strict=True):
            what = DEVICES.get(scene.things.identifiers[thing].removeprefix("mmsi:")[:3])
            if what is None or thing in self._tested:
                continue
            valid_us = int(reports.valid_us[row])
            yield Finding(
                things=(thing,),
                since_us=self._since.setdefault(thing, valid_us),
                probability=0.95,
                reason=Reason(
                    f"{scene.things.name_of(thing)} is {what.en} and is on",
                    f"{scene.things.name_of(thing)} est {what.fr} et émet",
                ),
                evidence=(Evidence(thing, valid_us),),
                priority=True,
            )

    def _called(self, scene: Scene, message: Message) -> Finding:
        name = scene.things.name_of(message.thing)
        return Finding(
            things=(message.thing,),
            since_us=self._since.setdefault(message.thing, message.valid_us),
            probability=0.9,
            reason=Reason(
                f"{name} sent: {message.text.strip()}", f"{name} a émis : {message.text.strip()}"
            ),
            lat=message.lat,
            lon=message.lon,
            evidence=(Evidence(message.thing, message.valid_us),),
            priority=True,
        )
