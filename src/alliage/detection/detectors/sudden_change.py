"""Sudden change: a merchant ship on passage stops short, or turns back.

Ships of trade keep speed and course for hours, and slow down over miles before a port. One that in
open water loses two thirds of her speed within five minutes and stays slow for ten, or goes back
where she came from at speed, has a reason that somebody wants to know. Only cargo ships, tankers
and passenger ships are looked at, after a quarter of an hour of steady passage, and not where
others are slow or at rest as well: there is a port, an anchorage or a pilot station.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alliage.detection.columns import Kept
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.slow import SLOW_STATUSES
from alliage.detection.wording import knots, when
from alliage.geo.flat import distance_m, turn_deg

TRADES: Final = ("cargo", "tanker", "passenger", "high_speed")
FAST_SHARE: Final = 0.85
AVERAGE_S: Final = 600.0
STEADY: Final = 0.97
"""Length of the mean course's vector: courses within some 15 degrees of each other."""

STOPPED_US: Final = 600_000_000
"""Who comes to a berth says within so long that it is moored."""

TURNED_US: Final = 300_000_000
TOLD_US: Final = 1_800_000_000
HEARD_S: Final = 600.0
_NONE, _STOPS, _TURNS = range(3)


class SuddenChangeSettings(DetectorSettings):
    """What is sudden, and what is open water."""

    least_speed_mps: float = Field(default=5.0, gt=0, description="Its speed on passage.")
    passage_s: float = Field(
        default=900.0, ge=60, description="For how long it kept its speed before."
    )
    most_share: float = Field(default=0.35, gt=0, lt=1, description="Its speed falls to this part.")
    within_s: float = Field(
        default=300.0, ge=30, description="It was on passage so long ago at most."
    )
    least_turn_deg: float = Field(
        default=130.0, ge=45, le=180, description="It turns by so much and goes on at speed."
    )
    open_m: float = Field(
        default=6_000.0, ge=0, description="Within this no other ship is slow or at rest."
    )


