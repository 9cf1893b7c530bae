"""What was known before a newer version took its place, read from the log when it is asked for.

The history's files hold what stands now. Old versions lie in the log as they were signed and are
seldom asked for, so they are not kept a second time: a question for what was known before a
reading again gets them as blocks, beside those of the tail.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa
import structlog
from numpy.typing import NDArray

from alliage.history.manifest import Kept
from alliage.history.positions import POSITIONS, ROWS, microseconds, table_of
from alliage.history.selection import ALWAYS_US, FOREVER_US, Where
from alliage.history.tail import Block
from alliage.history.things import Things
from alliage.log.entry import Entry
from alliage.log.reader import LogReader, pages
from alliage.log.revisions import REVISION, Supersede
from alliage.log.selection import BY_ANY
from alliage.ontology.audience import Audience

ROWS_HELD_AT_MOST: Final = 1 << 20
"""So many rows stay in memory for the next question, which is often about the same time."""

_logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Headers:
    """Every superseded entry without its body, and when each stood; arrays of one length."""

    entries: tuple[Entry, ...]
    from_us: NDArray[np.int64]
    to_us: NDArray[np.int64]
    known_us: NDArray[np.int64]
    decided_us: NDArray[np.int64]
    decided: NDArray[np.int64]

    @classmethod
    def of(cls, entries: Sequence[Entry], decided_us: dict[int, int]) -> _Headers:
        decided = [one.superseded or 0 for one in entries]
        columns = (
            [ALWAYS_US if one.valid_min_us is None else one.valid_min_us for one in entries],
            [FOREVER_US if one.valid_max_us is None else one.valid_max_us for one in entries],
            [one.known_us for one in entries],
            [decided_us.get(number, 0) for number in decided],
            decided,
        )
        return cls(tuple(entries), *(np.array(column, np.int64) for column in columns))

    def stood(self, where: Where, known_us: int, revised: int) -> list[Entry]:
        """Those that stood at a time, may hold what is asked for and are in no file any more."""
        found = (self.known_us <= known_us) & (known_us < self.decided_us)
        found &= self.decided <= revised
        if where.from_us is not None:
            found &= self.to_us >= where.from_us
        if where.to_us is not None:
            found &= self.from_us < where.to_us
        chosen = [self.entries[at] for at in np.flatnonzero(found).tolist()]
        return [one for one in chosen if _is_of(one, where.streams)]


class OldVersions:
    """Superseded entries, read once and then held for a while. Safe to use from any thread."""

    def __init__(self, things: Things) -> None:
        self._things = things
        self._log: LogReader | None = None
        self._lock = threading.Lock()
        self._decided_us: dict[int, int] = {}  # by number of the decision, when it was known
        self._headers: _Headers | None = None
        self._held: dict[tuple[str, int], Block] = {}
        self._rows = 0
        self.read_again = 0
        """Number of the newest reading again in the log at the start: none comes later."""

    def follow(self, log: LogReader, revisions: Sequence[Entry]) -> None:
        """Begin with a log, as the node's machines read it, and all its revisions."""
        self._log = log
        self.note(revisions)
        self.read_again = max(self._decided_us, default=0)

    def note(self, entries: Iterable[Entry]) -> None:
        """Take note of decisions among these entries: what is held may be under other labels."""
        decided = [entry for entry in entries if entry.kind == REVISION]
        with self._lock:
            for entry in decided:
                if isinstance(entry.revision(), Supersede):
                    self._decided_us[entry.number] = entry.known_us
            if decided:
                self._headers, self._held, self._rows = None, {}, 0

    def blocks(self, audience: Audience, where: Where, kept: Kept, revised: int) -> list[Block]:
        """What stood at the time ``where.known_us`` and stands no more, and may be seen.

        Args:
            audience: who asks; nothing else is opened.
            where: what is asked for; blocks may hold more than that.
            kept: by stream and label set, the valid time before which rows are not kept.
            revised: number of the last revision that the files follow; they still have the old
                version of what was superseded later.
        """
        if where.known_us is None or not self._decided_us:
            return []
        found = [
            _since(self._block(entry), kept.get((entry.stream, entry.label_set)))
            for entry in self._all().stood(where, where.known_us, revised)
            if audience.sees(entry.label_set)
        ]
        return [block for block in found if len(block)]

    def _all(self) -> _Headers:
        with self._lock:
            headers, decided_us = self._headers, dict(self._decided_us)
        if headers is None and self._log is not None:
            read = partial(self._log.read, kinds=[POSITIONS], superseded_by=BY_ANY)
            headers = _Headers.of([one for page in pages(read) for one in page], decided_us)
            with self._lock:
                if decided_us == self._decided_us:
                    self._headers = headers
        return headers or _Headers.of([], {})

    def _block(self, entry: Entry) -> Block:
        key = entry.entry_id, entry.label_set
        with self._lock:
            if (held := self._held.get(key)) is not None:
                return held
        try:
            block = Block.of(entry.label_set, table_of(entry), self._things)
        except (RuntimeError, ValueError) as error:  # damaged, or destroyed at this moment
            _logger.warning("history.entry_left_out", entry=entry.entry_id, error=str(error))
            return Block.of(entry.label_set, ROWS.empty_table(), self._things)
        with self._lock:
            if self._rows + len(block) > ROWS_HELD_AT_MOST:
                self._held, self._rows = {}, 0
            self._held[key] = block
            self._rows += len(block)
        return block


def _is_of(entry: Entry, streams: Collection[str] | None) -> bool:
    return streams is None or entry.stream in streams


def _since(block: Block, kept_from_us: int | None) -> Block:
    """Without what the history has taken away by age: it does not come back by this way."""
    if kept_from_us is None:
        return block
    mask = microseconds(block.table, "valid") >= kept_from_us
    return Block(block.label_set, block.table.filter(pa.array(mask)), block.thing[mask])
