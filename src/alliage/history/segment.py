"""A segment: rows under one label set in a Parquet file that never changes, and its run index."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from alliage.history import coding
from alliage.history.files import Disk
from alliage.history.groups import GROUP_ROWS, Groups, Room
from alliage.history.positions import KNOWN, LABEL_SET, ROWS, STREAM, microseconds
from alliage.history.runs import RUN_COLUMNS, Runs, arranged, joined_runs
from alliage.history.selection import Selected
from alliage.history.things import Things
from alliage.ontology.box import Box
from alliage.ontology.observation import WORD

_RUN_NAMES: Final = tuple(name for name in RUN_COLUMNS if name != "thing")


@dataclass(frozen=True, slots=True)
class StreamPart:
    """What a segment holds of one stream."""

    rows: int
    known_min_us: int
    known_max_us: int
    valid_max_us: int

    def with_more(self, other: StreamPart) -> StreamPart:
        """Both together."""
        return StreamPart(
            self.rows + other.rows,
            min(self.known_min_us, other.known_min_us),
            max(self.known_max_us, other.known_max_us),
            max(self.valid_max_us, other.valid_max_us),
        )


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """What the manifest says of a segment. ``box`` is west, south, east, north; None: nowhere."""

    name: str
    label_set: int
    rows: int
    bytes: int
    unit_us: int
    exact: bool
    valid_min_us: int
    valid_max_us: int
    known_min_us: int
    known_max_us: int
    box: tuple[float, float, float, float] | None
    streams: dict[str, StreamPart]

    def may_hold(self, wanted: Selected) -> bool:
        """Whether a row that is wanted may be in it."""
        if self.valid_max_us < wanted.from_us or self.valid_min_us >= wanted.to_us:
            return False
        if wanted.known_us is not None and self.known_min_us > wanted.known_us:
            return False
        if wanted.box is None:
            return True
        return self.box is not None and wanted.box.overlaps(Box(*self.box))


@dataclass(frozen=True, slots=True)
class Places:
    """Rows of a segment by number, each with its run and its valid time; shape (rows,)."""

    runs: Runs
    rows: NDArray[np.int64]
    valid_us: NDArray[np.int64]

    def take(self, which: NDArray[np.bool_]) -> Places:
        """Some of them."""
        return Places(self.runs.take(which), self.rows[which], self.valid_us[which])


def rows_path(folder: Path, name: str) -> Path:
    """Where a segment's rows lie."""
    return folder / f"{name}.parquet"


def runs_path(folder: Path, name: str) -> Path:
    """Where a segment's run index lies."""
    return folder / f"{name}.runs.parquet"


