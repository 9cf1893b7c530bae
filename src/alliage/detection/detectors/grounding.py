"""Grounding: a ship's way leads to water that is too shallow for her, or she says she is aground.

What is too shallow is known of areas that say their least depth (drawn here, or imported from a
chart) and of ships that say their draught. Charted depths are those of low water: with the tide in
there may be more. A ship that made way and then reports the status *aground* is told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alliage.detection import called
from alliage.detection.columns import Kept
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.features import Feature, contains
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.way_ahead import entering, in_reach, one_of_each
from alliage.detection.wording import Words, about, number
from alliage.ontology.claim import Value

Rows = NDArray[np.int32]

LEAST_DEPTH: Final = "least_depth_m"
DRAUGHT: Final = "draught_m"
AGROUND: Final = ("aground",)

HEARD_S: Final = 600.0
STEADY_US: Final = 60_000_000
MADE_WAY_US: Final = 10_800_000_000
"""Who lay longer than this before is no ship that runs aground: the status was left as it was."""


class GroundingSettings(DetectorSettings):
    """What a ship needs, and how far ahead is looked."""

    under_keel_m: float = Field(
        default=1.0, ge=0, description="What has to stay between keel and charted depth."
    )
    ahead_s: float = Field(
        default=900.0, ge=0, le=7_200, description="It is told so long ahead; 0: not."
    )
    least_speed_mps: float = Field(
        default=1.5, gt=0, description="Slower ships are at rest, or can still stop."
    )


class Grounding:
    """Ships that come to water too shallow for them, and those that say they are aground."""

    name: ClassVar[str] = "grounding"
    version: ClassVar[int] = 2
    title: ClassVar[Reason] = Reason("Risk of grounding", "Risque d'échouement")
    linger_s: ClassVar[float] = 120.0
    settings_type: ClassVar[type[DetectorSettings]] = GroundingSettings

    def __init__(self, settings: GroundingSettings) -> None:
        self.settings = settings
        self._kept = Kept(way_us=np.int64(0), aground_us=np.int64(0))
        self._since: dict[tuple[str, int], int] = {}

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Who is in shallow water, who will be, and who says that she is aground."""
        self._kept.grow(scene.things.count)
        yield from self._say_aground(scene, reports)
        shallow = list(_shallow(scene))
        ships = self._under_way(scene) if shallow else np.empty(0, np.int32)
        since: dict[tuple[str, int], int] = {}
        for area, depth_m in shallow:
            for thing, entry_s in self._too_deep_for(scene, area, depth_m, ships):
                key = area.identifier, thing
                since[key] = self._since.get(key, scene.now_us)
                if entry_s == 0.0 or scene.now_us - since[key] >= STEADY_US:
                    yield self._finding(scene, area, depth_m, thing, entry_s, since[key])
        self._since = since

    def _under_way(self, scene: Scene) -> Rows:
        """Ships that make way and say what they draw."""
        table = scene.things
        live = scene.live(HEARD_S)
        live = live[table.is_a("Vessel", live)]
        fast = table.speed_mps[live] >= self.settings.column("least_speed_mps", scene, live)
        live = one_of_each(scene, live[fast])
        says = [_number(table.words[row].get(DRAUGHT)) is not None for row in live.tolist()]
        return np.asarray(live[np.array(says, np.bool_)], np.int32)

    def _too_deep_for(
        self, scene: Scene, area: Feature, depth_m: float, ships: Rows
    ) -> Iterator[tuple[int, float]]:
        """Ships that are there or will be, too deep for it, and in how many seconds; 0: are."""
        table = scene.things
        ships = in_reach(scene, area, ships, self.settings.ahead_s)
        draught_m = [_number(table.words[row].get(DRAUGHT)) or 0.0 for row in ships.tolist()]
        needs_m = np.array(draught_m) + self.settings.column("under_keel_m", scene, ships)
        ships = ships[needs_m > depth_m]
        within = contains(area, table.lat[ships], table.lon[ships])
        yield from ((thing, 0.0) for thing in ships[within].tolist())
        outside = ships[~within]
        ahead_s = self.settings.column("ahead_s", scene, outside)
        yield from entering(scene, area, outside, ahead_s)

    def _say_aground(self, scene: Scene, reports: Reports) -> Iterator[Finding]:
        kept, table = self._kept, scene.things
        rows = np.flatnonzero(table.is_a("Vessel", reports.thing))
        things, valid_us = reports.thing[rows], reports.valid_us[rows]
        moves = reports.speed_mps[rows] >= self.settings.least_speed_mps
        np.maximum.at(kept["way_us"], things[moves], valid_us[moves])
        last = rows[reports.is_last[rows]]
        things, valid_us = reports.thing[last], reports.valid_us[last]
        aground = table.has_status(AGROUND, things)
        begins = aground & (kept["aground_us"][things] == 0)
        begins &= valid_us - kept["way_us"][things] <= MADE_WAY_US
        kept["aground_us"][things[begins]] = valid_us[begins]
        kept["aground_us"][things[~aground]] = 0
        for thing in things[kept["aground_us"][things] > 0].tolist():
            name, since_us = table.name_of(thing), int(kept["aground_us"][thing])
            yield Finding(
                things=(thing,),
                since_us=since_us,
                probability=0.8,
                reason=Reason(
                    f"{name} made way and says now that she is aground",
                    f"{name} faisait route et annonce être échoué",
                ),
                figures={},
                evidence=(Evidence(thing, since_us), Evidence(thing, int(table.valid_us[thing]))),
            )

    def _finding(
        self, scene: Scene, area: Feature, depth_m: float, thing: int, entry_s: float, since_us: int
    ) -> Finding:
        table = scene.things
        name, entry = table.name_of(thing), about(scene.now_us + round(entry_s * 1e6))
        draught_m = _number(table.words[thing].get(DRAUGHT)) or 0.0
        there = called.feature(scene, area)
        draws, charted = _metres(draught_m), _charted(depth_m)
        if entry_s == 0.0:
            where = f"is in {there[0]}", f"est dans {there[1]}"
        else:
            where = (
                f"will be in {there[0]} {entry[0]} if she goes on like this",
                f"sera dans {there[1]} {entry[1]} s'il continue ainsi",
            )
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=0.7 if entry_s == 0.0 else 0.6,
            reason=Reason(
                f"{name} draws {draws[0]} and {where[0]}, {charted[0]}",
                f"{name} cale {draws[1]} et {where[1]}, {charted[1]}",
            ),
            figures={"draught_m": round(draught_m, 1), LEAST_DEPTH: round(depth_m, 1)},
            evidence=(Evidence(thing, int(table.valid_us[thing])),),
            area=area.identifier,
        )


def _shallow(scene: Scene) -> Iterator[tuple[Feature, float]]:
    """Areas that say how shallow they are, and that."""
    for area in scene.features.of("Area"):
        depth_m = _number(area.words.get(LEAST_DEPTH))
        if depth_m is not None:
            yield area, depth_m


def _charted(depth_m: float) -> Words:
    if depth_m < 0:
        dries = _metres(-depth_m)
        return f"which dries {dries[0]}", f"qui découvre de {dries[1]}"
    depth = _metres(depth_m)
    return f"where {depth[0]} are charted", f"où la carte porte {depth[1]}"


def _metres(depth_m: float) -> Words:
    en, fr = number(depth_m, 1)
    return f"{en} m", f"{fr} m"


def _number(value: Value | None) -> float | None:
    """A depth as claims hold it; None for none, or what is no number."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
