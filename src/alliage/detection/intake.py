"""Position reports into columns: from Arrow batches to the rows of a look."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from alliage.detection.scene import Reports
from alliage.detection.things import Things

_FLOATS: Final = {
    "lat": "latitude_deg",
    "lon": "longitude_deg",
    "speed_mps": "speed_mps",
    "course_deg": "course_deg",
    "heading_deg": "heading_deg",
    "turn_rate_degps": "turn_rate_degps",
    "altitude_m": "altitude_m",
    "std_m": "position_std_m",
}
CALLING: Final = "ais_sart"
"""The navigational status of a device that calls for help."""

_BEFORE: Final = ("lat", "lon", "speed_mps", "course_deg")


@dataclass(frozen=True, slots=True)
class Columns:
    """Position reports in known order, columns of one length (n,)."""

    thing: NDArray[np.int32]
    valid_us: NDArray[np.int64]
    status: NDArray[np.int32]
    numbers: dict[str, NDArray[np.float64]]

    def part(self, begin: int, end: int) -> Columns:
        """Some rows that follow each other."""
        cut = slice(begin, end)
        numbers = {name: column[cut] for name, column in self.numbers.items()}
        return Columns(self.thing[cut], self.valid_us[cut], self.status[cut], numbers)


def valid_us_of(rows: pa.RecordBatch) -> NDArray[np.int64]:
    """When each row was so, microseconds, (n,)."""
    return np.asarray(rows.column("valid").cast(pa.int64()).to_numpy(zero_copy_only=False))


def is_calling(rows: pa.RecordBatch) -> NDArray[np.bool_]:
    """Which reports say that a device calls for help, (n,)."""
    if "navigation_status" not in rows.schema.names:
        return np.zeros(rows.num_rows, np.bool_)
    words = rows.column("navigation_status").cast(pa.utf8())
    calls = pc.fill_null(pc.equal(words, CALLING), False)
    return np.asarray(calls.to_numpy(zero_copy_only=False), np.bool_)


def columns_of(rows: pa.RecordBatch, stream: str, things: Things) -> Columns:
    """Read a batch; things that are new get their rows. Reports without a place have NaN there."""
    code = things.stream_code(stream)
    names, schemata = _coded(rows.column("identifier")), _coded(rows.column("schema"))
    pairs = np.stack([names[0], schemata[0]], axis=1)
    known, where = np.unique(pairs, axis=0, return_inverse=True)
    made = [
        things.row(code, names[1][name], schemata[1][schema]) for name, schema in known.tolist()
    ]
    thing = np.array(made, np.int32)[where.reshape(-1)]
    return Columns(
        thing,
        valid_us_of(rows),
        _statuses(rows, things),
        {name: _floats(rows, column) for name, column in _FLOATS.items()},
    )


def join(parts: list[Columns]) -> Columns:
    """Reports of several batches, one after the other."""
    if len(parts) == 1:
        return parts[0]
    return Columns(
        np.concatenate([part.thing for part in parts]),
        np.concatenate([part.valid_us for part in parts]),
        np.concatenate([part.status for part in parts]),
        {name: np.concatenate([part.numbers[name] for part in parts]) for name in _FLOATS},
    )


def take_in(columns: Columns, things: Things) -> Reports:
    """Bring the things up to date, and return the look's reports as detectors see them.

    What has no place, or is not newer than what was known of its thing, is left out.
    """
    keep = ~np.isnan(columns.numbers["lat"]) & ~np.isnan(columns.numbers["lon"])
    keep &= columns.valid_us > things.valid_us[columns.thing]
    rows = np.flatnonzero(keep)
    rows = rows[np.lexsort((columns.valid_us[rows], columns.thing[rows]))]
    thing, valid_us = columns.thing[rows], columns.valid_us[rows]
    again = np.zeros(len(rows), np.bool_)
    again[1:] = (thing[1:] == thing[:-1]) & (valid_us[1:] == valid_us[:-1])
    rows = rows[~again]
    thing, valid_us, status = columns.thing[rows], columns.valid_us[rows], columns.status[rows]
    numbers = {name: column[rows] for name, column in columns.numbers.items()}
    is_last = np.ones(len(rows), np.bool_)
    is_last[:-1] = thing[1:] != thing[:-1]
    before = _before(thing, valid_us, numbers, is_last, things)
    _set_last(thing, valid_us, status, numbers, is_last, things)
    shown: dict[str, Any] = {name: numbers[name] for name in numbers if name in _SHOWN}
    return Reports(
        thing=thing, valid_us=valid_us, status=status, is_last=is_last, **shown, **before
    )


_SHOWN: Final = frozenset(field.name for field in fields(Reports))


def _before(
    thing: NDArray[np.int32],
    valid_us: NDArray[np.int64],
    numbers: dict[str, NDArray[np.float64]],
    is_last: NDArray[np.bool_],
    things: Things,
) -> dict[str, Any]:
    """The report before each: that above it if it is of the same thing, else the last known."""
    has_above = np.zeros(len(thing), np.bool_)
    has_above[1:] = ~is_last[:-1]
    found: dict[str, Any] = {}
    for name in ("us", *_BEFORE):
        now = valid_us if name == "us" else numbers[name]
        known = things.valid_us if name == "us" else getattr(things, name)
        above = np.empty_like(now)
        above[1:] = now[:-1]
        found[f"before_{name}"] = np.where(has_above, above, known[thing])
    return found


def _set_last(
    thing: NDArray[np.int32],
    valid_us: NDArray[np.int64],
    status: NDArray[np.int32],
    numbers: dict[str, NDArray[np.float64]],
    is_last: NDArray[np.bool_],
    things: Things,
) -> None:
    last = np.flatnonzero(is_last)
    rows = thing[last]
    new = things.reports[rows] == 0
    starts = np.flatnonzero(np.concatenate([[True], is_last[:-1]])) if len(thing) else last
    things.first_us[rows[new]] = valid_us[starts[new]]
    things.reports[rows] += np.diff(np.append(starts, len(thing))).astype(np.int32)
    things.valid_us[rows] = valid_us[last]
    for name, column in numbers.items():
        getattr(things, name)[rows] = column[last]
    said = last[status[last] >= 0]
    things.status[thing[said]] = status[said]
    things.remember(rows)


def _floats(rows: pa.RecordBatch, name: str) -> NDArray[np.float64]:
    if name not in rows.schema.names:
        return np.full(rows.num_rows, np.nan)
    column = rows.column(name).cast(pa.float64())
    return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)


def _coded(column: Any) -> tuple[NDArray[np.int64], list[str]]:
    """Codes (n,) and the words they stand for."""
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column)
    codes = column.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, column.dictionary.to_pylist()


def _statuses(rows: pa.RecordBatch, things: Things) -> NDArray[np.int32]:
    if "navigation_status" not in rows.schema.names:
        return np.full(rows.num_rows, -1, np.int32)
    column = rows.column("navigation_status")
    indices = pc.fill_null(column.indices, len(column.dictionary))
    of = [things.status_code(word) for word in column.dictionary.to_pylist()]
    return np.asarray(np.array([*of, -1], np.int32)[indices.to_numpy(zero_copy_only=False)])