class SuddenChange:
    """Merchant ships that stop short or turn back."""

    name: ClassVar[str] = "sudden_change"
    version: ClassVar[int] = 3
    title: ClassVar[Reason] = Reason("Sudden change", "Changement brusque")
    linger_s: ClassVar[float] = 600.0
    settings_type: ClassVar[type[DetectorSettings]] = SuddenChangeSettings

    def __init__(self, settings: SuddenChangeSettings) -> None:
        self.settings = settings
        zero, nan, never = np.float64(0.0), np.float64("nan"), np.int64(0)
        self._kept = Kept(
            usual=nan, east=zero, north=zero, since_us=never, fast_us=never,
            change=np.int8(_NONE), change_us=never, from_speed=nan, from_deg=nan,
        )  # fmt: skip

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Ships whose change has lasted for some minutes."""
        self._kept.grow(scene.things.count)
        use = reports.is_last & ~np.isnan(reports.speed_mps)
        rows = np.flatnonzero(use)
        rows = rows[scene.things.is_a("Vessel", reports.thing[rows])]
        self._note_changes(reports, rows)
        self._average(reports, rows)
        kept, things = self._kept, reports.thing[rows]
        lasts_us = scene.things.valid_us[things] - kept["change_us"][things]
        change = kept["change"][things]
        least_us = np.where(change == _STOPS, STOPPED_US, TURNED_US)
        found = things[(change != _NONE) & (lasts_us >= least_us) & (lasts_us <= TOLD_US)]
        found = found[scene.things.is_of(TRADES, found)]
        for thing in found[~scene.things.has_status(SLOW_STATUSES, found)].tolist():
            if self._is_open(scene, thing):
                yield self._finding(scene, thing)

    def _note_changes(self, reports: Reports, rows: NDArray[np.intp]) -> None:
        """See what begins, and what is no longer so."""
        kept, things, now_us = self._kept, reports.thing[rows], reports.valid_us[rows]
        speed, course = reports.speed_mps[rows], reports.course_deg[rows]
        usual, fast_us = kept["usual"][things], kept["fast_us"][things]
        on_passage = (usual >= self.settings.least_speed_mps) & (
            fast_us - kept["since_us"][things] >= self.settings.passage_s * 1e6
        )
        on_passage &= now_us - fast_us <= self.settings.within_s * 1e6
        mean = np.degrees(np.arctan2(kept["east"][things], kept["north"][things]))
        is_steady = np.hypot(kept["east"][things], kept["north"][things]) >= STEADY
        turns = np.abs(turn_deg(mean, course)) >= self.settings.least_turn_deg
        turns &= on_passage & is_steady & (speed >= 0.6 * usual)
        stops = on_passage & (speed <= self.settings.most_share * usual)
        none = kept["change"][things] == _NONE
        begins = none & (stops | turns)
        first = things[begins]
        kept["change"][first] = np.where(stops, _STOPS, _TURNS)[begins]
        kept["change_us"][first] = now_us[begins]
        kept["from_speed"][first], kept["from_deg"][first] = usual[begins], mean[begins] % 360.0
        still = np.abs(turn_deg(kept["from_deg"][things], course)) >= 100.0
        still = np.where(kept["change"][things] == _TURNS, still, True)
        slow = speed <= 0.5 * kept["from_speed"][things]
        still &= np.where(kept["change"][things] == _STOPS, slow, ~slow)
        kept["change"][things[~still]] = _NONE

    def _average(self, reports: Reports, rows: NDArray[np.intp]) -> None:
        """Learn speed and course of the passage; what has slowed keeps them for a while."""
        kept, things, now_us = self._kept, reports.thing[rows], reports.valid_us[rows]
        speed, usual = reports.speed_mps[rows], kept["usual"][things]
        is_fast = ~(speed < FAST_SHARE * usual)
        learns = is_fast | (now_us - kept["fast_us"][things] > 1.5e6 * AVERAGE_S)
        step_s = np.clip(np.nan_to_num(reports.step_s[rows]), 0.0, AVERAGE_S)
        share = np.where(learns, 1.0 - np.exp(-step_s / AVERAGE_S), 0.0)
        share = np.where(np.isnan(usual), 1.0, share)
        usual = np.where(np.isnan(usual), speed, usual)
        kept["usual"][things] = usual + share * (speed - usual)
        angle = np.radians(reports.course_deg[rows])
        for name, now in (("east", np.sin(angle)), ("north", np.cos(angle))):
            kept[name][things] += share * np.nan_to_num(now - kept[name][things])
        passage = is_fast & (speed >= self.settings.least_speed_mps)
        begins = passage & (kept["since_us"][things] == 0)
        kept["since_us"][things[begins]] = now_us[begins]
        kept["fast_us"][things[passage]] = now_us[passage]
        kept["since_us"][things[learns & ~passage]] = 0

    def _is_open(self, scene: Scene, thing: int) -> bool:
        """Whether no other ship near it is slow."""
        table = scene.things
        others = scene.live(HEARD_S)
        others = others[(table.speed_mps[others] < 1.5) & (others != thing)]
        away_m = distance_m(
            table.lat[thing], table.lon[thing], table.lat[others], table.lon[others]
        )
        return not (away_m <= self.settings.open_m).any()

    def _finding(self, scene: Scene, thing: int) -> Finding:
        kept, table = self._kept, scene.things
        change_us, now_us = int(kept["change_us"][thing]), int(table.valid_us[thing])
        name, at = table.name_of(thing), when(change_us, now_us)
        before_mps, now_mps = float(kept["from_speed"][thing]), float(table.speed_mps[thing])
        before, now = knots(before_mps), knots(now_mps)
        course = float(table.course_deg[thing])
        figures = {"before_mps": round(before_mps, 2), "speed_mps": round(now_mps, 2)}
        if kept["change"][thing] == _STOPS:
            en = f"{name} stopped short in open water: from {before[0]} on passage to {now[0]}"
            fr = f"{name} s'est arrêté net en eau libre : de {before[1]} en route à {now[1]}"
        else:
            was = float(kept["from_deg"][thing])
            figures["before_deg"], figures["course_deg"] = round(was), round(course)
            way = f"{was:03.0f}°", f"{course:03.0f}°"
            en = f"{name} turned back in open water: from {way[0]} to {way[1]} at {now[0]}"
            fr = f"{name} a fait demi-tour en eau libre : du {way[0]} au {way[1]} à {now[1]}"
        return Finding(
            things=(thing,),
            since_us=change_us,
            probability=0.95,
            reason=Reason(f"{en}, {at[0]}", f"{fr}, {at[1]}"),
            figures=figures,
            evidence=(Evidence(thing, change_us), Evidence(thing, now_us)),
        )
