"""Figures of each minute of the last hours, under keys; bounded, in memory."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

KEPT: Final = 480
"""Minutes: a watch and its two neighbours' halves."""
POINTS_AT_MOST: Final = 120
"""Of a curve; longer times are told in steps of several minutes, by their means."""
KEYS_AT_MOST: Final = 400

Floats = NDArray[np.float64]
Key = TypeVar("Key", bound=Hashable)


class Span(NamedTuple):
    """Minutes since 1970 that a curve is about."""

    first: int
    points: int
    step: int  # minutes to a point


class Minutes(Generic[Key]):
    """What was so in each minute, as rows of figures; NaN where nothing is known."""

    def __init__(self, width: int) -> None:
        """``width`` is how many figures there are to a key."""
        self._width = width
        self._rings: dict[Key, NDArray[np.float32]] = {}
        self._since: int | None = None
        self._last = -1

    @property
    def since(self) -> int | None:
        """The first minute that is known; None: none is."""
        return self._since

    def put(self, minute: int, figures: Mapping[Key, Sequence[float]]) -> None:
        """What is so in this minute. Where the clock was set back, all begins anew."""
        if self._since is None or minute < self._last:
            self._rings, self._since, self._last = {}, minute, minute - 1
        gone = np.arange(max(self._last, minute - KEPT) + 1, minute + 1) % KEPT
        for ring in self._rings.values():
            ring[gone] = np.nan
        self._last = minute
        self._since = max(self._since, minute - KEPT + 1)
        heard = {key: ring for key, ring in self._rings.items() if np.isfinite(ring).any()}
        for key, values in figures.items():
            if key not in heard and len(heard) < KEYS_AT_MOST:
                heard[key] = np.full((KEPT, self._width), np.nan, np.float32)
            if key in heard:
                heard[key][minute % KEPT] = values
        self._rings = heard

    def span(self, now: int) -> Span | None:
        """Which minutes a curve of all that is known up to now is about."""
        if self._since is None or now < self._since:
            return None
        first = max(self._since, now - KEPT + 1)
        step = -(-(now - first + 1) // POINTS_AT_MOST)
        first -= first % step  # so that steps stay where they are when time goes on
        return Span(first, (now - first) // step + 1, step)

    def curves(self, span: Span) -> dict[Key, Floats]:
        """The means of each step (points, width), by key; of keys of which anything is known."""
        wanted = np.arange(span.first, span.first + span.points * span.step)
        known = (wanted <= self._last) & (wanted > self._last - KEPT)
        found = {}
        for key, ring in self._rings.items():
            rows = np.where(known[:, None], ring[wanted % KEPT].astype(np.float64), np.nan)
            steps = rows.reshape(span.points, span.step, self._width)
            there = np.isfinite(steps)
            count = there.sum(axis=1)
            total = np.where(there, steps, 0.0).sum(axis=1)
            means = np.where(count > 0, total / np.maximum(count, 1), np.nan)
            if np.isfinite(means).any():
                found[key] = means
        return found
