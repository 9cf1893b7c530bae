"""The order of rows in a file, and the index of its runs.

A file is sorted by the hour of ``valid``, then by thing, things that are near to each other side
by side (along a Z-order curve of where each was in that hour), then by ``valid``. So the rows of
one thing in one hour stand together, a *run*, and a box of the map is a few stretches of runs. The
index holds for each run where it begins and its extremes of place and time, and serves every
question: which rows of which thing, place and time, without opening the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.history.positions import KNOWN, degrees, microseconds
from alliage.history.selection import Selected
from alliage.history.things import Things, codes_of

HOUR_US: Final = 3_600_000_000
_CURVE_BITS: Final = 16

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Runs:
    """Rows of one thing in one hour each; arrays of shape (runs,). Places are NaN where unknown."""

    thing: NDArray[np.int32]
    first: Ints
    rows: Ints
    valid_min: Ints
    valid_max: Ints
    known_min: Ints
    known_max: Ints
    west: Floats
    south: Floats
    east: Floats
    north: Floats
    placed: Flags  # every row has a place

    def __len__(self) -> int:
        return len(self.first)

    def take(self, which: NDArray[np.int64] | Flags) -> Self:
        """Some of them."""
        return type(self)(*(getattr(self, name)[which] for name in RUN_COLUMNS))

    def moved(self, rows: int) -> Self:
        """The same, so many rows further on."""
        values = {name: getattr(self, name) for name in RUN_COLUMNS}
        return type(self)(**{**values, "first": self.first + rows})

    def hours(self) -> Ints:
        """The hour of each run, counted from the epoch."""
        return self.valid_min // HOUR_US

    def may_hold(self, wanted: Selected) -> Flags:
        """Which runs may hold rows that are wanted."""
        found = (self.valid_max >= wanted.from_us) & (self.valid_min < wanted.to_us)
        if wanted.known_us is not None:
            found &= self.known_min <= wanted.known_us
        if wanted.things is not None:
            found &= _among(self.thing, wanted.things)
        if wanted.box is not None:
            found &= wanted.box.meets(self.west, self.south, self.east, self.north)
        for gone in wanted.gone:
            found &= ~gone.rows(self.thing, self.valid_max, self.known_max)
        return found

    def hold_only(self, wanted: Selected) -> Flags:
        """Which of them hold nothing but rows that are wanted, as far as the index can tell."""
        whole = (self.valid_min >= wanted.from_us) & (self.valid_max < wanted.to_us)
        if wanted.known_us is not None:
            whole &= self.known_max <= wanted.known_us
        if wanted.box is not None:
            whole &= self.placed
            whole &= wanted.box.mask(self.west, self.south)
            whole &= wanted.box.mask(self.east, self.north)
            # Over 180 degrees two corners in the box do not put what is between into it.
            whole &= wanted.box.west <= wanted.box.east
        for gone in wanted.gone:
            whole &= ~gone.rows(self.thing, self.valid_min, self.known_min)
        return whole

    def things_of(self, begin: Ints, count: int) -> NDArray[np.int32]:
        """Codes of ``count`` rows, -1 where none of these runs stands; ``begin``: where they do."""
        found = np.full(count, -1, np.int32)
        found[replace(self, first=begin).row_numbers()] = np.repeat(self.thing, self.rows)
        return found

    def row_numbers(self) -> Ints:
        """Numbers of all their rows, run by run."""
        before = np.cumsum(self.rows) - self.rows
        return np.repeat(self.first - before, self.rows) + np.arange(int(self.rows.sum()))


RUN_COLUMNS: Final = tuple(Runs.__dataclass_fields__)


def _among(codes: NDArray[np.int32], wanted: NDArray[np.int32]) -> Flags:
    if len(wanted) == 1:
        single: Flags = codes == wanted[0]
        return single
    return np.isin(codes, wanted)


def arranged(rows: pa.Table, things: Things) -> tuple[pa.Table, Runs]:
    """Rows in the order of a file, and their runs; what is equal stays in the order it has."""
    code = codes_of(things, rows)
    valid_us, known_us = microseconds(rows, "valid"), microseconds(rows, KNOWN)
    lon, lat = degrees(rows, "longitude_deg"), degrees(rows, "latitude_deg")
    by_time = np.lexsort((known_us, valid_us))
    hours = valid_us[by_time] // HOUR_US
    order = np.concatenate(
        [
            hour[_side_by_side(code[hour], lon[hour], lat[hour])]
            for hour in np.split(by_time, np.flatnonzero(np.diff(hours)) + 1)
        ]
    )
    columns = (code, valid_us // HOUR_US, valid_us, known_us, lon, lat)
    return rows.take(pa.array(order)), _runs(*(column[order] for column in columns))


def _side_by_side(code: NDArray[np.int32], lon: Floats, lat: Floats) -> Ints:
    """The order that puts each thing's rows together, and near things beside each other."""
    unique, of_row = np.unique(code, return_inverse=True)
    rank = np.empty(len(unique), np.uint16 if len(unique) < 1 << 16 else np.int64)
    rank[np.lexsort((unique, _curve(of_row, len(unique), lon, lat)))] = np.arange(len(unique))
    order: Ints = np.argsort(rank[of_row], kind="stable")
    return order


def _runs(
    code: NDArray[np.int32], hour: Ints, valid: Ints, known: Ints, lon: Floats, lat: Floats
) -> Runs:
    first = np.flatnonzero(np.r_[True, (code[1:] != code[:-1]) | (hour[1:] != hour[:-1])])
    placed = np.isfinite(lon) & np.isfinite(lat)
    with np.errstate(invalid="ignore"):
        return Runs(
            thing=code[first],
            first=first,
            rows=np.diff(np.r_[first, len(code)]),
            valid_min=np.minimum.reduceat(valid, first),
            valid_max=np.maximum.reduceat(valid, first),
            known_min=np.minimum.reduceat(known, first),
            known_max=np.maximum.reduceat(known, first),
            west=np.fmin.reduceat(lon, first),
            south=np.fmin.reduceat(lat, first),
            east=np.fmax.reduceat(lon, first),
            north=np.fmax.reduceat(lat, first),
            placed=np.logical_and.reduceat(placed, first),
        )


def _curve(of_row: Ints, things: int, lon: Floats, lat: Floats) -> Ints:
    """Where each thing is along a Z-order curve (Morton 1966), by the mean of its places."""
    placed = np.isfinite(lon) & np.isfinite(lat)
    count = np.maximum(1, np.bincount(of_row[placed], minlength=things))
    mean = [np.bincount(of_row[placed], at[placed], things) / count for at in (lon, lat)]
    scale = (1 << _CURVE_BITS) - 1
    across = np.clip((mean[0] + 180) / 360 * scale, 0, scale).astype(np.int64)
    up = np.clip((mean[1] + 90) / 180 * scale, 0, scale).astype(np.int64)
    return _spread(across) | _spread(up) << 1


def _spread(numbers: Ints) -> Ints:
    """Put a zero before every bit."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        numbers = (numbers | numbers << shift) & mask
    return numbers


def joined_runs(parts: list[Runs]) -> Runs:
    """Runs one behind the other."""
    return Runs(*(np.concatenate([getattr(part, name) for part in parts]) for name in RUN_COLUMNS))
