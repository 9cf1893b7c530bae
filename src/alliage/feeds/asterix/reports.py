"""Records to columns: who reports what, when, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.feeds.asterix.blocks import Blocks
from alliage.feeds.asterix.profiles import SLOTS, Slot

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Words = NDArray[np.str_]

RANGE_STEP_M: Final = 1_852.0 / 256
TICKS: Final = 128
"""Of times of day (I034/030, I048/140, I205/030) and turns (I034/041) in a second."""

RADAR_PLACE_DEG: Final = 180 / 2**23
FINDER_PLACE_DEG: Final = 180 / 2**25
_STEP_M: Final = 25 * 0.3048
"""Heights (I048/110) and flight levels (I048/090) count in 25 feet."""


_UNSOUND: Final = 0xE000
"""Of a code (I048/070): not validated (V), garbled (G), not heard in this turn (L)."""


class Event(IntEnum):
    """What a record means for the looks of its sensor."""

    NOTHING = 0  # nothing: it is only counted, under the name of what it is
    PLOT = 1
    NORTH = 2  # a turn ends
    SECTOR = 3
    BEARING = 4  # of a direction finder


@dataclass(slots=True)
class Reports:
    """Records in the order in which they came; columns of shape (n,)."""

    category: Ints
    event: Ints
    sensor: Ints  # SAC * 256 + SIC
    tick: Ints  # of the day, in parts of a second; -1 where it does not say
    received_us: Ints
    range_m: Floats  # slant, NaN where none was measured
    bearing_deg: Floats  # NaN where none was measured
    altitude_m: Floats
    period_s: Floats
    latitude_deg: Floats  # of the sensor, NaN where it does not say
    longitude_deg: Floats
    height_m: Floats
    simulated: Bools
    code: Ints  # of the transponder, mode 3/A, 12 bits; -1 where none was read, or not soundly
    says_nothing: Words  # why, for those that do

    def take(self, rows: Ints) -> Reports:
        """Some of them."""
        return Reports(*(getattr(self, name)[rows] for name in Reports.__slots__))


def blank_report() -> Reports:
    """A report of nothing."""
    return read_reports(Blocks(b"", [34], [[-1] * SLOTS], [0]))


def read_reports(blocks: Blocks, takes_simulated: bool = True) -> Reports:
    """Columns of the blocks' records; simulated ones say nothing where they are not taken."""
    items = _Items(blocks)
    simulated = (items.category == 48) & (items.unsigned(Slot.TYPE, 1) & 0x10 > 0)
    why = _says_nothing(items)
    if not takes_simulated:
        why = np.where((why == "") & simulated, "simulated", why)
    event = np.select(
        [why != "", items.category == 48, items.category == 205, items.unsigned(Slot.TYPE, 1) == 1],
        [Event.NOTHING, Event.PLOT, Event.BEARING, Event.NORTH],
        Event.SECTOR,
    )
    latitude, longitude, height = _places(items)
    return Reports(
        category=items.category,
        event=event,
        sensor=items.unsigned(Slot.SOURCE, 2),
        tick=np.where(items.has(Slot.TIME), items.unsigned(Slot.TIME, 3), -1),
        received_us=np.array(blocks.received_us, np.int64),
        range_m=_where(items.has(Slot.POLAR), items.unsigned(Slot.POLAR, 2) * RANGE_STEP_M),
        bearing_deg=_bearings(items),
        altitude_m=_altitudes(items),
        period_s=_where(items.has(Slot.PERIOD), items.unsigned(Slot.PERIOD, 2) / TICKS),
        latitude_deg=latitude,
        longitude_deg=longitude,
        height_m=height,
        simulated=simulated,
        code=_codes(items),
        says_nothing=why,
    )


