"""How rows stand in a Parquet file: smaller, and the same when they are read again.

Positions are whole 600,000ths of a degree wherever that gives the very same double, as it does
for all that AIS tells; where it does not, the double stands in a column beside. Times are told as
what is small: `received` and `recorded` after `valid`, `known` after `received`; `valid` in the
largest unit that loses nothing. Then Parquet's own encodings, and lz4 or zstd (decision 0138).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from alliage.history.positions import KNOWN, ROWS, microseconds

STEPS_A_DEGREE: Final = 600_000.0
PLACES: Final = ("longitude_deg", "latitude_deg")
UNITS_US: Final = (1_000_000, 1_000, 1)
AFTER: Final = {"recorded": "valid", "received": "valid", KNOWN: "received"}
"""Times that are stored as microseconds after another."""
PLAIN: Final = tuple(
    name for name in ROWS.names if name not in {*PLACES, *AFTER, "valid", "receivers"}
)

_DELTA: Final = "DELTA_BINARY_PACKED"
_INT64: Final = ("valid_units", *(f"{name}_after_us" for name in AFTER))
_STEPS: Final = tuple(name.replace("_deg", "_steps") for name in PLACES)

STORED: Final = pa.schema(
    [
        *(ROWS.field(name) for name in PLAIN),
        *(pa.field(name, pa.int64()) for name in _INT64),
        *(pa.field(name, pa.int32()) for name in _STEPS),
        *(pa.field(name, pa.float64()) for name in PLACES),  # where no step is exact
        pa.field("receivers", pa.list_(pa.utf8())),
    ]
)
WRITING: Final[dict[str, Any]] = {
    # What is packed in deltas grows no smaller by zstd, and is read faster without it.
    "compression": dict.fromkeys((*_INT64, *_STEPS), "lz4")
    | dict.fromkeys([*PLAIN, *PLACES, "receivers.list.element"], "zstd"),
    "column_encoding": dict.fromkeys((*_INT64, *_STEPS), _DELTA),
    "use_dictionary": [*PLAIN, "receivers.list.element"],
    "write_statistics": ["valid_units", *_STEPS],
}
"""How a Parquet file of :data:`STORED` is written."""


def unit_of(valid_us: NDArray[np.int64]) -> int:
    """The largest unit, in microseconds, of which all these times are multiples."""
    return next(unit for unit in UNITS_US if not (valid_us % unit).any())


def stored(rows: pa.Table, unit_us: int) -> pa.Table:
    """Rows as they are written; ``unit_us`` divides every valid time."""
    columns: dict[str, Any] = {name: rows.column(name) for name in PLAIN}
    columns["valid_units"] = pa.array(microseconds(rows, "valid") // unit_us)
    for name, base in AFTER.items():
        columns[f"{name}_after_us"] = _after(rows.column(name), microseconds(rows, base))
    for name, steps in zip(PLACES, _STEPS, strict=True):
        columns[steps], columns[name] = _in_steps(rows.column(name))
    columns["receivers"] = rows.column("receivers").cast(pa.list_(pa.utf8()))
    return pa.Table.from_arrays([columns[name] for name in STORED.names], schema=STORED)


def has_exact(table: pa.Table) -> bool:
    """Whether some place of a stored table stands as a double."""
    return any(table.column(name).null_count < table.num_rows for name in PLACES)


def stored_names(names: set[str], *, exact: bool) -> list[str]:
    """The columns of a file that are needed to give these."""
    needed = [name for name in PLAIN if name in names]
    if names & {"valid", *AFTER}:
        needed.append("valid_units")
    if KNOWN in names:
        needed.append("received_after_us")
    needed += [f"{name}_after_us" for name in AFTER if name in names]
    for name, steps in zip(PLACES, _STEPS, strict=True):
        if name in names:
            needed += [steps, name] if exact else [steps]
    if "receivers" in names:
        needed.append("receivers.list.element")
    return list(dict.fromkeys(needed))


def restored(table: pa.Table, names: set[str], unit_us: int) -> dict[str, Any]:
    """Columns of the history from those of a file; inverse of :func:`stored`."""
    columns: dict[str, Any] = {name: table.column(name) for name in PLAIN if name in names}
    if "valid_units" in table.schema.names:
        valid_us = table.column("valid_units").to_numpy() * unit_us
        if "valid" in names:
            columns["valid"] = _times(valid_us)
        if {"received", KNOWN} & names:
            received_us = valid_us + table.column("received_after_us").to_numpy()
            columns["received"] = _times(received_us)
        if KNOWN in names:
            columns[KNOWN] = _times(received_us + table.column("known_after_us").to_numpy())
        if "recorded" in names:
            columns["recorded"] = _before(table.column("recorded_after_us"), valid_us)
    for name, steps in zip(PLACES, _STEPS, strict=True):
        if name in names:
            columns[name] = _in_degrees(table, name, steps)
    if "receivers" in names:
        columns["receivers"] = table.column("receivers").cast(ROWS.field("receivers").type)
    return columns


def _times(us: NDArray[np.int64]) -> pa.Array:
    return pa.array(us).view(ROWS.field("valid").type)


def _after(column: pa.ChunkedArray, base_us: NDArray[np.int64]) -> pa.Array:
    us, missing = _with_nulls(column)
    return pa.array(us - base_us, mask=missing)


def _before(column: pa.ChunkedArray, base_us: NDArray[np.int64]) -> pa.Array:
    us, missing = _with_nulls(column)
    return pa.array(us + base_us, mask=missing).view(ROWS.field("valid").type)


def _with_nulls(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], NDArray[np.bool_] | None]:
    column = column.cast(pa.int64())
    if not column.null_count:
        return column.to_numpy(), None
    missing = column.is_null().to_numpy()
    return column.fill_null(0).to_numpy(), missing


def _in_steps(column: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """Whole steps where they give the very same double, and the double where they do not."""
    values = column.to_numpy()
    missing = column.is_null().to_numpy()
    with np.errstate(invalid="ignore", over="ignore"):
        steps = np.round(values * STEPS_A_DEGREE)
        whole = (steps / STEPS_A_DEGREE == values) & (np.abs(steps) < 2**31)
    counted = np.where(whole, steps, 0).astype(np.int32)
    return pa.array(counted, mask=~whole), pa.array(values, mask=whole | missing)


def _in_degrees(table: pa.Table, name: str, steps: str) -> pa.Array | pa.ChunkedArray:
    counted = table.column(steps)
    if counted.null_count:
        values = counted.cast(pa.float64()).to_numpy() / STEPS_A_DEGREE
        whole = pa.array(values, from_pandas=True)
        if name not in table.schema.names:
            return whole
        exact = table.column(name).combine_chunks()
        return pc.coalesce(whole, exact)
    return pa.array(counted.to_numpy() / STEPS_A_DEGREE)
