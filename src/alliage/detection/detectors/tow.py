"""Tow: a ship follows a tug line astern at one distance, and neither says that it tows or is towed.

Who tows astern shows it by status 11 or 12 and by the length of the tow (COLREG rule 24, ITU-R
M.1371-5, table 45). A tug that leads a ship for forty minutes on her course, at her speed and at a
distance that does not change, has her on a line: she is taken in, or somewhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np
from pydantic import Field

from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.pairs import TUGS, Keeping, Kept, Pairs, near_pairs, ships
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.slow import SLOW_TRADES
from alliage.detection.wording import KNOT_MPS, distance, knots, since
from alliage.geo.flat import turn_deg

SAYS: Final = ("power_driven_towing_astern", "power_driven_pushing_ahead", "not_under_command",
               "at_anchor", "moored", "aground")  # fmt: skip


class TowSettings(DetectorSettings):
    """When a ship counts as towed."""

    far_m: float = Field(default=1_200.0, gt=0, le=5_000, description="The longest line.")
    change_m: float = Field(
        default=60.0, gt=0, description="By so much at most their distance changes."
    )
    least_speed_mps: float = Field(default=KNOT_MPS, gt=0, description="Slower ones wait.")
    most_speed_mps: float = Field(default=9 * KNOT_MPS, gt=0, description="No tow is faster.")
    speed_mps: float = Field(default=0.3, gt=0, description="By so much speeds differ at most.")
    astern_deg: float = Field(
        default=20.0, gt=0, le=90, description="By so much courses, and the line, differ at most."
    )
    lasts_s: float = Field(default=2_400.0, ge=300, description="For how long it has to be so.")


class Tow:
    """A tug and its tow, of which nobody says so."""

    name: ClassVar[str] = "tow"
    version: ClassVar[int] = 1
    title: ClassVar[Reason] = Reason("Tow that is not declared", "Remorquage non déclaré")
    linger_s: ClassVar[float] = 600.0
    settings_type: ClassVar[type[DetectorSettings]] = TowSettings

    def __init__(self, settings: TowSettings) -> None:
        self.settings = settings
        self._keeping = Keeping()

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Ships that have followed a tug for long enough."""
        pairs = self._in_line(scene)
        for one, two, kept in self._keeping.note(pairs, scene.now_us, self.settings.change_m):
            lasts_s = self.settings.column("lasts_s", scene, np.array([one, two], np.int32)).max()
            if scene.now_us - kept.since_us >= lasts_s * 1e6:
                yield self._finding(scene, one, two, kept)

    def _in_line(self, scene: Scene) -> Pairs:
        """Tugs with who follows them now: first the tug."""
        table, settings, some = scene.things, self.settings, ships(scene)
        speed = table.speed_mps[some]
        moves = (speed >= settings.least_speed_mps) & (speed <= settings.most_speed_mps)
        some = some[moves & ~np.isnan(table.course_deg[some]) & ~table.has_status(SAYS, some)]
        tugs = some[table.is_of(TUGS, some)]
        if not len(tugs):
            return near_pairs(scene, some[:0], settings.far_m)
        found = near_pairs(scene, some, settings.far_m)
        turned = np.isin(found.two, tugs)
        pairs = Pairs(
            np.where(turned, found.two, found.one), np.where(turned, found.one, found.two),
            np.where(turned, -found.east_m, found.east_m),
            np.where(turned, -found.north_m, found.north_m),
        )  # fmt: skip
        fits = np.isin(pairs.one, tugs) & ~table.is_of(SLOW_TRADES, pairs.two)
        fits &= np.array([bool(table.words[row].get("ship_type")) for row in pairs.two], np.bool_)
        courses = table.course_deg[pairs.one], table.course_deg[pairs.two]
        fits &= np.abs(turn_deg(*courses)) <= settings.astern_deg
        astern_deg = (courses[0] + 180.0) % 360.0
        fits &= np.abs(turn_deg(astern_deg, pairs.toward_deg)) <= settings.astern_deg
        slower = np.abs(table.speed_mps[pairs.one] - table.speed_mps[pairs.two])
        return pairs.part(fits & (slower <= settings.speed_mps))

    def _finding(self, scene: Scene, one: int, two: int, kept: Kept) -> Finding:
        table = scene.things
        names, lasts = (table.name_of(one), table.name_of(two)), (scene.now_us - kept.since_us)
        begun, apart = since(kept.since_us, scene.now_us), distance(kept.most_m)
        speed = knots(float(table.speed_mps[one]))
        return Finding(
            things=(one, two),
            since_us=kept.since_us,
            probability=0.6,
            reason=Reason(
                f"{names[1]} has followed the tug {names[0]} line astern {begun[0]}, {apart[0]} "
                f"behind at {speed[0]}: a tow, and neither says so",
                f"{names[1]} suit le remorqueur {names[0]} en ligne {begun[1]}, {apart[1]} "
                f"derrière à {speed[1]} : un remorquage, que ni l'un ni l'autre n'annonce",
            ),
            figures={"distance_m": round(kept.most_m), "lasts_s": round(lasts / 1e6)},
            evidence=tuple(Evidence(row, int(table.valid_us[row])) for row in (one, two)),
        )
