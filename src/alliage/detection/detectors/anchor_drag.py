"""Anchor drag: a ship under way is held back and meanders along or across a cable or pipeline.

An anchor that drags slows a ship to a part of her usual speed and pulls her head about, while she
still makes way and says nothing of it: so went the ships that broke cables and a pipeline in the
Gulf of Finland in October 2023 and December 2024, for hours. Asked for is all of it together: less
than three quarters of her own speed before, for twenty minutes and a nautical mile, courses that
keep changing to either side, and a line within a nautical mile.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from alliage.detection import called
from alliage.detection.columns import Kept
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.scene import Reports, Scene
from alliage.detection.seabed import FARTHEST_M, Seabed
from alliage.detection.settings import DetectorSettings
from alliage.detection.slow import SLOW_STATUSES, SLOW_TRADES
from alliage.detection.wording import distance, knots, number, since
from alliage.geo.flat import distance_m, offset_m, turn_deg

USUAL_S: Final = 1_800.0
"""Over how long the speed is averaged to which the present one is compared."""

LEG_M: Final = 200.0
SMALLEST_USUAL_MPS: Final = 4.0


class AnchorDragSettings(DetectorSettings):
    """When a ship counts as dragging."""

    most_share: float = Field(
        default=0.75, gt=0, lt=1, description="It keeps no more than this part of its speed before."
    )
    least_speed_mps: float = Field(default=0.8, ge=0, description="Slower ships lie or drift.")
    lasts_s: float = Field(default=1_200.0, ge=300, description="For how long it has to be so.")
    least_way_m: float = Field(
        default=1_852.0, ge=200, description="How far it comes while it is slowed."
    )
    least_turn_deg: float = Field(
        default=7.0, gt=0, le=90, description="From leg to leg of 200 m its course turns so much."
    )
    near_line_m: float = Field(
        default=1_852.0, gt=0, le=FARTHEST_M, description="What is near a cable or pipeline."
    )


class AnchorDrag:
    """Ships that may drag an anchor over a line."""

    name: ClassVar[str] = "anchor_drag"
    version: ClassVar[int] = 2
    title: ClassVar[Reason] = Reason("Anchor dragging", "Ancre qui dérape")
    linger_s: ClassVar[float] = 1_200.0
    settings_type: ClassVar[type[DetectorSettings]] = AnchorDragSettings

    def __init__(self, settings: AnchorDragSettings) -> None:
        self.settings = settings
        self._seabed = Seabed()
        nan = np.float64("nan")
        self._kept = Kept(
            usual_mps=nan, since_us=np.int64(0), lat=nan, lon=nan,
            leg_lat=nan, leg_lon=nan, leg=nan, legs=np.int32(0), turns=np.float64(0.0),
            turned=np.float64(0.0),
        )  # fmt: skip

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Ships that have been slowed and meander near a line."""
        self._seabed.refresh(scene)
        if not self._seabed.lines:
            return
        self._kept.grow(scene.things.count)
        rows = np.flatnonzero(reports.is_last & ~np.isnan(reports.speed_mps))
        rows = rows[scene.things.is_a("Vessel", reports.thing[rows])]
        slow = self._note(reports, rows)
        self._add_legs(reports, rows[slow])
        yield from self._found(scene, reports.thing[rows[slow]])

    def _note(self, reports: Reports, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Whether each is slower than it was; its usual speed is learned while it is not."""
        kept, things, speed = self._kept, reports.thing[rows], reports.speed_mps[rows]
        usual = kept["usual_mps"][things]
        slow = speed <= self.settings.most_share * usual
        slow &= (speed >= self.settings.least_speed_mps) & (usual >= SMALLEST_USUAL_MPS)
        step_s = np.clip(np.nan_to_num(reports.step_s[rows]), 0.0, 600.0)
        share = 1.0 - np.exp(-step_s / USUAL_S)
        learned = np.where(np.isnan(usual), speed, usual + share * (speed - usual))
        kept["usual_mps"][things] = np.where(slow, usual, learned)
        begins = ~slow | (kept["since_us"][things] == 0)
        first = things[begins]
        kept["since_us"][first] = np.where(slow, reports.valid_us[rows], 0)[begins]
        kept["lat"][first], kept["lon"][first] = (
            reports.lat[rows[begins]],
            reports.lon[rows[begins]],
        )
        kept["leg_lat"][first], kept["leg_lon"][first] = kept["lat"][first], kept["lon"][first]
        kept["leg"][first], kept["legs"][first] = np.nan, 0
        kept["turns"][first] = kept["turned"][first] = 0.0
        return slow

    def _add_legs(self, reports: Reports, rows: NDArray[np.intp]) -> None:
        kept, things = self._kept, reports.thing[rows]
        east, north = offset_m(
            kept["leg_lat"][things], kept["leg_lon"][things], reports.lat[rows], reports.lon[rows]
        )
        ends = np.hypot(east, north) >= LEG_M
        rows, things = rows[ends], things[ends]
        leg = np.degrees(np.arctan2(east[ends], north[ends]))
        turn = np.nan_to_num(turn_deg(kept["leg"][things], leg))
        kept["turns"][things] += np.abs(turn)
        kept["turned"][things] += turn
        kept["legs"][things] += 1
        kept["leg"][things] = leg
        kept["leg_lat"][things], kept["leg_lon"][things] = reports.lat[rows], reports.lon[rows]

    def _found(self, scene: Scene, things: NDArray[np.int32]) -> Iterable[Finding]:
        kept, table, setting = self._kept, scene.things, self.settings.column
        lasts_s = (table.valid_us[things] - kept["since_us"][things]) / 1e6
        lat, lon = table.lat[things], table.lon[things]
        way_m = distance_m(kept["lat"][things], kept["lon"][things], lat, lon)
        turns = kept["turns"][things]
        holds = lasts_s >= setting("lasts_s", scene, things)
        holds &= way_m >= self.settings.least_way_m
        holds &= turns >= self.settings.least_turn_deg * np.maximum(1, kept["legs"][things] - 1)
        holds &= np.abs(kept["turned"][things]) <= 0.5 * turns  # to either side, as no fairway goes
        things = things[holds]
        things = things[~table.has_status(SLOW_STATUSES, things)]
        things = things[~table.is_of(SLOW_TRADES, things)]
        if len(things):
            near = self._seabed.near(
                table.lat[things], table.lon[things], self.settings.near_line_m
            )
            told: dict[int, tuple[float, int]] = {}
            for place, line, off_m in zip(*(c.tolist() for c in near[:3]), strict=True):
                told[place] = min((abs(off_m), line), told.get(place, (np.inf, 0)))
            for place, (off_m, line) in sorted(told.items()):
                yield self._finding(scene, int(things[place]), line, off_m)

    def _finding(self, scene: Scene, thing: int, line: int, off_m: float) -> Finding:
        kept, table, feature = self._kept, scene.things, self._seabed.lines[line]
        since_us, now_us = int(kept["since_us"][thing]), int(table.valid_us[thing])
        turn = float(kept["turns"][thing]) / max(1, int(kept["legs"][thing]) - 1)
        usual_mps, now_mps = float(kept["usual_mps"][thing]), float(table.speed_mps[thing])
        name, begun, far = table.name_of(thing), since(since_us, now_us), distance(off_m)
        over = called.feature(scene, feature)
        usual, now, turns = knots(usual_mps), knots(now_mps), number(turn)
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=0.6,
            reason=Reason(
                f"{name} may drag its anchor: {begun[0]} it has made {now[0]} in place of "
                f"{usual[0]}, turning by {turns[0]}° to either side, {far[0]} from {over[0]}",
                f"{name} traîne peut-être son ancre : {begun[1]}, {now[1]} au lieu de "
                f"{usual[1]}, des écarts de route de {turns[1]}°, à {far[1]} "
                f"{called.of_french(over[1])}",
            ),
            figures={
                "speed_mps": round(now_mps, 2),
                "usual_mps": round(usual_mps, 2),
                "turn_deg": round(turn, 1),
                "off_line_m": round(off_m),
            },
            evidence=(Evidence(thing, since_us), Evidence(thing, now_us)),
            area=feature.identifier,
        )
