"""Looks of sensors, cut out of the batches of a stream of plots."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa

from alliage.fusion.frame import LocalFrame
from alliage.fusion.matrices import Bools, Ints

ROWS_AT_MOST: Final = 50_000
"""A look of more is worked on in parts: its end is not told, or never comes."""


class Looks:
    """Gathers the rows of each sensor's look. Used by one at a time."""

    def __init__(self) -> None:
        self._open: dict[str, pa.Table] = {}
        self._look: dict[str, int] = {}

    def complete(self, rows: pa.RecordBatch) -> Iterator[pa.Table]:
        """Looks that are over, in the order in which they ended."""
        table = pa.Table.from_batches([rows])
        sensors = np.array(table["identifier"].cast(pa.utf8()).to_pylist(), object)
        looks = _whole_numbers(table, "look")
        ends = ends_look(table)
        change = (sensors[1:] != sensors[:-1]) | (looks[1:] != looks[:-1]) | ends[:-1]
        edges = [0, *(np.flatnonzero(change) + 1).tolist(), len(sensors)]
        for begin, end in pairwise(edges):
            sensor, look = str(sensors[begin]), int(looks[begin])
            if sensor in self._open and self._look[sensor] != look:
                yield self._open.pop(sensor)
            part = table.slice(begin, end - begin)
            before = self._open.pop(sensor, None)
            self._look[sensor] = look
            whole = part if before is None else pa.concat_tables([before, part])
            if ends[end - 1] or whole.num_rows >= ROWS_AT_MOST:
                yield whole
            else:
                self._open[sensor] = whole


def _whole_numbers(table: pa.Table, name: str) -> Ints:
    if name not in table.column_names:
        return np.zeros(table.num_rows, np.int64)
    return np.asarray(table[name].fill_null(0).to_numpy(), np.int64)


def ends_look(table: pa.Table) -> Bools:
    """Rows that measured nothing."""
    ends = np.ones(table.num_rows, np.bool_)
    for name in ("bearing_deg", "latitude_deg"):
        if name in table.column_names:
            ends &= np.asarray(table[name].is_null())
    return ends


def time_of(look: pa.Table) -> float:
    """The moment of a look, in seconds: of its end, which comes once in a turn, else its middle."""
    valid_us = look["valid"].cast(pa.int64()).to_numpy()
    ends = ends_look(look)
    return float(valid_us[ends][-1] if ends.any() else valid_us.mean()) / 1e6


def is_whole(table: pa.Table, name: str) -> bool:
    """Whether there is such a column and every row says something in it."""
    return name in table.column_names and table.num_rows > 0 and not table[name].null_count


def lacks_place(measured: pa.Table) -> bool:
    """Whether all that is told is how far and which way from nobody knows where."""
    places = (place_of(measured, "sensor_"), place_of(measured, ""))
    return measured.num_rows > 0 and places == (None, None)


def place_of(look: pa.Table, of: str) -> tuple[float, float] | None:
    """Latitude and longitude of the middle of what ``of`` names: the sensor or what it saw."""
    columns = [f"{of}latitude_deg", f"{of}longitude_deg"]
    if not set(columns) <= set(look.column_names):
        return None
    places = [np.asarray(look[name].drop_null().to_numpy(), np.float64) for name in columns]
    if not all(len(place) for place in places):
        return None
    latitude, longitude = float(places[0].mean()), float(places[1].mean())
    on_earth = abs(latitude) <= 90.0 and abs(longitude) <= 180.0
    return (latitude, longitude) if on_earth else None


def frame_of(look: pa.Table) -> LocalFrame | None:
    """The frame in which a stream is followed: round its first sensor, or what that saw."""
    place = place_of(look, "sensor_") or place_of(look, "")
    return None if place is None else LocalFrame(*place)
