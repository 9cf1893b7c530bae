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
from alliage.feeds.ais.sentences import words_at

NO_TIME: Final = np.iinfo(np.int64).min
"""Stands for "no time" in a column of microseconds."""
NO_STATION: Final = -1
_COMMA, _ZERO = ord(","), ord("0")
_MONTH_DAYS: Final = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int64)
_UNSOUND: Final = -1_000_000
"""Value of what is no number: no sum of fields that holds one is a time."""


def _pairs() -> NDArray[np.int64]:
    """Value of each pair of characters that begins with a number of one or two digits."""
    table = np.full(1 << 16, _UNSOUND, np.int64)
    for high in range(10):
        table[(_ZERO + high) << 8 | _COMMA] = high
        for low in range(10):
            table[(_ZERO + high) << 8 | (_ZERO + low)] = 10 * high + low
    return table


_PAIRS: Final = _pairs()


def read_time_marks(
    lines: Lines, rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Time in microseconds and station number of these lines; NO_TIME, NO_STATION where absent."""
    pairs = np.ndarray((len(lines.data) - 2,), ">u2", lines.data, 0, (1,))
    position = lines.start[rows] + 8
    century, of_century = _PAIRS[pairs[position]], _PAIRS[pairs[position + 2]]
    position += 5
    fields = []
    for _ in range(5):
        pair = pairs[position]
        fields.append(_PAIRS[pair])
        position += 3 - ((pair & 0xFF) == _COMMA)
    month, day, hour, minute, second = fields
    millisecond, position = _read_millisecond(lines.buffer, pairs, position)
    year = century * 100 + of_century
    sound = (year >= 1990) & (year < 2100) & (month >= 1) & (month <= 12) & (day >= 1)
    sound &= day <= _MONTH_DAYS[np.where(sound, month, 0)]
    sound &= (hour >= 0) & (hour < 24) & (minute >= 0) & (minute < 60)
    sound &= (second >= 0) & (second < 61) & (millisecond >= 0)
    sound &= (lines.buffer[position - 1] == _COMMA) & (position < lines.end[rows])
    seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    time_us = np.where(sound, seconds * 1_000_000 + millisecond * 1000, NO_TIME)
    return time_us, np.where(sound, _read_station(lines, lines.end[rows] - 8), NO_STATION)


def _read_millisecond(
    buffer: NDArray[np.uint8], pairs: NDArray[np.uint16], position: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A number of one to three digits, and where the next field begins."""
    pair = pairs[position]
    value = _PAIRS[pair]
    position = position + 3 - ((pair & 0xFF) == _COMMA)
    third = buffer[position - 1] - np.uint8(_ZERO)
    more = (third < 10) & ((pair & 0xFF) != _COMMA)
    return np.where(more, value * 10 + third, value), position + more


def _read_station(lines: Lines, stop: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of up to nine digits that ends at ``stop``, before ``,online,check*hh``.

    The last eight characters are one word each, all digits of it worked on at once.
    """
    u, buffer = np.uint64, lines.buffer
    six = words_at(lines.data, stop - 8) ^ u(0x3030303030303030)
    strange = ((six & u(0x7F7F7F7F7F7F7F7F)) + u(0x7676767676767676) | six) & u(0x8080808080808080)
    last_strange = strange & (~strange + u(1))
    digits = six & ((last_strange >> u(7)) - u(1))
    digits = ((digits >> u(8)) & u(0x00FF00FF00FF00FF)) * u(10) + (digits & u(0x00FF00FF00FF00FF))
    digits = ((digits >> u(16)) & u(0x0000FFFF0000FFFF)) * u(100) + (digits & u(0x0000FFFF0000FFFF))
    number = ((digits >> u(32)) * u(10_000) + (digits & u(0xFFFFFFFF))).astype(np.int64)
    count = np.where(strange == 0, 8, np.log2((last_strange >> u(7)) | u(1)).astype(np.int64) // 8)
    ninth = buffer[stop - 9] - np.uint8(_ZERO)
    nine = (count == 8) & (ninth < 10)
    number += np.where(nine, ninth * np.int64(100_000_000), 0)
    count += nine
    sound = (count > 0) & (buffer[stop - 1 - count] == _COMMA)
    sound &= (buffer[stop] == _COMMA) & (buffer[stop + 2] == _COMMA)
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
