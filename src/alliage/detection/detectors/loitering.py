"""Loitering: a ship under way that stays within a small area at low speed, without saying why.

Who has come at speed and then goes on slowly within a nautical mile for forty minutes waits, works,
looks for something or cannot go on. Where other ships rest too is an anchorage or a port; fishing
vessels, tugs, yachts and such as work at sea are slow by trade. Near a cable or pipeline less time
is enough, and it is named: damage to cables in the Baltic Sea since 2023 began with slow ships.
There a workboat is told too, after the longer time.
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
from alliage.detection.features import Feature
from alliage.detection.scene import Reports, Scene
from alliage.detection.seabed import FARTHEST_M, Floats, Seabed
from alliage.detection.settings import DetectorSettings
from alliage.detection.slow import SLOW_STATUSES, SLOW_TRADES, WORKBOATS
from alliage.detection.wording import Words, distance, knots, since
from alliage.geo.flat import distance_m

UNDER_WAY_MPS: Final = 3.5
CAME_US: Final = 10_800_000_000
"""It has to have been under way within so long before."""

RESTS_MPS: Final = 0.3
RESTING_S: Final = 600.0


class LoiteringSettings(DetectorSettings):
    """When a ship counts as loitering."""

    lasts_s: float = Field(default=2_400.0, ge=300, description="How long it has to stay.")
    lasts_near_line_s: float = Field(
        default=1_200.0, ge=300, description="How long it has to stay near a cable or pipeline."
    )
    near_line_m: float = Field(
        default=1_852.0, ge=0, le=FARTHEST_M, description="What is near a cable or pipeline."
    )
    radius_m: float = Field(
        default=1_852.0, gt=100, description="How far it may go while it stays."
    )
    most_speed_mps: float = Field(default=2.6, gt=0, description="Faster ships go somewhere.")
    least_speed_mps: float = Field(
        default=0.35, ge=0, description="Ships that are slower on average rest."
    )
    resting_m: float = Field(
        default=4_000.0, ge=0, description="So near others at rest are counted."
    )
    most_resting: int = Field(default=2, ge=0, description="Where more others rest it is a port.")


class Loitering:
    """Ships that stay where ships do not stay."""

    name: ClassVar[str] = "loitering"
    version: ClassVar[int] = 4
    title: ClassVar[Reason] = Reason("Loitering", "Stationnement suspect")
    linger_s: ClassVar[float] = 1_200.0
    settings_type: ClassVar[type[DetectorSettings]] = LoiteringSettings

    def __init__(self, settings: LoiteringSettings) -> None:
        self.settings = settings
        self._seabed = Seabed()
        self._about: dict[int, Feature] = {}
        nan = np.float64("nan")
        self._kept = Kept(
            lat=nan, lon=nan, since_us=np.int64(0), mid_lat=nan, mid_lon=nan, mid_us=np.int64(0),
            came_us=np.int64(0), gone_m=np.float64(0.0),
        )  # fmt: skip

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Ships that have stayed long enough."""
        self._kept.grow(scene.things.count)
        rows = np.flatnonzero(reports.is_last & ~np.isnan(reports.speed_mps))
        rows = rows[scene.things.is_a("Vessel", reports.thing[rows])]
        self._note(scene, reports, rows)
        things = self._lasting(scene, reports.thing[rows])
        if len(things):
            self._seabed.refresh(scene)
            yield from self._found(scene, things)

    def _note(self, scene: Scene, reports: Reports, rows: NDArray[np.intp]) -> None:
        """Since when each has been within its circle: where it leaves it, a later one begins."""
        kept, things = self._kept, reports.thing[rows]
        now_us, lat, lon = reports.valid_us[rows], reports.lat[rows], reports.lon[rows]
        speed, radius_m = reports.speed_mps[rows], self.settings.radius_m
        step_s = np.minimum(np.nan_to_num(reports.step_s[rows]), 600.0)
        kept["came_us"][things[speed >= UNDER_WAY_MPS]] = now_us[speed >= UNDER_WAY_MPS]
        is_fast = ~(speed <= self.settings.column("most_speed_mps", scene, things))
        far_m = distance_m(kept["lat"][things], kept["lon"][things], lat, lon)
        is_out = ~(far_m <= radius_m)
        mid_m = distance_m(kept["mid_lat"][things], kept["mid_lon"][things], lat, lon)
        later = is_out & ~is_fast & (mid_m <= radius_m)
        anew = is_fast | (is_out & ~later)
        kept["gone_m"][things] = np.where(anew, 0.0, kept["gone_m"][things] + speed * step_s)
        share = np.ones(len(things))
        passed = now_us - kept["since_us"][things]
        left = now_us - kept["mid_us"][things]
        share[later] = left[later] / np.maximum(1, passed[later])
        kept["gone_m"][things] *= share
        half = (far_m > radius_m / 2) & np.isnan(kept["mid_lat"][things])
        for name, now in (("lat", lat), ("lon", lon), ("us", now_us)):
            mid, first = kept[f"mid_{name}"], kept["since_us" if name == "us" else name]
            first[things] = np.where(anew, now, np.where(later, mid[things], first[things]))
            none = 0 if name == "us" else np.nan
            mid[things] = np.where(later | half, now, np.where(anew, none, mid[things]))

    def _lasting(self, scene: Scene, things: NDArray[np.int32]) -> NDArray[np.int32]:
        """Those that have stayed for the shorter time at least, and are no ships of slow trades."""
        kept, setting = self._kept, self.settings.column
        lasts_s = (scene.things.valid_us[things] - kept["since_us"][things]) / 1e6
        soonest_s = np.minimum(
            setting("lasts_s", scene, things), setting("lasts_near_line_s", scene, things)
        )
        holds = lasts_s >= soonest_s
        holds &= kept["gone_m"][things] >= self.settings.least_speed_mps * lasts_s
        holds &= kept["since_us"][things] - kept["came_us"][things] <= CAME_US
        things = things[holds]
        things = things[~scene.things.has_status(SLOW_STATUSES, things)]
        return things[~scene.things.is_of(SLOW_TRADES - WORKBOATS, things)]

    def _found(self, scene: Scene, things: NDArray[np.int32]) -> Iterable[Finding]:
        table, kept = scene.things, self._kept
        lat, lon = table.lat[things], table.lon[things]
        off_m = self._measure_lines(things, lat, lon)
        resting = scene.live(RESTING_S)
        resting = resting[table.speed_mps[resting] <= RESTS_MPS]
        for nth, thing in enumerate(things.tolist()):
            lasts_s = (int(table.valid_us[thing]) - int(kept["since_us"][thing])) / 1e6
            is_near, works = thing in self._about, bool(table.is_of(WORKBOATS, things[[nth]])[0])
            if works and not is_near:
                continue
            if (works or not is_near) and lasts_s < self.settings.lasts_s:
                continue
            away_m = distance_m(lat[nth], lon[nth], table.lat[resting], table.lon[resting])
            others = (away_m <= self.settings.resting_m) & (resting != thing)
            if others.sum() <= self.settings.most_resting:
                yield self._finding(scene, thing, off_m.get(thing))

    def _measure_lines(
        self, things: NDArray[np.int32], lat: Floats, lon: Floats
    ) -> dict[int, float]:
        """Metres to the nearest line of those near one; what a stay is about does not change."""
        self._about = {t: line for t, line in self._about.items() if self._kept["gone_m"][t] > 0}
        near = self._seabed.near(lat, lon, self.settings.near_line_m)
        off_m: dict[int, float] = {}
        for place, number, off in zip(*(column.tolist() for column in near[:3]), strict=True):
            thing = int(things[place])
            if abs(off) < off_m.get(thing, np.inf):
                off_m[thing] = abs(off)
                self._about.setdefault(thing, self._seabed.lines[number])
        return off_m

    def _finding(self, scene: Scene, thing: int, off_m: float | None) -> Finding:
        table, since_us = scene.things, int(self._kept["since_us"][thing])
        now_us = int(table.valid_us[thing])
        lasts_s = (now_us - since_us) / 1e6
        speed_mps = float(self._kept["gone_m"][thing]) / lasts_s
        name, begun, slow = table.name_of(thing), since(since_us, now_us), knots(speed_mps)
        within = distance(self.settings.radius_m)
        en = f"{name} has stayed within {within[0]} {begun[0]}, at {slow[0]} on average"
        fr = f"{name} reste dans un rayon de {within[1]} {begun[1]}, à {slow[1]} en moyenne"
        figures = {"lasts_s": round(lasts_s), "speed_mps": round(speed_mps, 2)}
        about = self._about.get(thing)
        if off_m is not None:
            figures["off_line_m"] = round(off_m)
        if about is not None:
            by = ("near", "près") if off_m is None else _from(distance(off_m))
            line = called.feature(scene, about)
            en, fr = f"{en}, {by[0]} {line[0]}", f"{fr}, {by[1]} {called.of_french(line[1])}"
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=min(0.95, (0.91 if about else 0.73) + lasts_s / 36_000.0),
            reason=Reason(en, fr),
            figures=figures,
            evidence=(Evidence(thing, since_us), Evidence(thing, now_us)),
            area=about.identifier if about else "",
        )


def _from(far: Words) -> Words:
    return f"{far[0]} from", f"à {far[1]}"
