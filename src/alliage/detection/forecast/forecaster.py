"""The forecaster of one detection context: learns from its reports, is asked at any time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from alliage.detection.columns import Kept
from alliage.detection.forecast.flow import Flow
from alliage.detection.forecast.misses import Misses, Size
from alliage.detection.forecast.states import AIR, HORIZONS_S, OTHER, SEA, Floats, States
from alliage.detection.learned import Tables
from alliage.geo.flat import moved, offset_m

if TYPE_CHECKING:
    from alliage.detection.scene import Reports, Scene

SAMPLE_US: Final = 300_000_000
SAMPLES: Final = 13
"""An hour of a thing's way and the present, five minutes apart."""

BACK: Final = (1, 3, 6, 12)
"""How many samples ago each of the horizons began."""

LONGEST_S: Final = 21_600.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where things will be, (n,) each.

    Attributes:
        lat: the likeliest place, degrees.
        lon: the same.
        axis_deg: where the areas' longer direction along the course points, from true north.
        half: half axes along and across of the area that holds 50 of 100.
        most: of the area that holds 90 of 100.
        known: how many ways of the like the place rests on.
        compared: of how many past forecasts the areas' sizes are made; 0: of the motion model.
    """

    lat: Floats
    lon: Floats
    axis_deg: Floats
    half: Size
    most: Size
    known: Floats
    compared: Floats


class Forecaster:
    """Learns where things go and how far its own forecasts miss."""

    name: ClassVar[str] = "forecast"
    version: ClassVar[int] = 1

    def __init__(self) -> None:
        self.flow = Flow()
        self.misses = Misses()
        self.learned = 0
        """Forecasts that were compared with what came of them."""
        self._kept = Kept(
            us=np.zeros(SAMPLES, np.int64), lat=np.zeros(SAMPLES), lon=np.zeros(SAMPLES),
            speed=np.zeros(SAMPLES), course=np.zeros(SAMPLES), taken=np.int64(0),
        )  # fmt: skip

    # --- learning

    def learn(self, scene: Scene, reports: Reports) -> None:
        """Take in the reports of a look."""
        self._kept.grow(scene.things.count)
        use = reports.is_last & ~np.isnan(reports.speed_mps) & ~np.isnan(reports.course_deg)
        rows = np.flatnonzero(use)
        things = reports.thing[rows]
        last = (self._kept["taken"][things] - 1) % SAMPLES
        due = reports.valid_us[rows] - self._kept["us"][things, last] >= SAMPLE_US
        rows, things = rows[due], things[due]
        if not len(rows):
            return
        domain = domains(scene, things)
        for horizon, back in enumerate(BACK) if scene.teaches else ():
            self._compare(reports, rows, domain, horizon, back)
        self._sample(reports, rows)

    def dump(self, scene: Scene) -> Tables:
        """What was learned; not where things were."""
        learned = np.array(self.learned)
        return {"learned": learned, **self.flow.dump(), **self.misses.dump()}

    def load(self, scene: Scene, tables: Tables) -> None:
        """Take back what :meth:`dump` gave out."""
        self.learned = int(tables["learned"])
        self.flow.load(tables)
        self.misses.load(tables)

    def forget_ways(self) -> None:
        """Time has gone back: what was learned stays, where things were does not."""
        self._kept["taken"][:] = 0
        self._kept["us"][:] = 0

    def _compare(
        self, reports: Reports, rows: NDArray[np.intp], domain: NDArray[np.int64], horizon: int,
        back: int,
    ) -> None:  # fmt: skip
        """Hold what was forecast so many samples ago against where things are now."""
        kept, things = self._kept, reports.thing[rows]
        at = (kept["taken"][things] - back) % SAMPLES
        gone_s = (reports.valid_us[rows] - kept["us"][things, at]) / 1e6
        wanted_s = HORIZONS_S[horizon]
        fits = (kept["taken"][things] >= back) & (np.abs(gone_s / wanted_s - 1.0) < 0.15)
        if not fits.any():
            return
        rows, things, at, gone_s = rows[fits], things[fits], at[fits], gone_s[fits]
        states = States(
            kept["lat"][things, at], kept["lon"][things, at], kept["speed"][things, at],
            kept["course"][things, at], domain[fits],
        )  # fmt: skip
        along, across, known = self.flow.parts(states, horizon)
        made = np.stack(_along(states, reports.lat[rows], reports.lon[rows]), axis=1)
        made *= (wanted_s / gone_s)[:, None]
        straight_m = np.where(states.speed_class > 0, states.speed_mps * wanted_s, 0.0)
        errors = made[:, 0] - along * straight_m, made[:, 1] - across * straight_m
        self.misses.learn(states, horizon, known, *errors)
        goes = straight_m > 0
        parts = made[goes] / straight_m[goes, None]
        self.flow.learn(states.take(goes), horizon, parts[:, 0], parts[:, 1])
        self.learned += len(rows)

    def _sample(self, reports: Reports, rows: NDArray[np.intp]) -> None:
        kept, things = self._kept, reports.thing[rows]
        at = kept["taken"][things] % SAMPLES
        kept["us"][things, at] = reports.valid_us[rows]
        kept["lat"][things, at], kept["lon"][things, at] = reports.lat[rows], reports.lon[rows]
        kept["speed"][things, at] = reports.speed_mps[rows]
        kept["course"][things, at] = reports.course_deg[rows]
        kept["taken"][things] += 1

    # --- asking

    def forecast(self, states: States, ahead_s: float) -> Forecast:
        """Where things will be.

        Args:
            states: where they are, (n,).
            ahead_s: when, seconds from then; up to :data:`LONGEST_S`.

        Raises:
            ValueError: it is not within that.
        """
        if not 0.0 <= ahead_s <= LONGEST_S:
            raise ValueError(f"a forecast is for 0 to {LONGEST_S:.0f} s ahead, not {ahead_s:.0f}")
        lat, lon, course = states.lat, states.lon, states.course_deg
        known = np.full(len(lat), np.inf)
        left_s, now = ahead_s, states
        while True:
            step_s = min(left_s, HORIZONS_S[-1])
            lat, lon, course, ways = self._step(now, step_s)
            known = np.minimum(known, ways)
            left_s -= step_s
            if left_s <= 0.0:
                break
            now = States(lat, lon, states.speed_mps, course, states.domain)
        half, most = (self._size(states, ahead_s, known, share) for share in (0.5, 0.9))
        nearest = min(int(np.searchsorted(HORIZONS_S, ahead_s)), len(HORIZONS_S) - 1)
        compared = self.misses.compared(states, nearest, known)
        return Forecast(lat, lon, course % 180.0, half, most, known, compared)

    def _step(self, states: States, step_s: float) -> tuple[Floats, Floats, Floats, Floats]:
        """Place, course and known ways after at most an hour."""
        upper = int(np.searchsorted(HORIZONS_S, step_s))
        upper = min(upper, len(HORIZONS_S) - 1)
        along, across, known = self.flow.parts(states, upper)
        if upper > 0 and step_s < HORIZONS_S[upper]:
            share = _share(step_s, upper)
            before = self.flow.parts(states, upper - 1)
            along = share * along + (1.0 - share) * before[0]
            across = share * across + (1.0 - share) * before[1]
        straight_m = np.where(states.speed_class > 0, states.speed_mps * step_s, 0.0)
        course = np.radians(states.course_deg)
        ahead_m, aside_m = along * straight_m, across * straight_m
        east = ahead_m * np.sin(course) + aside_m * np.cos(course)
        north = ahead_m * np.cos(course) - aside_m * np.sin(course)
        lat, lon = moved(states.lat, states.lon, east, north)
        turned = np.degrees(np.arctan2(aside_m, np.maximum(ahead_m, 1e-9)))
        return lat, lon, (states.course_deg + turned) % 360.0, known

    def _size(self, states: States, ahead_s: float, known: Floats, share: float) -> Size:
        """By the learned horizons: in between interpolated, before and beyond in proportion."""
        first, last = HORIZONS_S[0], HORIZONS_S[-1]
        if ahead_s >= last or ahead_s <= first:
            nearest = len(HORIZONS_S) - 1 if ahead_s >= last else 0
            size = self.misses.size(states, nearest, known, share)
            factor = ahead_s / HORIZONS_S[nearest]
            return Size(size.along_m * factor, size.across_m * factor)
        upper = int(np.searchsorted(HORIZONS_S, ahead_s))
        part = _share(ahead_s, upper)
        two = [self.misses.size(states, nth, known, share) for nth in (upper - 1, upper)]
        along, across = (
            (1.0 - part) * before + part * after for before, after in zip(*two, strict=True)
        )
        return Size(along, across)


def domains(scene: Scene, things: NDArray[np.int32]) -> NDArray[np.int64]:
    """At sea, in the air or elsewhere, (n,)."""
    found = np.full(len(things), OTHER)
    found[scene.things.is_a("Vessel", things)] = SEA
    found[scene.things.is_a("Aircraft", things)] = AIR
    return found


def _share(ahead_s: float, upper: int) -> float:
    before, after = list(pairwise(HORIZONS_S))[upper - 1]
    return (ahead_s - before) / (after - before)


def _along(states: States, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """Metres that things came along their course, and to starboard of it; (n,)."""
    east, north = offset_m(states.lat, states.lon, lat, lon)
    course = np.radians(states.course_deg)
    ahead = east * np.sin(course) + north * np.cos(course)
    return ahead, east * np.cos(course) - north * np.sin(course)
