"""How many ships each area has under way in an hour of the day, and how many are to be expected.

Expected is the mean of that hour on earlier days, drawn towards the area's mean of all hours while
few days are known. What single hours differ by is more than chance alone (a Poisson distribution)
would have it, for traffic has its days; by how much more is learned of each area. The band is a
negative binomial distribution's with that mean and variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, nbdtrik

from alliage.detection.columns import Kept
from alliage.detection.learned import Tables

if TYPE_CHECKING:
    from alliage.detection.scene import Scene

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]

HOUR_US: Final = 3_600_000_000
WHOLE: Final = 0.95
"""Such a part of an hour must have been heard for it to be learned from."""

DAY: Final = 24
MOST_AREAS: Final = 50_000

AS_IF_DAYS: Final = 1.0
"""The area's mean of all hours counts like so many days of each hour."""

FADE: Final = 0.5 ** (1.0 / 28.0)
"""What a day counts on the next: half after four weeks."""

AS_IF_HOURS: Final = 48.0
MORE_THAN_CHANCE: Final = 1.5
"""Variance over mean that is taken for granted, as if of so many hours."""


class Band(NamedTuple):
    """What is to be expected of some areas, (n,) each: mean, and variance over mean."""

    mean: Floats
    spread: Floats

    def more(self, count: Floats) -> Floats:
        """Probability of so many or more."""
        size, share = self._parameters()
        return np.asarray(np.where(count > 0, betainc(np.maximum(count, 1), size, 1 - share), 1.0))

    def fewer(self, count: Floats) -> Floats:
        """Probability of so many or fewer."""
        size, share = self._parameters()
        return np.asarray(betainc(size, count + 1.0, share))

    def usual(self) -> tuple[Floats, Floats]:
        """Between which counts 98 of 100 hours are."""
        low, high = (np.ceil(nbdtrik(at, *self._parameters())) for at in (0.01, 0.99))
        return np.maximum(low, 0.0), np.maximum(high, 0.0)

    def take(self, rows: NDArray[np.intp]) -> Band:
        """Some of them."""
        return Band(self.mean[rows], self.spread[rows])

    def _parameters(self) -> tuple[Floats, Floats]:
        """Number of successes and their probability."""
        spread = np.maximum(self.spread, 1.001)
        return self.mean / (spread - 1.0), 1.0 / spread


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour: since when, the areas, how many ships each has had and was to have, (n,)."""

    start_us: int
    areas: Numbers
    count: Floats
    band: Band
    known: Floats
    """How many ships have been counted there in all; old ones weigh less."""


@dataclass(frozen=True, slots=True)
class AreaHours:
    """What is known of one area.

    Attributes:
        usual: by hour of the day, UTC, what is to be expected, (24,).
        days: by hour of the day how many days of it are known; old ones count less, (24,).
        start_us: beginning of the hour that goes on; 0 before anything was heard.
        heard_s: how much of it was listened for.
        count: how many ships under way it has had by now.
        before: the hour before as it was judged, of this area alone; None where it was not heard as
            a whole.
    """

    usual: Band
    days: Floats
    start_us: int
    heard_s: float
    count: int
    before: Hour | None


class Hours:
    """The hour that goes on, the one before, and what was learned."""

    def __init__(self) -> None:
        self.closed: Hour | None = None
        """The hour before, if it was heard as a whole."""
        self._hour = 0
        self._heard_s = 0.0
        self._row: dict[int, int] = {}
        self._areas: list[int] = []
        self._learned = 0
        self._days = np.zeros(DAY)
        self._counts = Kept(
            now=np.float64(0.0), sums=np.zeros(DAY), squares=np.float64(0.0), hours=np.float64(0.0),
        )  # fmt: skip
        self._kept = Kept(area=np.int64(0), before=np.int64(0), hour=np.int64(0))

    @property
    def days(self) -> float:
        """How many days are known."""
        return self._learned / DAY

    def open(self, least: float = 0.0) -> Hour:
        """The hour that goes on: areas that have had at least so many by now."""
        now = self._counts["now"][: len(self._row)]
        return self._told(self._hour, np.flatnonzero(now >= least))

    def of(self, area: int) -> AreaHours | None:
        """What is known of one area; None where no ship under way was ever counted."""
        row = self._row.get(area)
        if row is None:
            return None
        rows = np.array([row])
        bands = [self._told(hour, rows).band for hour in range(DAY)]
        usual = Band(*(np.concatenate(columns) for columns in zip(*bands, strict=True)))
        count, closed = int(self._counts["now"][row]), self.closed
        before = None
        if closed is not None and row < len(closed.areas) and closed.areas[row] == area:
            before = Hour(
                closed.start_us, closed.areas[rows], closed.count[rows], closed.band.take(rows),
                closed.known[rows],
            )  # fmt: skip
        start_us = self._hour * HOUR_US
        return AreaHours(usual, self._days.copy(), start_us, self._heard_s, count, before)

    def see(self, scene: Scene, things: NDArray[np.int32], areas: Numbers, heard_s: float) -> None:
        """Take in ships under way that came into small cells of these areas, (n,) each.

        ``heard_s`` is how much time that was listened for this look adds.
        """
        hour = (scene.now_us - 1) // HOUR_US
        if hour != self._hour:
            self._close(hour, scene.teaches)
        self._heard_s += heard_s
        kept = self._kept
        kept.grow(scene.things.count)
        fresh = kept["hour"][things] != hour
        kept["area"][things[fresh]] = kept["before"][things[fresh]] = 0
        kept["hour"][things] = hour
        new = (areas != kept["area"][things]) & (areas != kept["before"][things])
        things, areas = things[new], areas[new]
        kept["before"][things], kept["area"][things] = kept["area"][things], areas
        rows = np.array([self._row_of(area) for area in areas.tolist()], np.intp)
        np.add.at(self._counts["now"], rows, 1.0)

    def begin_anew(self) -> None:
        """Time has gone back: what was learned stays."""
        self._hour, self._heard_s = 0, 0.0
        self._counts["now"][:] = 0.0
        self._kept["hour"][:] = 0
        self.closed = None

    def _told(self, hour: int, rows: NDArray[np.intp]) -> Hour:
        of_day = hour % DAY
        sums, days = self._counts["sums"][rows], self._days
        known = sums.sum(axis=1)
        overall = known / max(days.sum(), 1.0)
        mean = (sums[:, of_day] + AS_IF_DAYS * overall) / (days[of_day] + AS_IF_DAYS)
        squares, hours = self._counts["squares"][rows], self._counts["hours"][rows]
        spread = (squares + AS_IF_HOURS * MORE_THAN_CHANCE) / (hours + AS_IF_HOURS)
        spread *= 1.0 + 1.0 / (days[of_day] + AS_IF_DAYS)  # the mean is not known better
        band = Band(np.maximum(mean, 0.05), np.maximum(spread, 1.0))
        areas = np.array([self._areas[row] for row in rows.tolist()], np.int64)
        return Hour(hour * HOUR_US, areas, self._counts["now"][rows], band, known)

    def _close(self, hour: int, teaches: bool) -> None:
        is_whole = self._heard_s >= WHOLE * 3_600.0 and hour == self._hour + 1
        every = np.arange(len(self._row))
        self.closed = self._told(self._hour, every) if is_whole else None
        if self.closed is not None and teaches:
            self._learn(self.closed)
        self._counts["now"][:] = 0.0
        self._hour, self._heard_s = hour, 0.0

    def _learn(self, hour: Hour) -> None:
        count, of_day = len(hour.areas), self._hour % DAY
        counts = self._counts
        if self._days[of_day] >= 1.0:
            error2 = (hour.count - hour.band.mean) ** 2 / hour.band.mean
            for name, add in (("squares", np.minimum(error2, 25.0)), ("hours", 1.0)):
                counts[name][:count] = FADE ** (1.0 / DAY) * counts[name][:count] + add
        self._learned += 1
        self._days[of_day] = FADE * self._days[of_day] + 1.0
        counts["sums"][:, of_day] *= FADE
        counts["sums"][:count, of_day] += hour.count

    def _row_of(self, area: int) -> int:
        row = self._row.get(area)
        if row is None:
            if len(self._row) >= MOST_AREAS:
                return MOST_AREAS  # all that are beyond count together, and are not told of
            row = self._row[area] = len(self._row)
            self._areas.append(area)
            self._counts.grow(min(len(self._row), MOST_AREAS) + 1)
        return row

    def dump(self) -> Tables:
        """What was learned."""
        count = len(self._row)
        learned = {n: self._counts[n][:count].copy() for n in ("sums", "squares", "hours")}
        areas = np.array(self._areas, np.int64)
        heard = {"days": self._days.copy(), "learned": np.array(self._learned)}
        return {"areas": areas, **heard, **learned}

    def load(self, tables: Tables) -> None:
        """Take back what :meth:`dump` gave out."""
        self._areas = tables["areas"].tolist()
        self._row = {area: row for row, area in enumerate(self._areas)}
        self._counts.grow(len(self._row) + 1)
        self._days[:] = tables["days"]
        self._learned = int(tables["learned"])
        for name in ("sums", "squares", "hours"):
            self._counts[name][: len(self._row)] = tables[name]
