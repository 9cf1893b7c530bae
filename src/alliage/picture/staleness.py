"""How old a track may grow: live, fading (a report is overdue), ended (never shown as present).

The figures are the ontology's, by schema. A thing with a position is as old as its position; one
that only ever sent static reports is as old as the last of them.
"""

from __future__ import annotations

from typing import Final, NamedTuple

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
LAPSES_AFTER: Final = 6.0
LAPSES_AT_LEAST_S: Final = 20.0
"""When a track ends that a tracker alone follows: when its tracker has gone on without it for so
many of the intervals in which it was usually told of, or for so long where nothing is usual yet. It
fades after half of that. A ship that says where she lies is still there when she is silent for a
while, but such a track has no name to be met again by."""
QUIET_FADE_S: Final = 60.0
QUIET_END_S: Final = 300.0
"""When all tracks of a tracker fade and end that tells of none, unless it usually takes longer: a
stream that is late has not lost what it follows."""


class Followed(NamedTuple):
    """What trackers alone follow, among some things."""

    at: NDArray[np.intp]  # which of them (k,)
    newest_us: NDArray[np.int64]  # up to when its stream told of anything (k,)
    interval_s: NDArray[np.float32]  # in which it is usually told of (k,); NaN: not known yet


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
        followed: Followed | None = None,
    ) -> NDArray[np.uint8]:
        """State of each track.

        Args:
            schema: schema codes, shape (n,); -1 where not known.
            last_us: time of the last report, shape (n,); NO_TIME for none.
            now_us: the picture's clock. A report from after it is live.
            followed: those of them that trackers alone follow; None: nothing.

        Returns:
            LIVE, FADING or ENDED, shape (n,). A track is overdue *after* its limit, not at it.
        """
        fade_us, end_us = self._table()
        age = now_us - np.maximum(last_us, NO_TIME // 2)  # no overflow where nothing was heard
        states: NDArray[np.uint8] = (age > fade_us[schema]).view(np.uint8)
        states += age > end_us[schema]
        if followed is not None and len(followed.at):
            at = followed.at
            states[at] = np.maximum(states[at], _of_trackers(followed, last_us[at], now_us))
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


def _of_trackers(followed: Followed, last_us: NDArray[np.int64], now_us: int) -> NDArray[np.uint8]:
    """States (k,): how far did each one's tracker go on without it, and how long is it quiet?"""
    usual_s = LAPSES_AFTER * followed.interval_s.astype(float)
    patience_s = np.fmax(usual_s, LAPSES_AT_LEAST_S)
    until_us = np.minimum(followed.newest_us, now_us)
    behind_s, quiet_s = (until_us - last_us) / 1e6, (now_us - until_us) / 1e6
    fades = (behind_s > patience_s / 2) | (quiet_s > np.fmax(usual_s / 2, QUIET_FADE_S))
    ends = (behind_s > patience_s) | (quiet_s > np.fmax(usual_s, QUIET_END_S))
    return np.where(ends, ENDED, np.where(fades, FADING, LIVE)).astype(np.uint8)
