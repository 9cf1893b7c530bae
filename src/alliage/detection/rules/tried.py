"""What comes of trying a rule out on what is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from alliage.detection.alert import Alert

MOST_TRIED: Final = 500
"""Alerts that a trial tells of, the first ones."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How far a trial is.

    Attributes:
        share: of the time that is looked at, 0 to 1.
        rows: position reports so far.
        lasts_s: from the first of them to the last, of the time that was asked for.
        alerts: as they stand; all of them at the end.
        is_cut: whether there were more than :data:`MOST_TRIED`.
    """

    share: float
    rows: int
    lasts_s: float = 0.0
    alerts: tuple[Alert, ...] = ()
    is_cut: bool = False