class Segment:
    """One that is in the manifest. Read by any thread.

    Its rows are held open, so that they can be read on while the file's name is taken away.
    """

    def __init__(self, folder: Path, info: SegmentInfo, things: Things, room: Room) -> None:
        self.info = info
        self.label_set = info.label_set
        self._folder = folder
        self._things = things
        self.groups = Groups(rows_path(folder, info.name), room)
        self._runs = pq.ParquetFile(runs_path(folder, info.name), memory_map=True)
        self._reading = threading.Lock()
        self._index: Runs | None = None

    def runs(self) -> Runs:
        """The run index, read when it is first asked for."""
        with self._reading:
            if self._index is None:
                self._index = _read_runs(self._runs, self._things)
            return self._index

    def forget_runs(self) -> None:
        """Let go of the run index; it is read again when somebody asks."""
        self._index = None

    @property
    def runs_held(self) -> int:
        """Runs in memory."""
        index = self._index
        return 0 if index is None else len(index)

    def rows(self, wanted: Selected, names: set[str]) -> pa.Table | None:
        """Columns of the rows that are wanted; None where there are none."""
        if not self.info.may_hold(wanted):
            return None
        index = self.runs()
        runs = index.take(np.flatnonzero(index.may_hold(wanted)))
        if not len(runs):
            return None
        if runs.hold_only(wanted).all():
            return self.read(runs, names)
        table = self.read(runs, names | wanted.needed())
        chosen = table.select([name for name in table.schema.names if name in names])
        things = np.repeat(runs.thing, runs.rows)
        return chosen.filter(pa.array(wanted.mask(table, things)))

    def last_places(self, runs: Runs, wanted: Selected) -> Places:
        """Where the last row of each run is that is wanted by time; some runs have none."""
        rows, valid_us = runs.first + runs.rows - 1, runs.valid_max.copy()
        partly = np.flatnonzero(~runs.hold_only(wanted))
        if len(partly):
            some = runs.take(partly)
            groups = _groups_of(some)
            stored = self.groups.read_and_keep(groups, self._stored_names(wanted.needed()))
            table = pa.table(coding.restored(stored, wanted.needed(), self.info.unit_us))
            # A run stands in groups that are read one behind the other: so it is whole there, too.
            begin = np.searchsorted(groups, some.first // GROUP_ROWS) * GROUP_ROWS
            begin += some.first % GROUP_ROWS
            things = some.things_of(begin, table.num_rows)
            right = np.flatnonzero(wanted.mask(table, things))
            before = np.searchsorted(right, begin + some.rows) - 1
            last = np.where(before >= 0, right[before] if len(right) else -1, -1)
            has = last >= begin
            rows[partly] = np.where(has, some.first + last - begin, -1)
            valid_us[partly[has]] = microseconds(table, "valid")[last[has]]
        found = np.flatnonzero(rows >= 0)
        return Places(runs.take(found), rows[found], valid_us[found])

    def rows_at(self, places: Places, names: set[str]) -> pa.Table:
        """Columns of these rows."""
        of_run = np.arange(len(places.rows))
        return self._table(places.rows, places.runs, of_run, names, self.groups.read_and_keep)

    def read(self, runs: Runs, names: set[str]) -> pa.Table:
        """Columns of all rows of these runs, in their order."""
        of_run = np.repeat(np.arange(len(runs)), runs.rows)
        return self._table(runs.row_numbers(), runs, of_run, names, self.groups.read)

    def _table(
        self,
        numbers: NDArray[np.int64],
        runs: Runs,
        of_run: NDArray[np.int64],
        names: set[str],
        stored: Callable[[NDArray[np.int64], list[str]], pa.Table],
    ) -> pa.Table:
        """Columns of the rows with these numbers; ``of_run`` says of which run each is."""
        columns: dict[str, Any] = self._of_runs(runs, of_run, names)
        needed = self._stored_names(names - set(columns))
        if needed:
            groups, of_row = np.unique(numbers // GROUP_ROWS, return_inverse=True)
            table = stored(groups, needed)
            table = table.take(pa.array(of_row * GROUP_ROWS + numbers % GROUP_ROWS))
            columns |= coding.restored(table, names - set(columns), self.info.unit_us)
        ordered = [name for name in ROWS.names if name in names]
        schema = pa.schema([ROWS.field(name) for name in ordered])
        return pa.Table.from_arrays([columns[name] for name in ordered], schema=schema)

    def _stored_names(self, names: set[str]) -> list[str]:
        return coding.stored_names(names, exact=self.info.exact)

    def _of_runs(
        self, runs: Runs, of_run: NDArray[np.int64], names: set[str]
    ) -> dict[str, pa.Array]:
        """Columns that are the same all through a run: the index has them, decoded already."""
        columns = {LABEL_SET: pa.array(np.full(len(of_run), self.label_set, np.int32))}
        if names & {STREAM, "identifier"}:
            numbers = pa.array(of_run)
            for name, words in zip(
                (STREAM, "identifier"), self._things.names(runs.thing), strict=True
            ):
                columns[name] = words.take(numbers)
        return {name: column for name, column in columns.items() if name in names}


def _groups_of(runs: Runs) -> NDArray[np.int64]:
    """Numbers of the row groups in which rows of these runs stand, in order."""
    first, last = runs.first // GROUP_ROWS, (runs.first + runs.rows - 1) // GROUP_ROWS
    inside = np.zeros(int(last.max(initial=0)) + 2, np.int64)
    np.add.at(inside, first, 1)
    np.add.at(inside, last + 1, -1)
    return np.flatnonzero(np.cumsum(inside))


@dataclass
class _Sums:
    """What is counted while a segment is written."""

    rows: int = 0
    exact: bool = False
    runs: list[Runs] = field(default_factory=list)
    streams: dict[str, StreamPart] = field(default_factory=dict)

    def add(self, rows: pa.Table, runs: Runs) -> None:
        """Count some rows."""
        self.runs.append(runs.moved(self.rows))
        self.rows += rows.num_rows
        for name, part in stream_parts(rows).items():
            known = self.streams.get(name)
            self.streams[name] = part if known is None else known.with_more(part)


def stream_parts(rows: pa.Table) -> dict[str, StreamPart]:
    """What some rows are of each stream."""
    times = {name: rows.column(name).cast(pa.int64()) for name in (KNOWN, "valid")}
    grouped = pa.table({STREAM: rows.column(STREAM), **times}).group_by(STREAM)
    wanted = [(KNOWN, "count"), (KNOWN, "min"), (KNOWN, "max"), ("valid", "max")]
    return {
        one[STREAM]: StreamPart(
            one["known_count"], one["known_min"], one["known_max"], one["valid_max"]
        )
        for one in grouped.aggregate(wanted).to_pylist()
    }


def write_segment(
    disk: Disk,
    folder: Path,
    name: str,
    label_set: int,
    batches: Iterable[pa.Table],
    unit_us: int,
    things: Things,
) -> SegmentInfo | None:
    """Write rows under one label set; they last when this returns.

    Args:
        disk: what writes.
        folder: where to.
        name: of the segment; nothing is there under it.
        label_set: of every row.
        batches: rows hour by hour, no hour in two of them, the earliest first.
        unit_us: divides every valid time.
        things: numbers of things.

    Returns:
        What the manifest has to say of it; None where there was no row, and nothing was written.

    Raises:
        OSError: the disk refused.
    """
    sums = _Sums()

    def write(path: Path) -> None:
        with pq.ParquetWriter(path, coding.STORED, **coding.WRITING) as writer:
            _write_rows(writer, batches, unit_us, things, sums)

    batches = iter(batches)
    first = next(batches, None)
    if first is None:
        return None
    batches = _chained(first, batches)
    disk.publish(rows_path(folder, name), write)
    runs = joined_runs(sums.runs)
    disk.publish(runs_path(folder, name), lambda path: _write_runs(path, runs, sums, things))
    size = sum(where(folder, name).stat().st_size for where in (rows_path, runs_path))
    return _info(name, label_set, size, unit_us, sums, runs)


def _chained(first: pa.Table, others: Iterable[pa.Table]) -> Iterable[pa.Table]:
    yield first
    yield from others


def _write_rows(
    writer: pq.ParquetWriter,
    batches: Iterable[pa.Table],
    unit_us: int,
    things: Things,
    sums: _Sums,
) -> None:
    """Row groups of equal size, whatever the hours are; only the last is shorter."""
    waiting: list[pa.Table] = []
    rows = 0
    for batch in batches:
        table, runs = arranged(batch, things)
        sums.add(table, runs)
        waiting.append(table)
        rows += table.num_rows
        if rows >= GROUP_ROWS:
            full = pa.concat_tables(waiting)
            cut = rows - rows % GROUP_ROWS
            _write_part(writer, full.slice(0, cut), unit_us, sums)
            waiting, rows = [full.slice(cut)], rows - cut
    if rows:
        _write_part(writer, pa.concat_tables(waiting), unit_us, sums)


def _write_part(writer: pq.ParquetWriter, rows: pa.Table, unit_us: int, sums: _Sums) -> None:
    table = coding.stored(rows.unify_dictionaries(), unit_us)
    sums.exact = sums.exact or coding.has_exact(table)
    writer.write_table(table, row_group_size=GROUP_ROWS)


def _info(
    name: str, label_set: int, size: int, unit_us: int, sums: _Sums, runs: Runs
) -> SegmentInfo:
    west, south, east, north = (
        float(pick.reduce(getattr(runs, side)))
        for side, pick in (
            ("west", np.fmin), ("south", np.fmin), ("east", np.fmax), ("north", np.fmax),
        )
    )  # fmt: skip
    placed = np.isfinite([west, south, east, north]).all()
    return SegmentInfo(
        name=name,
        label_set=label_set,
        rows=sums.rows,
        bytes=size,
        unit_us=unit_us,
        exact=sums.exact,
        valid_min_us=int(runs.valid_min.min()),
        valid_max_us=int(runs.valid_max.max()),
        known_min_us=int(runs.known_min.min()),
        known_max_us=int(runs.known_max.max()),
        box=(west, south, east, north) if placed else None,
        streams=dict(sorted(sums.streams.items())),
    )


def _write_runs(path: Path, runs: Runs, sums: _Sums, things: Things) -> None:
    streams, identifiers = things.names(runs.thing)
    columns: dict[str, Any] = {name: pa.array(getattr(runs, name)) for name in _RUN_NAMES}
    columns |= {STREAM: streams, "identifier": identifiers}
    whole = [name for name, column in columns.items() if pa.types.is_integer(column.type)]
    pq.write_table(
        pa.table(columns),
        path,
        compression="zstd",
        use_dictionary=[STREAM, "identifier"],
        column_encoding=dict.fromkeys(whole, "DELTA_BINARY_PACKED"),
        write_statistics=False,
    )


def _read_runs(file: pq.ParquetFile, things: Things) -> Runs:
    table = file.read(use_threads=False)
    columns = {name: table.column(name).to_numpy() for name in _RUN_NAMES}
    words = [table.column(name).cast(WORD).combine_chunks() for name in (STREAM, "identifier")]
    return Runs(thing=things.codes(*words), **columns)


def unit_for(rows: pa.Table) -> int:
    """The unit in which to write these rows' valid times, in microseconds."""
    return coding.unit_of(microseconds(rows, "valid"))
