"""Times of day to times: ASTERIX carries no date."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.asterix.reports import TICKS
from alliage.ontology.times import to_us

Ints = NDArray[np.int64]

DAY_US: Final = 86_400_000_000


class Days:
    """Finds the day of each time: the nearest to its receipt, or counted from a given day on.

    Attributes:
        latest_us: the time before, where days are counted; None where receipt decides.
    """

    def __init__(self, day: date | None = None) -> None:
        noon = None if day is None else datetime.combine(day, time(12), UTC)
        self.latest_us = None if noon is None else to_us(noon)

    def times(self, tick: Ints, received_us: Ints) -> Ints:
        """Microseconds since 1970, shape (n,).

        Args:
            tick: time of day in parts of a second; -1 for a report that does not say. Its time is
                then that of its receipt, or where days are counted that of the report before.
            received_us: when it was received.
        """
        time_us = tick * 1_000_000 // TICKS
        if self.latest_us is None:
            near = received_us + _apart(time_us - received_us)
            return np.where(tick < 0, received_us, near)
        if not len(tick):
            return time_us
        told = np.flatnonzero(tick >= 0)
        steps = np.zeros(len(tick), np.int64)
        steps[told] = _apart(np.diff(time_us[told], prepend=self.latest_us))
        found = self.latest_us + np.cumsum(steps)
        self.latest_us = int(found[-1])
        return np.asarray(found)


def _apart(difference_us: Ints) -> Ints:
    """The same difference of times of day within half a day."""
    return (difference_us + DAY_US // 2) % DAY_US - DAY_US // 2
