"""How many rows, and of how many things, there are in each cell: counted part by part."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.history.cells import cells_of
from alliage.history.positions import LABEL_SET
from alliage.history.things import Things, codes_of

COUNTS: Final = pa.schema(
    [
        pa.field("cell", pa.uint64()),  # an H3 cell
        pa.field("rows", pa.int64()),
        pa.field("things", pa.int64()),
    ]
)
COUNTED: Final = ("stream", "identifier", LABEL_SET, "longitude_deg", "latitude_deg")
"""Columns that are needed of the rows."""


class CellCounts:
    """Counts of the rows that were added, one pair of cell and thing each."""

    def __init__(self, resolution: int, things: Things) -> None:
        self._resolution = resolution
        self._things = things
        self._cells = np.zeros(0, np.uint64)
        self._codes = np.zeros(0, np.int32)
        self._rows = np.zeros(0, np.int64)
        self.label_sets: frozenset[int] = frozenset()

    def add(self, rows: pa.Table) -> None:
        """Count rows with the columns :data:`COUNTED`; those without a place are left out."""
        cells, placed = cells_of(rows, self._resolution)
        codes = codes_of(self._things, rows)[placed]
        self._cells = np.concatenate([self._cells, cells])
        self._codes = np.concatenate([self._codes, codes])
        self._rows = np.concatenate([self._rows, np.ones(len(cells), np.int64)])
        label_sets = rows.column(LABEL_SET).to_numpy()[placed]
        self.label_sets |= frozenset(np.unique(label_sets).tolist())
        self._join()

    def table(self) -> pa.Table:
        """Columns of :data:`COUNTS`, by cell."""
        first = np.flatnonzero(_begins(self._cells))
        things = np.diff(np.r_[first, len(self._cells)])
        rows = np.add.reduceat(self._rows, first) if len(first) else things
        columns = [pa.array(self._cells[first]), pa.array(rows), pa.array(things)]
        return pa.Table.from_arrays(columns, schema=COUNTS)

    def _join(self) -> None:
        order = np.lexsort((self._codes, self._cells))
        self._cells, self._codes = self._cells[order], self._codes[order]
        first = np.flatnonzero(_begins(self._cells) | _begins(self._codes))
        if len(first):
            self._rows = np.add.reduceat(self._rows[order], first)
        self._cells, self._codes = self._cells[first], self._codes[first]


def _begins(values: NDArray[np.uint64] | NDArray[np.int32]) -> NDArray[np.bool_]:
    """Where another value begins than the one before."""
    return np.r_[True, values[1:] != values[:-1]] if len(values) else np.zeros(0, np.bool_)
