"""Rows of the history: position observations with what their entry says, one flat table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from alliage.log.bodies import OBSERVATIONS, compact_column
from alliage.log.entry import Entry
from alliage.ontology.observation import COMMON, POSITION, TIME, WORD, Kind

POSITIONS: Final = f"{OBSERVATIONS}{Kind.POSITION}"
"""The kind of entries that the history holds."""

STREAM: Final = "stream"
LABEL_SET: Final = "label_set"
KNOWN: Final = "known"

ROWS: Final = pa.schema(
    [
        pa.field(STREAM, WORD, nullable=False),
        pa.field(LABEL_SET, pa.int32(), nullable=False),  # interned number, private to the node
        pa.field(KNOWN, TIME, nullable=False),  # when this node had it
        *COMMON,
        *POSITION,
    ]
)
"""Every column of the history, as queries give them."""

POINTS: Final = (
    STREAM, "identifier", LABEL_SET, "valid", "longitude_deg", "latitude_deg", "speed_mps",
    "course_deg",
)  # fmt: skip
"""The columns that a query gives unless it is asked for others."""


def table_of(entry: Entry) -> pa.Table:
    """The rows of an entry of kind :data:`POSITIONS`, with every column; absent ones null."""
    rows = entry.observations().rows
    count = rows.num_rows
    zeros = pa.array(np.zeros(count, np.int32))
    given = {
        STREAM: pa.DictionaryArray.from_arrays(zeros, pa.array([entry.stream])),
        LABEL_SET: pa.array(np.full(count, entry.label_set, np.int32)),
        KNOWN: pa.array(np.full(count, entry.known_us)).cast(TIME),
    }
    names = set(rows.schema.names)
    columns = [
        given[field.name]
        if field.name in given
        else (rows.column(field.name) if field.name in names else pa.nulls(count, field.type))
        for field in ROWS
    ]
    return pa.Table.from_arrays(columns, schema=ROWS)


def joined(tables: Iterable[pa.Table], schema: pa.Schema = ROWS) -> pa.Table:
    """Tables of one schema, one behind the other, as one whole with one dictionary each."""
    found = list(tables)
    if not found:
        return schema.empty_table()
    if len(found) == 1 and all(column.num_chunks <= 1 for column in found[0].columns):
        return found[0]
    return pa.concat_tables(found).unify_dictionaries().combine_chunks()


def chosen(rows: pa.Table, mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pa.Table:
    """Some rows, and of the words of the others none: a file tells of what is in it only."""
    kept = rows.filter(pa.array(mask)).combine_chunks()
    columns = [
        compact_column(part, always=True)
        for column in kept.columns
        for part in [column.chunk(0) if column.num_chunks else pa.array([], column.type)]
    ]
    return pa.Table.from_arrays(columns, schema=kept.schema)


def microseconds(table: pa.Table, name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """A column of times without nulls as int64 microseconds, shape (rows,)."""
    values: np.ndarray[tuple[int], np.dtype[np.int64]] = (
        table.column(name).cast(pa.int64()).to_numpy()
    )
    return values


def degrees(table: pa.Table, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A column of degrees, shape (rows,); NaN where there is none."""
    values: np.ndarray[tuple[int], np.dtype[np.float64]] = table.column(name).to_numpy()
    return values


def columns_of(names: Sequence[str]) -> pa.Schema:
    """The schema of some columns.

    Raises:
        ValueError: one of them is no column of the history.
    """
    unknown = [name for name in names if name not in ROWS.names]
    if unknown:
        raise ValueError(
            f"the history has no column {unknown[0]!r}; it has {', '.join(ROWS.names)}"
        )
    return pa.schema([ROWS.field(name) for name in names])
