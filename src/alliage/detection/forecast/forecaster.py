"""The forecaster of one detection context: learns from its reports, is asked at any time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from alliage.detection.forecast.flow import Flow
from alliage.detection.forecast.misses import SHARES, Misses, Size
from alliage.detection.forecast.past import Past
from alliage.detection.forecast.states import AIR, HORIZONS_S, OTHER, SEA, Floats, States
from alliage.detection.forecast.trust import Trust
from alliage.detection.learned import Tables
from alliage.geo.flat import moved, offset_m

if TYPE_CHECKING:
    from alliage.detection.scene import Reports, Scene

LONGEST_S: Final = HORIZONS_S[-1]

ENOUGH: Final = 10.0
"""Past forecasts of a horizon below which its areas are said to be drawn on from a shorter one."""


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
        compared: of how many past forecasts the areas' sizes are made; 0: they are a guess.
        drawn_on_s: how far ahead those were, where too few of that length were compared and areas
            grow on in proportion; NaN where it was learned, and where nothing was.
    """

    lat: Floats
    lon: Floats
    axis_deg: Floats
    half: Size
    most: Size
    known: Floats
    compared: Floats
    drawn_on_s: Floats


class Forecaster:
    """Learns where things go and how far its own forecasts miss."""

    name: ClassVar[str] = "forecast"
    version: ClassVar[int] = 2

    def __init__(self) -> None:
        self.flow = Flow()
        self.trust = Trust()
        self.misses = Misses()
        self.learned = 0
        """Forecasts that were compared with what came of them."""
        self._pasts = (
            Past(300_000_000, (0, 1, 2, 3)),
            Past(1_800_000_000, (4, 5)),
        )

    # --- learning

    def learn(self, scene: Scene, reports: Reports) -> None:
        """Take in the reports of a look."""
        for past in self._pasts:
            past.grow(scene.things.count)
            rows = np.flatnonzero(reports.is_last)
            rows = rows[past.due(reports, rows)]
            if not len(rows):
                continue
            domain = domains(scene, reports.thing[rows])
            for horizon in past.horizons if scene.teaches else ():
                self._compare(reports, rows, domain, past, horizon)
            past.keep(reports, rows)

    def dump(self, scene: Scene) -> Tables:
        """What was learned; not where things were."""
        learned = np.array(self.learned)
        return {
            "learned": learned, **self.flow.dump(), **self.trust.dump(), **self.misses.dump(),
        }  # fmt: skip

    def load(self, scene: Scene, tables: Tables) -> None:
        """Take back what :meth:`dump` gave out."""
        self.learned = int(tables["learned"])
        self.flow.load(tables)
        self.trust.load(tables)
        self.misses.load(tables)

    def forget_ways(self) -> None:
        """Time has gone back: what was learned stays, where things were does not."""
        for past in self._pasts:
            past.forget()

    def _compare(
        self, reports: Reports, rows: NDArray[np.intp], domain: NDArray[np.int64], past: Past,
        horizon: int,
    ) -> None:  # fmt: skip
        """Hold what was forecast one horizon ago against where things are now."""
        fits, states, gone_s = past.then(reports, rows, domain, horizon)
        if not fits.any():
            return
        wanted_s, rows = HORIZONS_S[horizon], rows[fits]
        made = np.stack(_along(states, reports.lat[rows], reports.lon[rows]), axis=1)
        made *= (wanted_s / gone_s)[:, None]
        along, across, known = self._way(states, horizon)
        straight_m = np.where(states.speed_class > 0, states.speed_mps * wanted_s, 0.0)
        errors = made[:, 0] - along * straight_m, made[:, 1] - across * straight_m
        self.misses.learn(states, horizon, known, *errors)
        goes = straight_m > 0
        self._learn_way(states.take(goes), horizon, made[goes] / straight_m[goes, None])
        self.learned += len(rows)

    def _learn_way(self, states: States, horizon: int, parts: Floats) -> None:
        *learned, count = self.flow.parts(states, horizon)
        there = count > 0
        self.trust.learn(
            states.take(there), horizon, parts[there], np.stack(learned, axis=1)[there]
        )
        self.flow.learn(states, horizon, parts[:, 0], parts[:, 1])

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
        upper = min(int(np.searchsorted(HORIZONS_S, ahead_s)), len(HORIZONS_S) - 1)
        along, across, known = self._way(states, upper)
        if upper > 0 and ahead_s < HORIZONS_S[upper]:
            share = _share(ahead_s, upper)
            before = self._way(states, upper - 1)
            along = share * along + (1.0 - share) * before[0]
            across = share * across + (1.0 - share) * before[1]
        straight_m = np.where(states.speed_class > 0, states.speed_mps * ahead_s, 0.0)
        course = np.radians(states.course_deg)
        ahead_m, aside_m = along * straight_m, across * straight_m
        east = ahead_m * np.sin(course) + aside_m * np.cos(course)
        north = ahead_m * np.cos(course) - aside_m * np.sin(course)
        lat, lon = moved(states.lat, states.lon, east, north)
        turned = np.degrees(np.arctan2(aside_m, np.maximum(ahead_m, 1e-9)))
        half, most = (self._size(states, ahead_s, upper, known, share) for share in SHARES)
        axis = (states.course_deg + turned) % 180.0
        return Forecast(lat, lon, axis, half, most, known, *self._compared(states, upper))

    def _way(self, states: States, horizon: int) -> tuple[Floats, Floats, Floats]:
        """Parts of the way straight on that are expected along and across it, and of how many
        ways that is known; (n,)."""
        along, across, known = self.flow.parts(states, horizon)
        weight = self.trust.weights(states, horizon)
        return 1.0 + weight * (along - 1.0), weight * across, np.where(weight > 0.0, known, 0.0)

    def _compared(self, states: States, upper: int) -> tuple[Floats, Floats]:
        """Of how many errors sizes are made, and from how far ahead they are drawn on."""
        compared = self.misses.compared(states, upper)
        drawn_on_s = np.full(len(compared), np.nan)
        for shorter in range(upper - 1, -1, -1):
            lacks = compared < ENOUGH
            of = self.misses.compared(states, shorter)
            better = lacks & (of >= ENOUGH)
            compared = np.where(better, of, compared)
            drawn_on_s[better] = HORIZONS_S[shorter]
        return compared, drawn_on_s

    def _size(
        self, states: States, ahead_s: float, upper: int, known: Floats, share: float
    ) -> Size:
        """By the learned horizons: in between interpolated, before in proportion."""
        after = self.misses.size(states, upper, known, share)
        if upper == 0:
            factor = ahead_s / HORIZONS_S[0]
            return Size(after.along_m * factor, after.across_m * factor)
        part, before = _share(ahead_s, upper), self.misses.size(states, upper - 1, known, share)
        along, across = (
            (1.0 - part) * less + part * more for less, more in zip(before, after, strict=True)
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
