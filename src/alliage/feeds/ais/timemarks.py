"""``$PGHP,1`` lines: when and by which station the next sentence was heard.

Gatehouse's proprietary sentence, as Denmark's national network writes it:
``$PGHP,1,year,month,day,hour,minute,second,millisecond,country,region,station,online,check*hh``,
where ``check`` repeats the checksum of the sentence that follows. A station that is a number is
read in columns, like the time; a mark whose time is not a time is treated as saying nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.ais.lines import Lines

NO_TIME: Final = np.iinfo(np.int64).min
"""Stands for "no time" in a column of microseconds."""
NO_STATION: Final = -1
_STATION_DIGITS: Final = 9
_POWERS: Final = 10.0 ** np.arange(_STATION_DIGITS, -1, -1)
_COMMA, _ZERO = ord(","), ord("0")
_MONTH_DAYS: Final = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int64)


def read_time_marks(
    lines: Lines, rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Time in microseconds and station number of these lines; NO_TIME, NO_STATION where absent."""
    buffer, position = lines.buffer, lines.start[rows] + 8
    sound = np.ones(len(rows), np.bool_)
    fields = []
    for digits in (4, 2, 2, 2, 2, 2, 3):
        value, position, good = _read_number(buffer, position, digits)
        fields.append(value)
        sound &= good
    year, month, day, hour, minute, second, millisecond = fields
    sound &= (year >= 1990) & (year < 2100) & (month >= 1) & (month <= 12) & (day >= 1)
    sound &= day <= _MONTH_DAYS[np.where(sound, month, 0)]
    sound &= (hour < 24) & (minute < 60) & (second < 61)
    seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    time_us = np.where(sound, seconds * 1_000_000 + millisecond * 1000, NO_TIME)
    return time_us, np.where(sound, _read_station(lines, rows), NO_STATION)


def _read_number(
    buffer: NDArray[np.uint8], position: NDArray[np.int64], digits: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """A number of one to ``digits`` digits and its comma: value, next field, whether sound."""
    value = np.zeros(len(position), np.int64)
    reading = np.ones(len(position), np.bool_)
    used = np.zeros(len(position), np.int64)
    for _ in range(digits):
        digit = buffer[position + used] - np.uint8(_ZERO)
        reading = reading & (digit < 10)
        value = np.where(reading, value * 10 + digit, value)
        used += reading
    sound = (used > 0) & (buffer[position + used] == _COMMA)
    return value, position + used + 1, sound


def _read_station(lines: Lines, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number before ``,online,check*hh``."""
    stop = lines.end[rows] - 8
    width = _STATION_DIGITS + 1
    windows = np.ndarray((len(lines.data) - width,), f"V{width}", lines.data, 0, (1,))
    text = windows[np.maximum(stop - width, 0)].view(np.uint8).reshape(len(rows), width)
    digit = text - np.uint8(_ZERO)
    is_digit = digit < 10
    trailing = np.logical_and.accumulate(is_digit[:, ::-1], axis=1)[:, ::-1]
    count = trailing.sum(axis=1)
    number = (np.where(trailing, digit, 0) @ _POWERS).astype(np.int64)
    before = np.take_along_axis(text, np.maximum(width - 1 - count, 0)[:, None], axis=1)[:, 0]
    sound = (
        (count > 0) & (count < width) & (before == _COMMA) & (lines.buffer[stop] == _COMMA)
    ) & (lines.buffer[stop + 2] == _COMMA)
    return np.where(sound, number, NO_STATION)


def days_from_civil(
    year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Days since 1970-01-01 of a Gregorian date.

    Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
    """
    shifted = year - (month <= 2)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    of_era_days = of_era * 365 + of_era // 4 - of_era // 100 + of_year
    days: NDArray[np.int64] = era * 146_097 + of_era_days - 719_468
    return days
