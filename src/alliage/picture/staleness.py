"""How old a track may grow: live, fading (a report is overdue), ended (never shown as present).

The figures are the ontology's, by schema. A thing with a position is as old as its position; one
that only ever sent static reports is as old as the last of them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.ontology.schema import Ontology
from alliage.picture.columns import NO_TIME, Words

LIVE: Final = 0
FADING: Final = 1
ENDED: Final = 2
STATES: Final = ("live", "fading", "ended")

FALLBACK_SCHEMA: Final = "Thing"
"""Whose figures a schema gets that this node's ontology does not have."""
TRACKED_FADE_US: Final = 60_000_000
TRACKED_END_US: Final = 300_000_000
"""Of what a tracker alone follows, at the most: a ship that says where she lies is still there when
she is silent for a while, but a track that got no plot for minutes has no name to be met again by.
"""


class Staleness:
    """Ages at which tracks fade and end, looked up by schema code."""

    def __init__(self, ontology: Ontology, schemata: Words) -> None:
        self._ontology = ontology
        self._schemata = schemata
        self._limits: NDArray[np.int64] = np.zeros((2, 0), dtype=np.int64)

    def states(
        self,
        schema: NDArray[np.int32],
        last_us: NDArray[np.int64],
        now_us: int,
        tracked: NDArray[np.bool_] | None = None,
    ) -> NDArray[np.uint8]:
        """State of each track.

        Args:
            schema: schema codes, shape (n,); -1 where not known.
            last_us: time of the last report, shape (n,); NO_TIME for none.
            now_us: the picture's clock. A report from after it is live.
            tracked: what trackers alone follow, shape (n,); None: nothing.

        Returns:
            LIVE, FADING or ENDED, shape (n,). A track is overdue *after* its limit, not at it.
        """
        fade_us, end_us = self._table()
        age = now_us - np.maximum(last_us, NO_TIME // 2)  # no overflow where nothing was heard
        states: NDArray[np.uint8] = (age > fade_us[schema]).view(np.uint8)
        states += age > end_us[schema]
        if tracked is not None and tracked.any():
            of_tracker = (age > TRACKED_FADE_US).view(np.uint8) + (age > TRACKED_END_US)
            states[tracked] = np.maximum(states[tracked], of_tracker[tracked])
        return states

    def _table(self) -> NDArray[np.int64]:
        """Limits in microseconds, shape (2, schemata + 1); the last column answers code -1."""
        if self._limits.shape[1] != len(self._schemata) + 1:
            names = [*self._schemata, FALLBACK_SCHEMA]
            self._limits = np.array([self._limits_of(name) for name in names], dtype=np.int64).T
        return self._limits

    def _limits_of(self, name: str) -> tuple[int, int]:
        known = self._ontology.schemata
        staleness = known[name if name in known else FALLBACK_SCHEMA].staleness
        return round(staleness.fade_s * 1e6), round(staleness.end_s * 1e6)
