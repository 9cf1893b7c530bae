"""By how much forecasts missed: the sizes of the areas in which things are really found.

For each domain, speed, horizon and state of knowledge a histogram of errors is kept, the error told
in parts of an ellipse along and across the course. A new one begins with :data:`PRIOR` errors of
the middle size that the kind's motion model has (white noise acceleration; Y. Bar-Shalom et al.,
Estimation with Applications to Tracking and Navigation, 2001, section 6.2), but with a longer tail
than a normal distribution's: most things keep on, and some turn or stop.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliage.detection.forecast.states import AIR, HORIZONS_S, Floats, Numbers, States
from alliage.detection.learned import Tables

PRIOR: Final = 10.0
FORGETS: Final = 0.999
"""Each further error lets the older ones count so much less: traffic changes."""

KNOWN: Final = 4.0
"""Ways that a cell needs before its errors are told apart from those of unknown water."""

_BINS: Final = 160
_EDGES: Final = np.geomspace(1e-3, 1e3, _BINS + 1)
_PSD: Final = (0.01, 2.0, 1.0)  # m2/s3, by domain: as the schemata of vessel, aircraft, vehicle
_LEAST_M: Final = (30.0, 100.0, 30.0)
_CLASSES: Final = (3, 4, len(HORIZONS_S), 2)


class Size(NamedTuple):
    """Half axes along and across the course in metres, (n,) each."""

    along_m: Floats
    across_m: Floats


class Misses:
    """Histograms of errors."""

    def __init__(self) -> None:
        shares = np.diff(-np.exp(-np.log(2.0) * _EDGES / np.sqrt(2.0 * np.log(2.0))))
        self._counts: NDArray[np.float64] = np.tile(PRIOR * shares, (*_CLASSES, 1))
        self._spread: NDArray[np.float64] = np.full((*_CLASSES, 3), PRIOR)  # n, along, across

    def learn(
        self, states: States, horizon: int, known: Floats, along_m: Floats, across_m: Floats
    ) -> None:
        """Take in by how much forecasts missed; (n,) each."""
        size = self._unit(states, horizon, known)
        error = np.hypot(along_m / size.along_m, across_m / size.across_m)
        bins = np.clip(np.searchsorted(_EDGES, error) - 1, 0, _BINS - 1)
        scale = _scale_m(states, HORIZONS_S[horizon])
        classes = self._classes(states, horizon, known)
        for row, cls in enumerate(zip(*(one.tolist() for one in classes), strict=True)):
            self._counts[cls] *= FORGETS
            self._counts[cls][bins[row]] += 1.0
            parts = (1.0, abs(along_m[row]) / scale[row], abs(across_m[row]) / scale[row])
            self._spread[cls] = self._spread[cls] * FORGETS + np.minimum(parts, 50.0)

    def size(self, states: States, horizon: int, known: Floats, share: float) -> Size:
        """The area in which so many of a hundred are found, for a share of 0 to 1."""
        unit = self._unit(states, horizon, known)
        classes = self._classes(states, horizon, known)
        sums = np.cumsum(self._counts[classes], axis=1)
        wanted = sums[:, -1:] * share
        bins = np.minimum((sums < wanted).sum(axis=1), _BINS - 1)
        before = np.where(
            bins > 0, np.take_along_axis(sums, np.maximum(bins - 1, 0)[:, None], 1)[:, 0], 0.0
        )
        inside = np.take_along_axis(sums, bins[:, None], 1)[:, 0] - before
        part = np.clip((wanted[:, 0] - before) / np.maximum(inside, 1e-12), 0.0, 1.0)
        factor = _EDGES[bins] * (_EDGES[bins + 1] / _EDGES[bins]) ** part
        least = np.array(_LEAST_M)[states.domain]  # nobody's position is told better than that
        along, across = unit.along_m * factor, unit.across_m * factor
        return Size(np.maximum(along, least), np.maximum(across, least))

    def compared(self, states: States, horizon: int, known: Floats) -> Floats:
        """Of how many errors a size is made; old ones count for less; (n,)."""
        counts = self._spread[self._classes(states, horizon, known)][:, 0]
        return np.asarray(np.maximum(0.0, counts - PRIOR))

    def dump(self) -> Tables:
        """What was learned."""
        return {"errors": self._counts, "spread": self._spread}

    def load(self, tables: Tables) -> None:
        """Take back what :meth:`dump` gave out."""
        self._counts[:] = tables["errors"]
        self._spread[:] = tables["spread"]

    def _unit(self, states: States, horizon: int, known: Floats) -> Size:
        """The ellipse whose parts errors are told in."""
        spread = self._spread[self._classes(states, horizon, known)]
        scale = _scale_m(states, HORIZONS_S[horizon])
        along, across = (spread[:, column] / spread[:, 0] for column in (1, 2))
        least = 0.1 * np.maximum(along, across)
        return Size(scale * np.maximum(along, least), scale * np.maximum(across, least))

    def _classes(
        self, states: States, horizon: int, known: Floats
    ) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        where = np.full(len(states.lat), horizon)
        return states.domain, states.speed_class, where, (known >= KNOWN).astype(np.int64)


def _scale_m(states: States, horizon_s: float) -> Floats:
    """The standard deviation of the motion model; what is at rest stays; (n,)."""
    psd, least = np.array(_PSD)[states.domain], np.array(_LEAST_M)[states.domain]
    model = np.sqrt(least**2 + psd * horizon_s**3 / 3.0)
    rests = (states.speed_class == 0) & (states.domain != AIR)
    return np.asarray(np.where(rests, least + 0.05 * horizon_s, model))
