"""When a report was so, as against when its origin wrote it down."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.ais.fields import Columns, Layout
from alliage.feeds.ais.messages import LAYOUTS, Form, Messages
from alliage.feeds.ais.timemarks import NO_TIME, days_from_civil

SECOND_US: Final = 1_000_000
MINUTE_US: Final = 60 * SECOND_US
MAX_AGE_US: Final = 20 * SECOND_US
MAX_AHEAD_US: Final = 2 * SECOND_US
_WITH_SECOND: Final = (
    Form.CLASS_A_POSITION,
    Form.SAR_AIRCRAFT,
    Form.CLASS_B_POSITION,
    Form.CLASS_B_EXTENDED,
    Form.AID_TO_NAVIGATION,
)


def valid_times(messages: Messages) -> NDArray[np.int64]:
    """Times in microseconds at which the reports were so.

    The recorded time, moved to the UTC second (base stations: to the UTC time) that the report
    itself gives, where that lies at most 20 s before or 2 s after it; the recorded time where it
    does not; the time of receipt where nothing was recorded.
    """
    recorded = messages.recorded_us
    said = np.full(len(messages), NO_TIME, np.int64)
    for form in np.flatnonzero(np.bincount(messages.form, minlength=len(Form))).tolist():
        rows = np.flatnonzero((messages.form == form) & (recorded != NO_TIME))
        columns = messages.take(rows).columns()
        if form in _WITH_SECOND:
            said[rows] = _nearest_second(columns, LAYOUTS[Form(form)], recorded[rows])
        elif form == Form.BASE_STATION:
            said[rows] = _full_time(columns, LAYOUTS[Form.BASE_STATION])
    shift = np.where(said == NO_TIME, 0, said - np.where(said == NO_TIME, 0, recorded))
    shift[(shift < -MAX_AGE_US) | (shift > MAX_AHEAD_US)] = 0
    return np.where(recorded == NO_TIME, messages.received_us, recorded + shift)


def _nearest_second(
    columns: Columns, layout: Layout, recorded_us: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The time nearest to the recorded one that has the report's second; 60 to 63 give none."""
    second = columns.number(layout.field("second"))
    shift = (second * SECOND_US - recorded_us + MINUTE_US // 2) % MINUTE_US - MINUTE_US // 2
    return np.where(second < 60, recorded_us + shift, NO_TIME)


def _full_time(columns: Columns, layout: Layout) -> NDArray[np.int64]:
    year, month, day, hour, minute, second = (
        columns.number(layout.field(name))
        for name in ("year", "month", "day", "hour", "minute", "second")
    )
    sound = (year > 0) & (month > 0) & (month < 13) & (day > 0)
    sound &= (hour < 24) & (minute < 60) & (second < 60)
    seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    return np.where(sound, seconds * SECOND_US, NO_TIME)
