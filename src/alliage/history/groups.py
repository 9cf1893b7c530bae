"""Row groups of a segment's file, read anew or kept decoded for the next question.

Decoding is most of what the last row of each thing costs: of each run one row is wanted, and its
whole row group must be read. Who asks for one time asks for the next (a replay, a time bar), and
that lies in the same row groups. So these stay in memory, as pages of a database do.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

GROUP_ROWS: Final = 8_192
"""Rows of a row group, the least that is read at once: measured, docs/decisions/0138."""
MANY_GROUPS: Final = 16
"""From so many on, row groups are decoded by several threads."""
KEPT_AT_MOST_BYTES: Final = 64 << 20
"""About five hours of all ships in Danish waters."""


@dataclass
class Room:
    """How much memory the kept row groups of all segments take."""

    at_most_bytes: int = KEPT_AT_MOST_BYTES
    taken_bytes: int = 0

    @property
    def is_full(self) -> bool:
        """Whether nothing more is to be kept."""
        return self.taken_bytes >= self.at_most_bytes


class Groups:
    """The row groups of one file, by number. Read by any thread.

    The file is held open, so that it can be read on while its name is taken away.
    """

    def __init__(self, path: Path, room: Room) -> None:
        self._file = pq.ParquetFile(path, memory_map=True, pre_buffer=False)
        self._room = room
        self._lock = threading.Lock()  # a reader of Parquet is for one thread at a time
        self._kept: dict[tuple[int, str], pa.Array] = {}  # by number and column
        self.kept_bytes = 0

    def read(self, numbers: NDArray[np.int64], columns: list[str]) -> pa.Table:
        """Columns of these row groups."""
        with self._lock:
            return self._read(tuple(numbers.tolist()), columns)

    def read_and_keep(self, numbers: NDArray[np.int64], columns: list[str]) -> pa.Table:
        """The same, from memory where it was asked for before; kept there while there is room."""
        named = {column: column.partition(".")[0] for column in columns}  # of lists, the elements
        wanted = numbers.tolist()
        with self._lock:
            lacking: dict[tuple[int, ...], list[str]] = {}
            for column, name in named.items():
                missing = tuple(one for one in wanted if (one, name) not in self._kept)
                if missing:
                    lacking.setdefault(missing, []).append(column)
            if lacking and self._room.is_full:
                return self._read(tuple(wanted), columns)
            for missing, some in lacking.items():
                self._keep(missing, self._read(missing, some))
            found = {
                name: pa.chunked_array([self._kept[one, name] for one in wanted])
                for name in named.values()
            }
        return pa.table(found).unify_dictionaries()

    def forget(self) -> None:
        """Keep none of them any longer."""
        with self._lock:
            self._kept.clear()
            self.kept_bytes = 0

    def _read(self, numbers: tuple[int, ...], columns: list[str]) -> pa.Table:
        return self._file.read_row_groups(
            numbers, columns=columns, use_threads=len(numbers) >= MANY_GROUPS
        )

    def _keep(self, numbers: tuple[int, ...], table: pa.Table) -> None:
        """Keep row groups that were read one behind the other; all but the last are full."""
        self.kept_bytes += table.nbytes
        self._room.taken_bytes += table.nbytes
        for name, column in zip(table.schema.names, table.combine_chunks().columns, strict=True):
            for at, number in enumerate(numbers):
                self._kept[number, name] = column.chunk(0).slice(at * GROUP_ROWS, GROUP_ROWS)
