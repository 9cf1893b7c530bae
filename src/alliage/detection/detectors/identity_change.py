"""Identity change: a ship under way takes another name, or goes on under another identity.

A ship is renamed in port, by papers. One whose transponder says another name or IMO number while
she is under way, and stays with it, is not who she said she was; a name that is only spelt better
is no other name. And where one identity falls silent under way and another, never heard before,
goes on from where the first must be by now, on her course and at her speed, the two may be one
ship.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.things import Change
from alliage.detection.wording import distance, duration
from alliage.geo.flat import distance_m, moved, turn_deg

CONFIRMED_US: Final = 900_000_000
"""Static data come every six minutes (ITU-R M.1371-5, annex 1): twice more they say the same."""

TOLD_US: Final = 7_200_000_000
SAME_NAME: Final = 0.6
"""Likeness (Ratcliff and Obershelp) from which on a name is the same one, spelt otherwise."""

SILENT_US: Final = (60_000_000, 900_000_000)
LEAST_REPORTS: Final = 20
SPREAD_M, SPREAD_SHARE = 250.0, 0.05
SAME_COURSE_DEG, SAME_SPEED_SHARE = 12.0, 0.12


class IdentityChangeSettings(DetectorSettings):
    """Which ships are under way."""

    least_speed_mps: float = Field(default=2.5, gt=0, description="Slower ships may be in port.")
    known_s: float = Field(
        default=1_200.0, ge=60, description="For how long a ship, or a stream, was heard before."
    )


@dataclass(slots=True)
class _Renamed:
    since_us: int
    before: dict[str, str]
    now: dict[str, str]


@dataclass(frozen=True, slots=True)
class _GoesOn:
    old: int
    since_us: int
    old_us: int
    off_m: float


class IdentityChange:
    """Ships that are somebody else all of a sudden."""

    name: ClassVar[str] = "identity_change"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("Change of identity", "Changement d'identité")
    linger_s: ClassVar[float] = 900.0
    settings_type: ClassVar[type[DetectorSettings]] = IdentityChangeSettings

    def __init__(self, settings: IdentityChangeSettings) -> None:
        self.settings = settings
        self._renamed: dict[int, _Renamed] = {}
        self._goes_on: dict[int, _GoesOn] = {}
        self._began_us: dict[int, int] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Changes that have lasted for a quarter of an hour."""
        for change in scene.things.changes:
            self._note(scene, change)
        self._note_new(scene, reports)
        for thing, renamed in list(self._renamed.items()):
            if scene.now_us - renamed.since_us > TOLD_US:
                del self._renamed[thing]
            elif scene.now_us - renamed.since_us >= CONFIRMED_US:
                yield _renamed(scene, thing, renamed)
        for thing, one in list(self._goes_on.items()):
            is_back = scene.things.valid_us[one.old] > one.old_us
            if is_back or scene.now_us - one.since_us > TOLD_US:
                del self._goes_on[thing]
            elif (
                scene.now_us - one.since_us >= CONFIRMED_US
                and scene.things.reports[thing] >= LEAST_REPORTS
            ):
                yield _goes_on(scene, thing, one)

    def _note(self, scene: Scene, change: Change) -> None:
        """A word that was changed: on the way, or back to what it was."""
        table, thing = scene.things, change.thing
        known = self._renamed.get(thing)
        if known is not None and str(change.now) == known.before.get(change.word):
            del self._renamed[thing]
            return
        known_us = change.valid_us - int(table.first_us[thing])
        under_way = table.speed_mps[thing] >= self.settings.least_speed_mps
        if not under_way or not 0 <= self.settings.known_s * 1e6 <= known_us:
            return
        if known is None:
            known = _Renamed(change.valid_us, {}, {})
        known.before.setdefault(change.word, str(change.before))
        known.now[change.word] = str(change.now)
        if _is_another(known):
            self._renamed[thing] = known

    def _note_new(self, scene: Scene, reports: Reports) -> None:
        """Ships never heard before that begin where a silent one must be by now."""
        table = scene.things
        for code in scene.rows_of_stream:
            self._began_us.setdefault(code, scene.now_us)
        rows = np.flatnonzero(
            (reports.before_us == 0) & (reports.speed_mps >= self.settings.least_speed_mps)
        )
        rows = rows[table.is_a("Vessel", reports.thing[rows])]
        if not len(rows):
            return
        old = self._silent(scene)
        for row in rows.tolist():
            thing, now_us = int(reports.thing[row]), int(reports.valid_us[row])
            code = int(table.stream[thing])
            if now_us - self._began_us[code] < self.settings.known_s * 1e6:
                continue
            fits = self._fitting(scene, reports, row, old[table.stream[old] == code])
            if len(fits) == 1:
                self._goes_on[thing] = fits[0]

    def _silent(self, scene: Scene) -> NDArray[np.int32]:
        """Ships that were under way and have been silent for some minutes."""
        table = scene.things
        old = scene.live(SILENT_US[1] / 1e6)
        old = old[scene.now_us - table.valid_us[old] >= SILENT_US[0]]
        old = old[table.reports[old] >= LEAST_REPORTS]
        old = old[table.speed_mps[old] >= self.settings.least_speed_mps]
        return old[table.is_a("Vessel", old)]

    def _fitting(
        self, scene: Scene, reports: Reports, row: int, old: NDArray[np.int32]
    ) -> list[_GoesOn]:
        """Of some silent ships those that may be this one."""
        table, now_us = scene.things, int(reports.valid_us[row])
        course, speed = np.radians(table.course_deg[old]), table.speed_mps[old]
        way_m = speed * (now_us - table.valid_us[old]) / 1e6
        there = moved(
            table.lat[old], table.lon[old], way_m * np.sin(course), way_m * np.cos(course)
        )
        off_m = distance_m(*there, reports.lat[row], reports.lon[row])
        turned = np.abs(turn_deg(table.course_deg[old], reports.course_deg[row]))
        fits = (off_m <= SPREAD_M + SPREAD_SHARE * way_m) & (turned <= SAME_COURSE_DEG)
        fits &= np.abs(reports.speed_mps[row] - speed) <= SAME_SPEED_SHARE * speed
        return [
            _GoesOn(int(old[n]), now_us, int(table.valid_us[old[n]]), float(off_m[n]))
            for n in np.flatnonzero(fits).tolist()
        ]


