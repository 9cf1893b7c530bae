"""Zone: something is in an area that it should keep out of, or will be shortly.

Not every area on a map asks for this. By default these do, by their control measure (APP-6, symbol
set 25): a limited access area of what moves on land or water, a restricted operations zone of what
flies. Any other area or outline, of a wind farm say, is watched where its name stands in the
settings. An area that says when it is in force is watched then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alliage.detection import called
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.features import Feature, contains
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.way_ahead import entering, in_reach, one_of_each
from alliage.detection.wording import about, knots, since
from alliage.ontology.claim import Value
from alliage.ontology.times import from_text

Rows = NDArray[np.int32]

SURFACE: Final = "limited_access_area"
AIR: Final = "restricted_operations_zone"
HEARD_S: Final = 900.0
STEADY_US: Final = 60_000_000


class ZoneSettings(DetectorSettings):
    """Which areas are watched, and how far ahead."""

    areas: tuple[str, ...] = Field(
        default=(), description="Names of areas and outlines to watch beside those that ask for it."
    )
    except_types: tuple[str, ...] = Field(
        default=("law_enforcement", "sar", "military"),
        description="Ship types that may be in every area.",
    )
    approach_s: float = Field(
        default=900.0, ge=0, le=7_200, description="Entries are told of so long ahead; 0: not."
    )
    approach_mps: float = Field(
        default=1.5, gt=0, description="Slower things are not looked at ahead."
    )


class Zone:
    """Things in areas that they should keep out of, and on their way into them."""

    name: ClassVar[str] = "zone"
    version: ClassVar[int] = 2
    title: ClassVar[Reason] = Reason("In a watched area", "Dans une zone surveillée")
    linger_s: ClassVar[float] = 120.0
    settings_type: ClassVar[type[DetectorSettings]] = ZoneSettings

    def __init__(self, settings: ZoneSettings) -> None:
        self.settings = settings
        self._inside: dict[tuple[str, int], int] = {}
        self._ahead: dict[tuple[str, int], int] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Who is inside of which area, and who will be."""
        things = one_of_each(scene, scene.live(HEARD_S))
        inside: dict[tuple[str, int], int] = {}
        ahead: dict[tuple[str, int], int] = {}
        for area in self._watched(scene):
            watched = self._subject_to(scene, area, things)
            table = scene.things
            within = contains(area, table.lat[watched], table.lon[watched])
            for thing in watched[within].tolist():
                key = area.identifier, thing
                inside[key] = self._inside.get(key, int(table.valid_us[thing]))
                yield self._is_in(scene, area, thing, inside[key])
            for thing, entry_s in self._approaching(scene, area, watched[~within]):
                key = area.identifier, thing
                ahead[key] = self._ahead.get(key, scene.now_us)
                if scene.now_us - ahead[key] >= STEADY_US:
                    yield self._will_be_in(scene, area, thing, ahead[key], entry_s)
        self._inside, self._ahead = inside, ahead

    def _watched(self, scene: Scene) -> Iterator[Feature]:
        for area in scene.features.of("Thing"):
            asks = area.words.get("control_measure") in (SURFACE, AIR)
            if (asks or area.name in self.settings.areas) and _in_force(area, scene.now_us):
                yield area

    def _subject_to(self, scene: Scene, area: Feature, things: Rows) -> Rows:
        """Which of some things should keep out: a zone of the air says nothing to ships."""
        measure = area.words.get("control_measure")
        flies = scene.things.is_a("Aircraft", things)
        if area.name not in self.settings.areas:
            things = things[flies if measure == AIR else ~flies]
        near = in_reach(scene, area, things, self.settings.approach_s)
        types = scene.things.words
        allowed = [types[row].get("ship_type") in self.settings.except_types for row in near]
        return np.asarray(near[~np.array(allowed, np.bool_)], np.int32)

    def _approaching(
        self, scene: Scene, area: Feature, things: Rows
    ) -> Iterator[tuple[int, float]]:
        """Things whose present way leads into an area, and in how many seconds."""
        moving = scene.things.speed_mps[things] >= self.settings.approach_mps
        ahead_s = self.settings.column("approach_s", scene, things[moving])
        return entering(scene, area, things[moving], ahead_s)

    def _is_in(self, scene: Scene, area: Feature, thing: int, since_us: int) -> Finding:
        table = scene.things
        last_us, speed = int(table.valid_us[thing]), knots(float(table.speed_mps[thing]))
        begun = since(since_us, last_us)
        name, where = table.name_of(thing), called.feature(scene, area)
        is_unknown = np.isnan(table.speed_mps[thing])
        at = ("", "") if is_unknown else (f", at {speed[0]}", f", à {speed[1]}")
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=0.95,
            reason=Reason(
                f"{name} has been in {where[0]} {begun[0]}{at[0]}",
                f"{name} est dans {where[1]} {begun[1]}{at[1]}",
            ),
            figures={"inside_s": round((last_us - since_us) / 1e6)},
            evidence=(Evidence(thing, since_us), Evidence(thing, last_us)),
            area=area.identifier,
        )

    def _will_be_in(
        self, scene: Scene, area: Feature, thing: int, since_us: int, entry_s: float
    ) -> Finding:
        table = scene.things
        name, entry = table.name_of(thing), about(scene.now_us + round(entry_s * 1e6))
        where = called.feature(scene, area)
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=0.6,
            reason=Reason(
                f"{name} will be in {where[0]} {entry[0]} if it goes on like this",
                f"{name} sera dans {where[1]} {entry[1]} s'il continue ainsi",
            ),
            figures={"entry_s": round(entry_s)},
            evidence=(Evidence(thing, int(table.valid_us[thing])),),
            area=area.identifier,
        )


def _in_force(area: Feature, now_us: int) -> bool:
    begins_us, ends_us = (_moment(area.words.get(name)) for name in ("area_from", "area_to"))
    has_begun = begins_us is None or begins_us <= now_us
    return has_begun and (ends_us is None or now_us < ends_us)


def _moment(value: Value) -> int | None:
    """A time as claims hold it, microseconds; None for none, or what cannot be read."""
    if isinstance(value, int):
        return value
    try:
        return from_text(str(value)) if value else None
    except ValueError:
        return None
