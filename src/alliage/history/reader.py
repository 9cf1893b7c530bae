"""Questions to the history, as one audience: tail and segments alike, columns in, columns out.

What the audience may not see is never opened: a segment, and a block of the tail, holds rows of
one label set. Every answer says from when on its rows are kept: before that time there may have
been more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.history.cells import check_resolution
from alliage.history.counting import COUNTED, CellCounts
from alliage.history.dropped import Bounds, Gone
from alliage.history.latest import latest_of
from alliage.history.manifest import Kept
from alliage.history.positions import POINTS, ROWS, columns_of, joined, microseconds
from alliage.history.runs import HOUR_US
from alliage.history.segment import Segment
from alliage.history.selection import ALWAYS_US, FOREVER_US, Selected, TooMuchError, Where
from alliage.history.superseded import OldVersions
from alliage.history.tail import Block
from alliage.history.things import Things, Told
from alliage.ontology.audience import Audience


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What there is at one moment."""

    segments: tuple[Segment, ...]
    blocks: tuple[Block, ...]
    kept_from_us: Kept
    caught_up: bool
    dropped: Bounds
    revised: int


class Part(Protocol):
    """A segment, or a block of the tail."""

    label_set: int

    def rows(self, wanted: Selected, names: set[str]) -> pa.Table | None:
        """Columns of the rows that are wanted; None where there are none."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows, and how far they are all there were.

    ``kept_from_us`` is the valid time before which rows were taken away, of a stream that was
    asked for and may be seen; None where none ever were. ``caught_up`` is false while the history
    is being made from the log.
    """

    table: pa.Table
    kept_from_us: int | None
    caught_up: bool


@dataclass(frozen=True, slots=True)
class Counted(Answer):
    """Counts, and the label sets of the rows that were counted."""

    label_sets: frozenset[int]


