"""Where the items of a record lie: the user application profiles of the categories that are read.

A record begins with its field specification, a bit for each item of the category's profile. Records
of a sensor mostly have the same few specifications, so what follows from each is kept.

Source: EUROCONTROL Specification for Surveillance Data Exchange ASTERIX, part 1 (edition 3.1,
sections 4 and 5), part 2b (category 034, edition 1.29), part 4 (category 048, edition 1.32), and
category 205 (edition 1.0).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from typing import Final

Measure = Callable[[bytes, int], int]
"""Where an item of varying length that begins at an offset ends. Raises IndexError at the end."""
Size = int | Measure


class RecordError(ValueError):
    """A record is not as its category's profile says."""


class Slot(IntEnum):
    """The items that are read, whatever their category; columns of a table of offsets."""

    SOURCE = 0  # I034/010, I048/010, I205/010: SAC and SIC
    TIME = 1  # I034/030, I048/140, I205/030
    TYPE = 2  # I034/000, I048/020, I205/000
    POLAR = 3  # I048/040
    LEVEL = 4  # I048/090
    HEIGHT = 5  # I048/110
    SECTOR = 6  # I034/020
    PERIOD = 7  # I034/041
    PLACE = 8  # I034/120, I205/050
    BEARING = 9  # I205/070
    CODE = 10  # I048/070


SLOTS: Final = len(Slot)
Offsets = list[int]
"""Where each slot's item lies; -1 where the record has none."""


def _extended(data: bytes, at: int) -> int:
    """Octets whose last bit says whether another follows."""
    while data[at] & 1:
        at += 1
    return at + 1


def _repeated(size: int) -> Measure:
    return lambda data, at: at + 1 + data[at] * size


def _explicit(data: bytes, at: int) -> int:
    if data[at] == 0:
        raise RecordError("an item of explicit length says that it has none")
    return at + data[at]


def _compound(*parts: Size | None) -> Measure:
    """Parts of which a field specification of its own says which are there."""

    def measure(data: bytes, at: int) -> int:
        end = _extended(data, at)
        bits = _bits(data[at:end])
        if bits and bits[-1] >= len(parts):
            raise RecordError("a compound item has a part that is not defined")
        for bit in bits:
            size = parts[bit]
            if size is None:
                raise RecordError("a compound item has a part that is not defined")
            end = end + size if isinstance(size, int) else size(data, end)
        return end

    return measure


_PROFILES: Final[dict[int, tuple[tuple[Slot | None, Size], ...]]] = {
    34: (
        (Slot.SOURCE, 2), (Slot.TYPE, 1), (Slot.TIME, 3), (Slot.SECTOR, 1), (Slot.PERIOD, 2),
        (None, _compound(1, None, None, 1, 1, 2)), (None, _compound(1, None, None, 1, 1, 1)),
        (None, _repeated(2)), (None, 8), (None, 1), (Slot.PLACE, 8), (None, 2),
        (None, _explicit), (None, _explicit),
    ),
    48: (
        (Slot.SOURCE, 2), (Slot.TIME, 3), (Slot.TYPE, _extended), (Slot.POLAR, 4), (Slot.CODE, 2),
        (Slot.LEVEL, 2), (None, _compound(1, 1, 1, 1, 1, 1, 1)),
        (None, 3), (None, 6), (None, _repeated(8)), (None, 2), (None, 4), (None, 4),
        (None, _extended),
        (None, 4), (None, _extended), (None, 2), (None, 4), (Slot.HEIGHT, 2),
        (None, _compound(2, _repeated(6))), (None, 2),
        (None, 7), (None, 1), (None, 2), (None, 1), (None, 2), (None, _explicit),
        (None, _explicit),
    ),
    205: (
        (Slot.SOURCE, 2), (None, 1), (Slot.TYPE, 1), (Slot.TIME, 3), (None, 1), (None, 7),
        (Slot.PLACE, 8),
        (None, 6), (Slot.BEARING, 2), (None, 2), (None, 1), (None, 1), (None, _repeated(1)),
        (None, 8),
        (None, 6), (None, 1), (None, 2), (None, 1), (None, 2), (None, 1), (None, 2),
        (None, _explicit),
    ),
}  # fmt: skip

_MIDNIGHT: Final = 86_400 * 128
_LATE: Final = _MIDNIGHT >> 16

CATEGORIES: Final = frozenset(_PROFILES)


def read_records(data: bytes, category: int, at: int, end: int) -> list[Offsets]:
    """Where the items of a block's records lie; read from ``at`` to exactly ``end``.

    Raises:
        RecordError: says which record is not as it must be.
    """
    found: list[Offsets] = []
    while at < end:
        row = [-1] * SLOTS
        try:
            after = _read_record(data, category, at, row)
        except IndexError:
            after = end + 1
        except RecordError as error:
            raise RecordError(f"record {len(found) + 1}: {error}") from error
        if after > end:
            raise RecordError(f"record {len(found) + 1} is longer than its block")
        _check(data, row, len(found) + 1)
        found.append(row)
        at = after
    return found


def _check(data: bytes, row: Offsets, number: int) -> None:
    """What no record may lack, or say."""
    time = row[Slot.TIME]
    if row[Slot.SOURCE] < 0:
        raise RecordError(f"record {number} does not say whose it is (item 010)")
    if time >= 0 and data[time] >= _LATE and int.from_bytes(data[time : time + 3]) >= _MIDNIGHT:
        raise RecordError(f"record {number} has a time of day after midnight")


def _read_record(data: bytes, category: int, at: int, row: Offsets) -> int:
    """Fill in where a record's items lie; return where it ends."""
    stop = at + 1
    while data[stop - 1] & 1:
        stop += 1
    for slot, size in _steps(category, data[at:stop]):
        if slot is not None:
            row[slot] = stop
        stop = stop + size if isinstance(size, int) else size(data, stop)
    return stop


@lru_cache(maxsize=4_096)
def _steps(category: int, specification: bytes) -> tuple[tuple[Slot | None, Size], ...]:
    """The items of a record in order; neighbours of fixed length that are not read are one."""
    profile = _PROFILES[category]
    bits = _bits(specification)
    if not bits:
        raise RecordError("it has no items")
    if bits[-1] >= len(profile):
        raise RecordError("its field specification names an item that is not defined")
    steps: list[tuple[Slot | None, Size]] = []
    for bit in bits:
        slot, size = profile[bit]
        before = steps[-1][1] if steps and steps[-1][0] is None else None
        if slot is None and isinstance(size, int) and isinstance(before, int):
            steps[-1] = (None, before + size)
        else:
            steps.append((slot, size))
    return tuple(steps)


def _bits(specification: bytes) -> list[int]:
    """Numbers, from 0, of the items that a field specification names."""
    return [
        7 * octet + bit
        for octet, value in enumerate(specification)
        for bit in range(7)
        if value & (0x80 >> bit)
    ]
