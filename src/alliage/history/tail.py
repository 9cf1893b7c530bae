"""The hot tail: rows that are committed and not yet in a segment, held in memory."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import structlog
from numpy.typing import NDArray

from alliage.history.compaction import Moments, without
from alliage.history.positions import joined, table_of
from alliage.history.selection import Selected
from alliage.history.things import Things, codes_of
from alliage.log.entry import Entry

_logger = structlog.get_logger(__name__)


@dataclass(frozen=True, eq=False)
class Block:
    """Rows of one label set in memory, in the order in which they came."""

    label_set: int
    table: pa.Table
    thing: NDArray[np.int32]

    @classmethod
    def of(cls, label_set: int, table: pa.Table, things: Things) -> Block:
        """A block of these rows."""
        return cls(label_set, table, codes_of(things, table))

    def __len__(self) -> int:
        return len(self.thing)

    def rows(self, wanted: Selected, names: set[str]) -> pa.Table | None:
        """Columns of the rows that are wanted; None where there are none."""
        found = wanted.mask(self.table, self.thing)
        if wanted.things is not None:
            found &= np.isin(self.thing, wanted.things)
        if not found.any():
            return None
        ordered = [name for name in self.table.schema.names if name in names]
        return self.table.select(ordered).take(pa.array(np.flatnonzero(found)))

    def with_more(self, other: Block) -> Block:
        """This block with the rows of a later one behind it."""
        table = joined([self.table, other.table])
        return replace(self, table=table, thing=np.concatenate([self.thing, other.thing]))


class Tail:
    """Entries as the writer hands them over, and blocks of rows made from them.

    :class:`alliage.history.store.History` holds a lock round it, except for :meth:`add`, which
    the writer's thread calls and which must not wait for work.
    """

    def __init__(self, things: Things, rows_at_most: int) -> None:
        self._things = things
        self._rows_at_most = rows_at_most
        self._adding = threading.Lock()
        self._waiting: deque[Entry] = deque()
        self._waiting_rows = 0
        self._blocks: list[Block] = []
        self._sealing: list[Block] = []
        self.number, self.entry_id = 0, ""  # of the last entry in the blocks

    @property
    def rows(self) -> int:
        """Rows that no seal has taken."""
        return self._waiting_rows + sum(len(block) for block in self._blocks)

    @property
    def is_crowded(self) -> bool:
        """Whether so much waits that a question must not wait for it."""
        return self._waiting_rows >= self._rows_at_most

    def add(self, entries: Sequence[Entry]) -> None:
        """Remember entries; nothing is computed. Beyond a bound only where their bodies lie."""
        with self._adding:
            for entry in entries:
                self._waiting.append(replace(entry, _content=None) if self.is_crowded else entry)
                self._waiting_rows += entry.rows

    def forget_until(self, number: int) -> None:
        """Drop waiting entries up to this number: they were taken another way."""
        with self._adding:
            self._waiting = deque(entry for entry in self._waiting if entry.number > number)
            self._waiting_rows = sum(entry.rows for entry in self._waiting)

    def absorb(self) -> None:
        """Make blocks of what waits, the earliest first, up to the bound."""
        taken, rows = [], 0
        with self._adding:
            while self._waiting and rows < self._rows_at_most:
                taken.append(self._waiting.popleft())
                rows += taken[-1].rows
            self._waiting_rows -= rows
        self.take(taken)

    def take(self, entries: Sequence[Entry]) -> None:
        """Make blocks of entries, in the order of the log."""
        if entries:
            self.number, self.entry_id = entries[-1].number, entries[-1].entry_id
        self._hold(entries)

    def take_again(self, moments: Moments, entries: Sequence[Entry]) -> None:
        """Drop what came at these moments, and hold what these entries, of then, say now."""
        while self._waiting:
            self.absorb()
        kept = [
            Block.of(block.label_set, rows, self._things)
            for block in self._blocks
            if (rows := without(block.table, moments)).num_rows
        ]
        self._blocks = kept
        self._hold([entry for entry in entries if entry.number <= self.number])

    def _hold(self, entries: Sequence[Entry]) -> None:
        found: dict[int, list[pa.Table]] = {}
        for entry in entries:
            try:
                found.setdefault(entry.label_set, []).append(table_of(entry))
            except (RuntimeError, ValueError) as error:  # damaged, or its body is not kept
                _logger.warning("history.entry_left_out", entry=entry.entry_id, error=str(error))
        for label_set, tables in found.items():
            if tables:
                self._push(Block.of(label_set, joined(tables), self._things))

    def blocks(self) -> list[Block]:
        """Everything that was absorbed and not yet dropped."""
        return [*self._sealing, *self._blocks]

    def begin_seal(self) -> list[Block]:
        """Hand out what was absorbed; it stays here until it is dropped or given back."""
        if not self._sealing:
            self._sealing, self._blocks = self._blocks, []
        return self._sealing

    def end_seal(self, *, done: bool) -> None:
        """Drop what was handed out, for it is in segments now; or take it back."""
        if not done:
            self._blocks = [*self._sealing, *self._blocks]
        self._sealing = []

    def _push(self, block: Block) -> None:
        """Behind the blocks of its label set, which are joined as they grow: few are left."""
        others = [one for one in self._blocks if one.label_set != block.label_set]
        same = [one for one in self._blocks if one.label_set == block.label_set]
        while same and len(same[-1]) <= 2 * len(block):
            block = same.pop().with_more(block)
        self._blocks = [*others, *same, block]
