"""Tracks as a table shows them: some of their columns, in an order that somebody chose.

Rows are ordered as on the screen: what is not known comes last whichever way it goes, names without
regard to case, states from live to ended, and rows that are alike by their ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from alliage.export.rows import TRACKS

PLACE: Final = ("latitude_deg", "longitude_deg")
MARKING: Final = "marking"
_STATES: Final = {"live": 0, "fading": 1, "ended": 2}
_OF_REPORTS: Final = frozenset({"state", "age_s"})
"""What a thing does not have that reports nothing and lies where its geometry says."""


class TableError(ValueError):
    """A table of tracks cannot be like this; ``field`` says of which of its words."""

    def __init__(self, field: str, name: str) -> None:
        self.field = field
        super().__init__(f"tracks have no column {name!r}; they have {', '.join(TRACKS.names)}")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of tracks, and by which of them rows are sorted; None: as they come."""

    columns: tuple[str, ...] = tuple(TRACKS.names)
    sort: str | None = None
    descending: bool = False

    @classmethod
    def read(cls, columns: str | None, sort: str | None, *, with_place: bool = False) -> Table:
        """Read what is asked for. The marking is a column in any case.

        Args:
            columns: names with commas between; None: all.
            sort: a name, with a ``-`` before it from the highest down; None: as they come.
            with_place: the format needs to know where things are.

        Raises:
            TableError: there is no such column.
        """
        names = TRACKS.names if columns is None else [one.strip() for one in columns.split(",")]
        added = [*(PLACE if with_place else ()), MARKING]
        chosen = tuple(dict.fromkeys([*names, *added]))
        by = None if sort is None else sort.removeprefix("-")
        for field, wanted in (("columns", chosen), ("sort", (by,) if by is not None else ())):
            for name in wanted:
                if name not in TRACKS.names:
                    raise TableError(field, name)
        return cls(chosen, by, sort is not None and sort.startswith("-"))

    @property
    def schema(self) -> pa.Schema:
        """Of the rows that :meth:`arranged` gives."""
        return pa.schema([TRACKS.field(name) for name in self.columns])

    def arranged(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Rows of tracks as this table has them."""
        if self.sort is None:
            yield from (batch.select(self.columns) for batch in batches)
            return
        rows = self._sorted([row for batch in batches for row in batch.to_pylist()], self.sort)
        if rows:
            yield pa.RecordBatch.from_pylist(rows, schema=TRACKS).select(self.columns)

    def _sorted(self, rows: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
        rows.sort(key=lambda row: str(row["track_id"]))
        keyed = [(_key(row, by), row) for row in rows]
        known = [pair for pair in keyed if pair[0] is not None]
        known.sort(key=lambda pair: pair[0], reverse=self.descending)  # those alike stay by id
        return [row for _, row in known] + [row for key, row in keyed if key is None]


def _key(row: Mapping[str, Any], by: str) -> Any:
    value = row[by]
    if value is None or (by in _OF_REPORTS and _lies(row)):
        return None
    if by == "name":
        return value.lower()
    if by == "identifier":
        return value.removeprefix("mmsi:")
    if by == "state":
        return _STATES[value]
    return ", ".join(value) if isinstance(value, list) else value


def _lies(row: Mapping[str, Any]) -> bool:
    return row["latitude_deg"] is None and '"geometry": ' in row["properties"]