def _says_nothing(items: _Items) -> Words:
    """Why a record is of no use here; empty where it is of use."""
    category, kind = items.category, items.unsigned(Slot.TYPE, 1)
    service, target, finder = (category == number for number in (34, 48, 205))
    described = target & items.has(Slot.TYPE)
    extension = items.unsigned(Slot.TYPE, 1, skip=1)
    return np.select(
        [
            service & ~np.isin(kind, (1, 2)),
            service & (kind == 2) & ~items.has(Slot.SECTOR),
            described & (kind >> 5 == 0),
            described & (kind & 0x02 > 0),
            described & (kind & 0x01 > 0) & (extension & 0x80 > 0),
            target & ~items.has(Slot.POLAR),
            finder & (kind == 4),
            finder & ~np.isin(kind, (2, 5)),
            finder & np.isnan(_bearings(items)),
        ],
        [
            *("service_message", "service_message", "no_detection", "field_monitor"),
            *("test_target", "no_position", "detection_end", "finder_message", "no_bearing"),
        ],
        "",
    )


def _bearings(items: _Items) -> Floats:
    polar = items.unsigned(Slot.POLAR, 2, skip=2) * (360 / 2**16)
    sector = items.unsigned(Slot.SECTOR, 1) * (360 / 2**8)
    local = items.unsigned(Slot.BEARING, 2) / 100
    known = [
        items.has(Slot.POLAR),
        items.has(Slot.SECTOR),
        items.has(Slot.BEARING) & (local <= 360),
    ]
    return np.select(known, [polar, sector, local % 360.0], np.nan)


def _altitudes(items: _Items) -> Floats:
    """The radar's own height before the pressure altitude of a transponder, if that is sound."""
    level = items.unsigned(Slot.LEVEL, 1)
    return np.select(
        [items.has(Slot.HEIGHT), items.has(Slot.LEVEL) & (level & 0xC0 == 0)],
        [items.signed(Slot.HEIGHT, 14) * _STEP_M, items.signed(Slot.LEVEL, 14) * _STEP_M],
        np.nan,
    )


def _codes(items: _Items) -> Ints:
    """Codes of mode 3/A that were heard (not carried on from turn to turn), neither garbled."""
    told = items.unsigned(Slot.CODE, 2)
    sound = items.has(Slot.CODE) & (told & _UNSOUND == 0)
    return np.where(sound, told & 0x0FFF, -1)


def _places(items: _Items) -> tuple[Floats, Floats, Floats]:
    """Latitude, longitude, height of the sensor; NaN where it does not say, or not on Earth."""
    radar = items.category == 34
    latitude = np.where(
        radar,
        items.signed(Slot.PLACE, 24, skip=2) * RADAR_PLACE_DEG,
        items.signed(Slot.PLACE, 32) * FINDER_PLACE_DEG,
    )
    longitude = np.where(
        radar,
        items.signed(Slot.PLACE, 24, skip=5) * RADAR_PLACE_DEG,
        items.signed(Slot.PLACE, 32, skip=4) * FINDER_PLACE_DEG,
    )
    known = items.has(Slot.PLACE) & (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180)
    height = items.signed(Slot.PLACE, 16).astype(np.float64)
    return _where(known, latitude), _where(known, longitude), _where(known & radar, height)


def _where(known: Bools, values: NDArray[np.floating]) -> Floats:
    return np.where(known, values, np.nan)


class _Items:
    """The items of all records, read a column at a time."""

    def __init__(self, blocks: Blocks) -> None:
        self._bytes = np.frombuffer(blocks.data + bytes(16), np.uint8)
        self._at = np.array(blocks.rows, np.int64).reshape(-1, SLOTS)
        self.category = np.array(blocks.categories, np.int64)

    def has(self, slot: Slot) -> Bools:
        return np.asarray(self._at[:, slot] >= 0)

    def unsigned(self, slot: Slot, size: int, skip: int = 0) -> Ints:
        """Big-endian numbers, ``skip`` bytes into the item; 0 where it is absent."""
        at = self._at[:, slot]
        value = np.zeros(len(at), np.int64)
        if at.max(initial=-1) < 0:
            return value
        for octet in range(skip, skip + size):
            value = value << 8 | self._bytes[np.maximum(at + octet, 0)]
        return np.where(at >= 0, value, 0)

    def signed(self, slot: Slot, bits: int, skip: int = 0) -> Ints:
        """Two's complement in the lowest ``bits`` of whole bytes."""
        value = self.unsigned(slot, (bits + 7) // 8, skip) & ((1 << bits) - 1)
        return np.where(value >= 1 << (bits - 1), value - (1 << bits), value)
