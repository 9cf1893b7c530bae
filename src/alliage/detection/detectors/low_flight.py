"""Low flight: an aircraft goes low and slowly across country, away from where others fly low.

Small aircraft, helicopters and unmanned ones are low by trade, but near an aerodrome they are not
alone, and who takes off or lands is not low for long. Heights are those that are reported, above
the sea: over high ground nothing is low by them, and nothing is told there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.spatial import cKDTree

from alliage.detection.columns import Kept
from alliage.detection.contract import Evidence, Finding, Reason
from alliage.detection.scene import Reports, Scene
from alliage.detection.settings import DetectorSettings
from alliage.detection.wording import knots, number, since
from alliage.geo.flat import EARTH_M, distance_m
from alliage.geo.sphere import on_sphere
from alliage.ontology.derived import plots_of

Rows = NDArray[np.int32]

OTHERS_US: Final = 3_600_000_000
GAP_US: Final = 120_000_000
"""Who was not heard for longer may have been anywhere in between."""


class LowFlightSettings(DetectorSettings):
    """What is low, slow and alone."""

    most_altitude_m: float = Field(default=200.0, gt=0, description="Higher ones are not low.")
    least_speed_mps: float = Field(
        default=8.0, gt=0, description="Slower ones hover, or stand on the ground."
    )
    most_speed_mps: float = Field(default=65.0, gt=0, description="Faster ones are not slow.")
    lasts_s: float = Field(
        default=600.0, ge=60, description="Who takes off or lands is low for less than this."
    )
    least_way_m: float = Field(
        default=6_000.0, ge=0, description="What circles about one place does not come so far."
    )
    alone_m: float = Field(
        default=12_000.0, ge=0, description="Where others were low lately there is an aerodrome."
    )


class LowFlight:
    """Aircraft that are low and slow where nobody else is."""

    name: ClassVar[str] = "low_flight"
    version: ClassVar[int] = 2
    title: ClassVar[Reason] = Reason("Low slow flight", "Vol bas et lent")
    linger_s: ClassVar[float] = 120.0
    settings_type: ClassVar[type[DetectorSettings]] = LowFlightSettings

    def __init__(self, settings: LowFlightSettings) -> None:
        self.settings = settings
        nan = np.float64("nan")
        self._kept = Kept(since_us=np.int64(0), low_us=np.int64(0), lat=nan, lon=nan)

    def look(self, scene: Scene, reports: Reports) -> Iterable[Finding]:
        """Aircraft that have been low and slow for long enough, and came some way."""
        self._kept.grow(scene.things.count)
        rows = np.flatnonzero(reports.is_last & ~np.isnan(reports.altitude_m))
        says = np.array([plots_of(stream) is None for stream in scene.things.streams], np.bool_)
        rows = rows[says[scene.things.stream[reports.thing[rows]]]]
        rows = rows[scene.things.is_a("Aircraft", reports.thing[rows])]
        if not len(rows):
            return
        low = self._note(scene, reports, rows)
        kept, things = self._kept, reports.thing[rows][low]
        lasts_s = (reports.valid_us[rows][low] - kept["since_us"][things]) / 1e6
        way_m = distance_m(
            kept["lat"][things], kept["lon"][things], scene.things.lat[things],
            scene.things.lon[things],
        )  # fmt: skip
        holds = lasts_s >= self.settings.column("lasts_s", scene, things)
        holds &= way_m >= self.settings.column("least_way_m", scene, things)
        for thing in self._alone(scene, things[holds]).tolist():
            yield self._finding(scene, thing)

    def _note(self, scene: Scene, reports: Reports, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of these reports are low and slow; since when, and where that began."""
        kept, things, column = self._kept, reports.thing[rows], self.settings.column
        valid_us, speed = reports.valid_us[rows], reports.speed_mps[rows]
        flies_low = reports.altitude_m[rows] <= column("most_altitude_m", scene, things)
        flies_low &= speed >= column("least_speed_mps", scene, things)
        low: NDArray[np.bool_] = flies_low & (speed <= column("most_speed_mps", scene, things))
        anew = low & (kept["since_us"][things] == 0)
        anew |= low & (valid_us - kept["low_us"][things] > GAP_US)
        kept["since_us"][things[~low]] = 0
        kept["since_us"][things[anew]] = valid_us[anew]
        kept["lat"][things[anew]] = reports.lat[rows][anew]
        kept["lon"][things[anew]] = reports.lon[rows][anew]
        # The fast are low there, too: it is where one lands that others are not alone.
        kept["low_us"][things[flies_low]] = valid_us[flies_low]
        return low

    def _alone(self, scene: Scene, things: Rows) -> Rows:
        """Those of them around whom nobody else was low lately."""
        if not len(things):
            return things
        table, kept, count = scene.things, self._kept, scene.things.count
        lately = scene.now_us - kept["low_us"][:count] <= OTHERS_US
        others = np.flatnonzero(lately & (kept["low_us"][:count] > 0))
        tree = cKDTree(on_sphere(table.lat[others], table.lon[others]))
        near = tree.query_ball_point(
            on_sphere(table.lat[things], table.lon[things]), self.settings.alone_m / EARTH_M
        )
        alone = [
            bool((table.stands_for[others[around]] == table.stands_for[thing]).all())
            for thing, around in zip(things.tolist(), near, strict=True)
        ]
        return np.asarray(things[np.array(alone, np.bool_)], np.int32)

    def _finding(self, scene: Scene, thing: int) -> Finding:
        table, since_us = scene.things, int(self._kept["since_us"][thing])
        last_us = int(table.valid_us[thing])
        name, begun = table.name_of(thing), since(since_us, last_us)
        height, speed = number(float(table.altitude_m[thing])), knots(float(table.speed_mps[thing]))
        return Finding(
            things=(thing,),
            since_us=since_us,
            probability=0.89,
            reason=Reason(
                f"{name} has flown low {begun[0]}, at {height[0]} m and {speed[0]}; nobody else "
                "flies low there",
                f"{name} vole bas {begun[1]}, à {height[1]} m et {speed[1]} ; personne d'autre n'y "
                "vole bas",
            ),
            figures={
                "altitude_m": round(float(table.altitude_m[thing])),
                "speed_mps": round(float(table.speed_mps[thing]), 1),
            },
            evidence=(Evidence(thing, since_us), Evidence(thing, last_us)),
        )
