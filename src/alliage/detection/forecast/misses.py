"""By how much forecasts missed: the sizes of the areas in which things are really found.

For each domain, speed, horizon and state of knowledge a histogram of errors is kept, told in parts
of an ellipse that grows with the way to go. Where few of a class were compared the errors of all
speeds stand in, before these the ones of the next shorter horizon (for three and six hours half of
them), and before any the guess that one in two misses by a quarter of the way: somewhat less where
it is short, more where it is long.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from alliage.detection.forecast.states import AIR, HORIZONS_S, Floats, Numbers, States
from alliage.detection.learned import Tables

PRIOR: Final = 20.0
"""What stands in for a class counts as so many errors."""

FORGETS: Final = 0.9998
"""Each further error lets the older ones count so much less: traffic changes."""

DRAWS_ON: Final = np.array([1.0, 1.0, 1.0, 1.0, 0.5, 0.5])
"""How far a horizon of which nothing was compared is believed to be like the shorter one before it:
that ships kept their course for an hour does not tell that they do for three, or six. The rest is
the guess."""

KNOWN: Final = 4.0
"""Ways that a cell needs before its errors are told apart from those of unknown water."""

SHARES: Final = (0.5, 0.9)

_BINS: Final = 160
_EDGES: Final = np.geomspace(1e-3, 1e3, _BINS + 1)
_OF_WAY: Final = 0.25
_FASTER: Final = 0.25  # of five minutes' way 0.19, of six hours' 0.55
_TAIL: Final = 0.8  # 90 of 100 below 4.5 times what 50 are below: some turn, or stop
_LEAST_MPS: Final = np.array([1.0, 30.0, 1.0])  # what hardly moves may begin to
_LEAST_M: Final = np.array([30.0, 100.0, 30.0])  # nobody's position is told better than that
_CLASSES: Final = (3, 4, len(HORIZONS_S), 2)
_ALL: Final = (3, 2, len(HORIZONS_S))


class Size(NamedTuple):
    """Half axes along and across the course in metres, (n,) each."""

    along_m: Floats
    across_m: Floats


class Misses:
    """Histograms of errors."""

    def __init__(self) -> None:
        self._guess = np.diff(-np.exp(-np.log(2.0) * _EDGES**_TAIL))
        self._counts: NDArray[np.float64] = np.zeros((*_CLASSES, _BINS))
        self._all: NDArray[np.float64] = np.zeros((*_ALL, _BINS))
        self._spread: NDArray[np.float64] = np.full((*_CLASSES, 2), PRIOR)
        self._factors_of: dict[float, list[Floats]] = {}

    def learn(
        self, states: States, horizon: int, known: Floats, along_m: Floats, across_m: Floats
    ) -> None:
        """Take in by how much forecasts missed; (n,) each."""
        self._factors_of.clear()
        unit, scale = self._unit(states, horizon, known), _scale_m(states, HORIZONS_S[horizon])
        error = np.hypot(along_m / unit.along_m, across_m / unit.across_m)
        bins = np.clip(np.searchsorted(_EDGES, error) - 1, 0, _BINS - 1)
        parts = np.abs(np.stack((along_m, across_m), axis=1)) / scale[:, None]
        classes = np.stack(self._classes(states, horizon, known), axis=1)
        for cls in np.unique(classes, axis=0):
            mine = (classes == cls).all(axis=1)
            at, fade = tuple(cls.tolist()), FORGETS ** float(mine.sum())
            found = np.bincount(bins[mine], minlength=_BINS)
            self._counts[at] = self._counts[at] * fade + found
            pool = at[0], int(at[1] > 0), horizon
            self._all[pool] = self._all[pool] * fade + found
            self._spread[at] = self._spread[at] * fade + np.minimum(parts[mine], 50.0).sum(axis=0)

    def size(self, states: States, horizon: int, known: Floats, share: float) -> Size:
        """The area in which so many of a hundred are found, for a share of 0 to 1.

        It is no smaller than that of a shorter horizon.
        """
        along = across = _LEAST_M[states.domain]
        domain, speed, _, knows = self._classes(states, horizon, known)
        if share not in self._factors_of:
            self._factors_of[share] = list(self._factors(share))
        for nth, factors in enumerate(self._factors_of[share][: horizon + 1]):
            unit, factor = self._unit(states, nth, known), factors[domain, speed, knows]
            along = np.maximum(along, unit.along_m * factor)
            across = np.maximum(across, unit.across_m * factor)
        return Size(along, across)

    def compared(self, states: States, horizon: int) -> Floats:
        """Of how many errors a size is made; old ones count for less; (n,)."""
        return np.asarray(self._all[_pool(states, horizon)].sum(axis=1))

    def dump(self) -> Tables:
        """What was learned."""
        return {"errors": self._counts, "all_errors": self._all, "spread": self._spread}

    def load(self, tables: Tables) -> None:
        """Take back what :meth:`dump` gave out."""
        self._counts[:] = tables["errors"]
        self._all[:] = tables["all_errors"]
        self._spread[:] = tables["spread"]
        self._factors_of.clear()

    def _factors(self, share: float) -> Iterator[Floats]:
        """How many units so many of a hundred are within, for each horizon.

        Yields:
            By domain, speed and state of knowledge, (3, 4, 2).
        """
        before = np.broadcast_to(self._guess, (3, 2, _BINS))
        for nth, alike in enumerate(DRAWS_ON.tolist()):
            prior = alike * before + (1.0 - alike) * self._guess
            sums = self._all[:, :, nth] + PRIOR * prior
            before = sums / sums.sum(axis=-1, keepdims=True)
            by_speed = before[:, [0, 1, 1, 1]][:, :, None]
            yield _quantile(self._counts[:, :, nth] + PRIOR * by_speed, share)

    def _unit(self, states: States, horizon: int, known: Floats) -> Size:
        """The ellipse whose parts errors are told in."""
        spread = self._spread[self._classes(states, horizon, known)]
        longer = np.clip(np.sqrt(spread[:, 0] / spread[:, 1]), 0.3, 3.0)
        scale = _scale_m(states, HORIZONS_S[horizon])
        return Size(scale * longer, scale / longer)

    def _classes(
        self, states: States, horizon: int, known: Floats
    ) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        where = np.full(len(states.lat), horizon)
        return states.domain, states.speed_class, where, (known >= KNOWN).astype(np.int64)


def _quantile(counts: Floats, share: float) -> Floats:
    """The error that a share of these are below, within its bin interpolated; (...)."""
    sums = np.cumsum(counts, axis=-1)
    wanted = sums[..., -1] * share
    bins = np.minimum((sums < wanted[..., None]).sum(axis=-1), _BINS - 1)
    inside = np.take_along_axis(counts, bins[..., None], -1)[..., 0]
    after = np.take_along_axis(sums, bins[..., None], -1)[..., 0]
    part = np.clip(1.0 - (after - wanted) / np.maximum(inside, 1e-12), 0.0, 1.0)
    return np.asarray(_EDGES[bins] * (_EDGES[bins + 1] / _EDGES[bins]) ** part)


def _pool(states: States, horizon: int) -> tuple[Numbers, Numbers, int]:
    """All that lie still, or all that move."""
    return states.domain, (states.speed_class > 0).astype(np.int64), horizon


def _scale_m(states: States, horizon_s: float) -> Floats:
    """By how much one in two is guessed to miss; what is at rest stays; (n,)."""
    least = _LEAST_M[states.domain]
    way_m = np.maximum(states.speed_mps, _LEAST_MPS[states.domain]) * horizon_s
    rests = (states.speed_class == 0) & (states.domain != AIR)
    of_way = _OF_WAY * (horizon_s / 900.0) ** _FASTER
    return np.asarray(np.where(rests, least + 0.05 * horizon_s, least + of_way * way_m))
