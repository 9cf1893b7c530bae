"""When a correlator's estimate of how far two streams lie apart is written: once it has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from alliage.fusion.correlation.systematic import Systematic
from alliage.ontology.offset import CLOCK, OTHER, OWN, PLACES, RANGE, TURN, Measured, Offset

PAIRS_AT_LEAST: Final = 3
"""Things that both streams follow, before anything is said of the streams."""
NO_SENSOR_DEG: Final = 1e-6
"""Surer than this is no measurement: it says that there is nothing to turn."""
EVERY_S: Final = 60.0
SURER: Final = 0.7
"""A figure has changed where it has moved by what it was sure of, or this much surer is now."""


@dataclass(slots=True)
class OffsetTold:
    """What was said last of two streams, and when by their own time; before, nothing."""

    said: Offset | None = None
    at_s: float = -np.inf

    def due(self, one: str, other: str, found: Systematic, now_s: float) -> Offset | None:
        """What is to be said now; None while it is what was said, or was said just now.

        That fewer than three things are common is said where there were more.
        """
        if now_s - self.at_s < EVERY_S:
            return None
        now = offset_of(one, other, found)
        if not _is_other(self.said, now):
            return None
        self.said, self.at_s = now, now_s
        return now


def offset_of(one: str, other: str, found: Systematic) -> Offset:
    """An estimate as it is said."""
    if found.pairs < PAIRS_AT_LEAST:
        return Offset(one, other, 0, {})
    std = found.std.tolist()
    figures = {
        PLACES[0]: Measured(found.east_m, std[0]),
        PLACES[1]: Measured(found.north_m, std[1]),
        CLOCK: Measured(found.time_offset_s, std[2]),
    }
    for nth, whose in enumerate((OWN, OTHER)):
        turn = Measured(found.turns_deg[nth], float(np.degrees(std[3 + nth])))
        if turn.std > NO_SENSOR_DEG:
            ranges = found.ranges[nth]
            figures[f"{whose}{TURN}"] = turn
            figures[f"{whose}{RANGE}"] = Measured(ranges.m, ranges.std_m)
    return Offset(one, other, found.pairs, figures)


def _is_other(said: Offset | None, now: Offset) -> bool:
    if said is None or not said.pairs or not now.pairs:
        return now.pairs > 0 if said is None else bool(said.pairs) != bool(now.pairs)
    if set(said.figures) != set(now.figures):
        return True
    return any(_has_changed(said.figures[name], one) for name, one in now.figures.items())


def _has_changed(said: Measured, now: Measured) -> bool:
    is_moved = abs(now.value - said.value) > max(said.std, now.std)
    return is_moved or not SURER <= now.std / said.std <= 1.0 / SURER