def _is_another(known: _Renamed) -> bool:
    """Whether the words that changed make her another ship."""
    if "imo_number" in known.now:
        return True
    before, now = known.before.get("name", ""), known.now.get("name", "")
    return bool(before and now) and SequenceMatcher(None, before, now).ratio() < SAME_NAME


def _renamed(scene: Scene, thing: int, renamed: _Renamed) -> Finding:
    identifier = scene.things.identifiers[thing]
    told = [f"{renamed.before[word]} → {renamed.now[word]}" for word in sorted(renamed.now)]
    words = ", ".join(told)
    return Finding(
        things=(thing,),
        since_us=renamed.since_us,
        probability=0.75,
        reason=Reason(
            f"{identifier} changed its identity under way and keeps the new one: {words}",
            f"{identifier} a changé d'identité en route et garde la nouvelle : {words}",
        ),
        figures={"words": len(told)},
        evidence=(Evidence(thing, renamed.since_us),),
    )


def _goes_on(scene: Scene, thing: int, one: _GoesOn) -> Finding:
    names = scene.things.name_of(thing), scene.things.name_of(one.old)
    silent_s = (one.since_us - one.old_us) / 1e6
    off, silent = distance(one.off_m), duration(silent_s)
    return Finding(
        things=(thing, one.old),
        since_us=one.since_us,
        probability=0.6,
        reason=Reason(
            f"{names[0]}, not heard before, goes on from where {names[1]} must have been "
            f"{silent[0]} after it fell silent ({off[0]} off, same course and speed): "
            "they may be one ship",
            f"{names[0]}, jamais entendu avant, poursuit la route de {names[1]} {silent[1]} après "
            f"son dernier message (à {off[1]} près, même route et même vitesse) : c'est peut-être "
            "le même navire",
        ),
        figures={"off_m": round(one.off_m), "silent_s": round(silent_s)},
        evidence=(Evidence(one.old, one.old_us), Evidence(thing, one.since_us)),
    )
