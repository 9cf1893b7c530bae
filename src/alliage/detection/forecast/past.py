"""Where things were some time ago: forecasts of then are held against where they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from alliage.detection.columns import Kept
from alliage.detection.forecast.states import HORIZONS_S, Floats, Numbers, States

if TYPE_CHECKING:
    from alliage.detection.scene import Reports

SAMPLES: Final = 13
"""Twelve steps of a thing's way, and the present."""

ABOUT: Final = 0.35
"""By so much of a horizon a comparison may be early or late: many report every three minutes."""


class Past:
    """Samples of each thing's way, some minutes apart."""

    def __init__(self, every_us: int, horizons: tuple[int, ...]) -> None:
        """Keep samples.

        Args:
            every_us: how far apart.
            horizons: for which these are far enough back, places in :data:`HORIZONS_S`.
        """
        self.horizons = horizons
        self._every_us = every_us
        self._kept = Kept(
            us=np.zeros(SAMPLES, np.int64), lat=np.zeros(SAMPLES), lon=np.zeros(SAMPLES),
            speed=np.zeros(SAMPLES, np.float32), course=np.zeros(SAMPLES, np.float32),
            taken=np.int64(0),
        )  # fmt: skip

    def grow(self, count: int) -> None:
        """Have room for so many things."""
        self._kept.grow(count)

    def forget(self) -> None:
        """Nothing is known of where things were."""
        self._kept["taken"][:] = 0
        self._kept["us"][:] = 0

    def due(self, reports: Reports, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which of these rows are samples."""
        things = reports.thing[rows]
        last = (self._kept["taken"][things] - 1) % SAMPLES
        gone_us = reports.valid_us[rows] - self._kept["us"][things, last]
        return np.asarray(gone_us >= self._every_us)

    def then(
        self, reports: Reports, rows: NDArray[np.intp], domain: Numbers, horizon: int
    ) -> tuple[NDArray[np.bool_], States, Floats]:
        """Where the things of these rows were one horizon ago.

        Returns:
            Of which rows that is known, and of these the states, and how many seconds ago.
        """
        kept, things, wanted_s = self._kept, reports.thing[rows], HORIZONS_S[horizon]
        gone_s = (reports.valid_us[rows, None] - kept["us"][things]) / 1e6
        at = np.abs(gone_s - wanted_s).argmin(axis=1)
        gone_s = gone_s[np.arange(len(rows)), at]
        fits = np.abs(gone_s / wanted_s - 1.0) < ABOUT
        fits &= ~np.isnan(kept["speed"][things, at]) & ~np.isnan(kept["course"][things, at])
        things, at = things[fits], at[fits]
        states = States(
            kept["lat"][things, at], kept["lon"][things, at],
            kept["speed"][things, at].astype(np.float64),
            kept["course"][things, at].astype(np.float64), domain[fits],
        )  # fmt: skip
        return fits, states, gone_s[fits]

    def keep(self, reports: Reports, rows: NDArray[np.intp]) -> None:
        """Take these rows as samples."""
        kept, things = self._kept, reports.thing[rows]
        at = kept["taken"][things] % SAMPLES
        kept["us"][things, at] = reports.valid_us[rows]
        kept["lat"][things, at], kept["lon"][things, at] = reports.lat[rows], reports.lon[rows]
        kept["speed"][things, at] = reports.speed_mps[rows]
        kept["course"][things, at] = reports.course_deg[rows]
        kept["taken"][things] += 1
