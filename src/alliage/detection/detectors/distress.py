"""Calls for help: AIS search and rescue transmitters, safety texts, emergency codes of aircraft.

AIS-SART, MOB and EPIRB devices have identities that begin with 970, 972 and 974 (ITU-R M.585-9,
annex 2) and, when they are on and not under test, the navigational status 14 (ITU-R M.1371-5, annex
8, table 48). A ship of ordinary identity with that status has set it wrongly.

Aircraft call by the codes 7500, 7600 and 7700 of their transponders. Who turns the knobs of one
passes through codes, so a code has to be answered for a while.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

import numpy as np

from alliage.detection import called
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.intake import CALLING, Columns
from alliage.detection.scene import Message, Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.things import Squawk
from alliage.detection.wording import distance, since
from alliage.geo.flat import distance_m
from alliage.ontology.squawk import EMERGENCIES

DEVICES: Final = {
    "970": Reason("a search and rescue transmitter", "un répondeur de recherche et sauvetage"),
    "972": Reason("a man-overboard device", "un dispositif homme à la mer"),
    "974": Reason("an emergency beacon", "une balise de détresse"),
}
_CALLS: Final = re.compile(r"\b(MAYDAY|SOS|DISTRESS|MOB ACTIVE|SART ACTIVE|EPIRB ACTIVE)\b")
_TEST: Final = re.compile(r"\bTEST\b")

CONFIRMED_US: Final = 10_000_000
"""A code that is passed through while another one is dialled is answered for less."""
HEARD_S: Final = 1_800.0
NEAR_M: Final = 5_000.0
"""A ship this near to a device that begins to call is named: its people may be in the water."""

ANSWERED_US: Final = 60_000_000
"""What was not said for so long is not so now; as an alert it goes on for a while."""


class Distress:
    """Somebody calls for help."""

    name: ClassVar[str] = "distress"
    version: ClassVar[int] = 5
    title: ClassVar[Reason] = Reason("Call for help", "Appel de détresse")
    linger_s: ClassVar[float] = 900.0
    settings_type: ClassVar[type[DetectorSettings]] = DetectorSettings

    def __init__(self, settings: DetectorSettings) -> None:
        self.settings = settings
        self._since: dict[int, int] = {}
        self._tested: set[int] = set()
        self._nearest: dict[int, Reason | None] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Every device that is on, and every text that calls."""
        self._note_tests(scene.messages)
        yield from self._devices(scene, reports)
        for message in scene.messages:
            if self._is_call(message):
                yield self._called(scene, message)
        yield from self._squawks(scene)

    def at_once(
        self, scene: Scene, columns: Columns, messages: Sequence[Message]
    ) -> Iterable[tuple[int, Finding]]:
        """Devices and texts that begin to call: where nobody else is heard, no look ends."""
        self._note_tests(messages)
        calls = columns.status == scene.things.status_code(CALLING)
        calls &= columns.valid_us > scene.things.valid_us[columns.thing]
        calls &= ~np.isnan(columns.numbers["lat"])
        for row in np.flatnonzero(calls).tolist():
            thing, valid_us = int(columns.thing[row]), int(columns.valid_us[row])
            place = float(columns.numbers["lat"][row]), float(columns.numbers["lon"][row])
            if thing not in self._since:
                for finding in self._device(scene, thing, valid_us, place):
                    yield valid_us, finding
        for message in messages:
            if message.thing not in self._since and self._is_call(message):
                yield message.valid_us, self._called(scene, message)

    def _devices(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        rows = np.flatnonzero(reports.is_last)
        rows = rows[scene.things.has_status((CALLING,), reports.thing[rows])]
        for row, thing in zip(rows.tolist(), reports.thing[rows].tolist(), strict=True):
            place = float(reports.lat[row]), float(reports.lon[row])
            yield from self._device(scene, thing, int(reports.valid_us[row]), place)

    def _device(
        self, scene: Scene, thing: int, valid_us: int, place: tuple[float, float]
    ) -> Iterable[Finding]:
        what = DEVICES.get(scene.things.identifiers[thing].removeprefix("mmsi:")[:3])
        if what is None or thing in self._tested:
            return
        yield Finding(
            things=(thing,),
            since_us=self._since.setdefault(thing, valid_us),
            probability=0.97,
            reason=self._is_on(scene, thing, what, place),
            lat=place[0],
            lon=place[1],
            evidence=(Evidence(thing, valid_us),),
            priority=True,
        )

    def _is_on(self, scene: Scene, thing: int, what: Reason, place: tuple[float, float]) -> Reason:
        """That it is on, and which ship was nearest when it began: whose people it may be."""
        if thing not in self._nearest:
            self._nearest[thing] = _nearest_ship(scene, place)
        near, is_on = self._nearest[thing], _is_on(scene, thing, what)
        if near is None:
            return is_on
        return Reason(f"{is_on.en}, {near.en}", f"{is_on.fr}, {near.fr}")

    def _squawks(self, scene: Scene) -> Iterable[Finding]:
        """Aircraft that have answered an emergency code for long enough, and do so now."""
        for thing, squawk in sorted(scene.things.squawks.items()):
            lasts_us = squawk.last_us - squawk.since_us
            is_now = scene.now_us - squawk.last_us <= ANSWERED_US
            if lasts_us >= CONFIRMED_US and is_now:
                yield self._squawk(scene, thing, squawk)

    def _squawk(self, scene: Scene, thing: int, squawk: Squawk) -> Finding:
        who, means = called.sender(scene, thing), EMERGENCIES[squawk.code]
        begun = since(squawk.since_us, squawk.last_us)
        return Finding(
            things=(thing,),
            since_us=squawk.since_us,
            probability=0.9,
            reason=Reason(
                f"{who[0]} has squawked {squawk.code}, which means {means[0]}, {begun[0]}",
                f"{who[1]} affiche {squawk.code}, qui signale {means[1]}, {begun[1]}",
            ),
            evidence=(Evidence(thing, squawk.since_us), Evidence(thing, squawk.last_us)),
            priority=True,
        )

    def _note_tests(self, messages: Sequence[Message]) -> None:
        for message in messages:
            if _TEST.search(message.text.upper()):
                self._tested.add(message.thing)

    def _is_call(self, message: Message) -> bool:
        return message.thing not in self._tested and bool(_CALLS.search(message.text.upper()))

    def _called(self, scene: Scene, message: Message) -> Finding:
        who, said = called.sender(scene, message.thing), message.text.strip()
        return Finding(
            things=(message.thing,),
            since_us=self._since.setdefault(message.thing, message.valid_us),
            probability=0.96,
            reason=Reason(f"{who[0]} sent: {said}", f"{who[1]} a émis : {said}"),
            lat=message.lat,
            lon=message.lon,
            evidence=(Evidence(message.thing, message.valid_us),),
            priority=True,
        )


def _nearest_ship(scene: Scene, place: tuple[float, float]) -> Reason | None:
    """The nearest ship that was heard lately, with how far off it is; no device."""
    ships = scene.live(HEARD_S)
    ships = ships[scene.things.is_a("Vessel", ships)]
    ships = ships[~scene.things.has_status((CALLING,), ships)]
    if not len(ships):
        return None
    off_m = distance_m(*place, scene.things.lat[ships], scene.things.lon[ships])
    nearest = int(np.nanargmin(np.append(off_m, NEAR_M)))
    if nearest == len(ships):
        return None
    name, far = scene.things.name_of(int(ships[nearest])), distance(float(off_m[nearest]))
    return Reason(f"{far[0]} from {name}", f"à {far[1]} de {name}")


def _is_on(scene: Scene, thing: int, what: Reason) -> Reason:
    """That a device is on: what it is, and how it is called where it has a name."""
    name = scene.things.name_of(thing)
    if name != scene.things.identifiers[thing]:
        return Reason(f"{name} is {what.en} and is on", f"{name} est {what.fr} et émet")
    device = called.sender(scene, thing)
    return Reason(f"{device[0]} is on", f"{device[1]} émet")