class HistoryReader:
    """The history as one audience sees it. The only way to read it."""

    def __init__(
        self,
        snapshot: Callable[[], Snapshot],
        things: Things,
        old: OldVersions,
        audience: Audience,
    ) -> None:
        self._take_snapshot = snapshot
        self._things = things
        self._old = old
        self.audience = audience

    def rows(self, where: Where, columns: Sequence[str] = POINTS) -> Answer:
        """Rows in a time, a box, of things: whatever is asked for, in no order to rely upon.

        Raises:
            ValueError: no such column.
        """
        schema = columns_of(columns)
        snapshot = self._take_snapshot()
        parts, wanted = self._chosen(snapshot, where)
        some = (part.rows(wanted, set(columns)) for part in parts)
        found = [part for part in some if part is not None and part.num_rows]
        table = joined(found, _ordered(schema)).select(list(columns))
        return Answer(table, self._kept_from_us(snapshot, where), snapshot.caught_up)

    def trajectory(
        self, things: Told, where: Where | None = None, columns: Sequence[str] = POINTS
    ) -> Answer:
        """Rows of one thing, as one or several streams tell of it, by valid time.

        Raises:
            ValueError: no such column.
        """
        where = replace(where or Where(), things=things)
        answer = self.rows(where, tuple(dict.fromkeys([*columns, "valid"])))
        order = np.argsort(microseconds(answer.table, "valid"), kind="stable")
        table = answer.table.select(list(columns)).take(pa.array(order))
        return replace(answer, table=table)

    def latest(
        self, before_us: int, where: Where | None = None, columns: Sequence[str] = POINTS
    ) -> Answer:
        """The last row of each thing before a time; with a box, of those that were in it then.

        ``where.from_us`` says how far back to look. Of several rows of one time that which was
        known last counts.

        Raises:
            ValueError: no such column.
        """
        schema = columns_of(columns)
        where = replace(where or Where(), to_us=before_us)
        snapshot = self._take_snapshot()
        parts, wanted = self._chosen(snapshot, where)
        found = latest_of(parts, wanted, set(columns), self._things)
        table = joined(found, _ordered(schema)).select(list(columns))
        return Answer(table, self._kept_from_us(snapshot, where), snapshot.caught_up)

    def counts(self, resolution: int, where: Where, rows_at_most: int | None = None) -> Counted:
        """How many rows, and of how many things, in each H3 cell: columns of ``COUNTS``.

        With both times given, an hour is looked at after the other.

        Raises:
            TooMuchError: there are more rows than this.
            ValueError: no such resolution.
        """
        check_resolution(resolution)
        counts = CellCounts(resolution, self._things)
        is_bounded = where.from_us is not None and where.to_us is not None
        rows = 0
        for part in where.parts(HOUR_US) if is_bounded else [where]:
            table = self.rows(part, COUNTED).table
            rows += table.num_rows
            if rows_at_most is not None and rows > rows_at_most:
                raise TooMuchError(f"more than {rows_at_most} positions: ask for less time or room")
            counts.add(table)
        snapshot = self._take_snapshot()
        kept_from_us = self._kept_from_us(snapshot, where)
        return Counted(counts.table(), kept_from_us, snapshot.caught_up, counts.label_sets)

    def not_kept(self, where: Where) -> dict[str, int]:
        """By stream that is asked for and may be seen, until when rows were taken away."""
        found: dict[str, int] = {}
        for stream, moment_us in self._taken_away(self._take_snapshot(), where):
            found[stream] = max(moment_us, found.get(stream, moment_us))
        return found

    def _chosen(self, snapshot: Snapshot, where: Where) -> tuple[list[Segment | Block], Selected]:
        """What may be seen and may hold rows of that time, and what is wanted of it."""
        wanted = Selected(
            ALWAYS_US if where.from_us is None else where.from_us,
            FOREVER_US if where.to_us is None else where.to_us,
            where.box,
            None,
            where.known_us,
        )
        anywhere = replace(wanted, box=None)
        blocks = [block for block in snapshot.blocks if self._sees(block.label_set)]
        blocks += self._old.blocks(self.audience, where, snapshot.kept_from_us, snapshot.revised)
        segments = [
            segment
            for segment in snapshot.segments
            if self._sees(segment.label_set) and segment.info.may_hold(anywhere)
        ]
        codes = self._codes(where, segments)
        gone = self._gone(snapshot.dropped, wanted, segments)
        return [*segments, *blocks], replace(wanted, things=codes, gone=gone)

    def _sees(self, label_set: int) -> bool:
        return self.audience.sees(label_set)

    def _gone(
        self, dropped: Bounds, wanted: Selected, segments: Sequence[Segment]
    ) -> tuple[Gone, ...]:
        """What the log has dropped of the time that is asked for."""
        bounds = [
            (stream, bound)
            for stream, some in dropped.items()
            for bound in some
            if bound.before_us > wanted.from_us
        ]
        if bounds:
            for segment in segments:
                segment.runs()
        return tuple(Gone(self._things.of_streams([stream]), bound) for stream, bound in bounds)

    def _codes(self, where: Where, segments: Sequence[Segment]) -> NDArray[np.int32] | None:
        """Numbers of the things that are wanted; None for any."""
        if where.things is None and where.identifier is None and where.streams is None:
            return None
        for segment in segments:
            segment.runs()  # things have numbers once an index that names them was read
        told = (
            None if where.things is None else self._things.told(where.things),
            None if where.identifier is None else self._things.of_identifier(where.identifier),
            None if where.streams is None else self._things.of_streams(where.streams),
        )
        return reduce(np.intersect1d, (codes for codes in told if codes is not None))

    def _kept_from_us(self, snapshot: Snapshot, where: Where) -> int | None:
        return max((us for _, us in self._taken_away(snapshot, where)), default=None)

    def _taken_away(self, snapshot: Snapshot, where: Where) -> list[tuple[str, int]]:
        """Streams, each with a time before which rows under one label set were taken away."""
        streams = None if where.streams is None else set(where.streams)
        if where.things is not None:
            told = {stream for stream, _ in where.things}
            streams = told if streams is None else streams & told
        return [
            (stream, moment_us)
            for (stream, label_set), moment_us in snapshot.kept_from_us.items()
            if self._sees(label_set) and (streams is None or stream in streams)
        ]


def _ordered(schema: pa.Schema) -> pa.Schema:
    """The same columns in the history's own order, as parts give them."""
    return pa.schema([field for field in ROWS if field.name in schema.names])
