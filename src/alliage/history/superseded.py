"""What was known before a newer version took its place, read from the log when it is asked for.

The history's files hold what stands now. Old versions lie in the log as they were signed and are
seldom asked for, so they are not kept a second time: a question for what was known before a
reading again gets them as blocks, beside those of the tail.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from functools import partial
from typing import Final

import pyarrow as pa

from alliage.history.manifest import Kept
from alliage.history.positions import POSITIONS, microseconds, table_of
from alliage.history.selection import Where
from alliage.history.tail import Block
from alliage.history.things import Things
from alliage.log.entry import Entry
from alliage.log.reader import LogReader, pages
from alliage.log.revisions import REVISION, Supersede
from alliage.ontology.audience import Audience

ROWS_HELD_AT_MOST: Final = 1 << 20
"""So many rows stay in memory for the next question, which is often about the same time."""


class OldVersions:
    """Superseded entries, read once and then held for a while. Safe to use from any thread."""

    def __init__(self, things: Things) -> None:
        self._things = things
        self._log: LogReader | None = None
        self._lock = threading.Lock()
        self._held: dict[tuple[str, int], Block] = {}
        self._rows = 0
        self.newest = 0
        """Number of the newest decision that something is superseded."""
        self._until_us = 0  # when that was known: who asks for this or later misses nothing

    def follow(self, log: LogReader, revisions: Iterable[Entry]) -> None:
        """Begin with a log, as the node's machines read it, and all its revisions."""
        self._log = log
        self.note(revisions)

    def note(self, entries: Iterable[Entry]) -> None:
        """Take note of decisions among these entries: what is held may be under other labels."""
        decided = [entry for entry in entries if entry.kind == REVISION]
        for entry in decided:
            if isinstance(entry.revision(), Supersede):
                self.newest, self._until_us = entry.number, entry.known_us
        if decided:
            with self._lock:
                self._held, self._rows = {}, 0

    def blocks(self, audience: Audience, where: Where, kept: Kept, revised: int) -> list[Block]:
        """What stood at the time ``where.known_us`` and stands no more, and may be seen.

        Args:
            audience: who asks; nothing else is opened.
            where: what is asked for; blocks may hold more than that.
            kept: by stream and label set, the valid time before which rows are not kept.
            revised: number of the last revision that the files follow; they still have the old
                version of what was superseded later.
        """
        log = self._log
        if log is None or where.known_us is None or where.known_us >= self._until_us:
            return []
        seen = log.as_seen_by(audience)
        read = partial(
            seen.read,
            kinds=[POSITIONS],
            streams=None if where.streams is None else sorted(where.streams),
            valid_from_us=where.from_us,
            valid_to_us=where.to_us,
            up_to=seen.number_known_by(where.known_us),
            superseded_by=revised,
        )
        found = [
            _since(self._block(entry), kept.get((entry.stream, entry.label_set)))
            for page in pages(read)
            for entry in page
        ]
        return [block for block in found if len(block)]

    def _block(self, entry: Entry) -> Block:
        key = entry.entry_id, entry.label_set
        with self._lock:
            if (held := self._held.get(key)) is not None:
                return held
        block = Block.of(entry.label_set, table_of(entry), self._things)
        with self._lock:
            if self._rows + len(block) > ROWS_HELD_AT_MOST:
                self._held, self._rows = {}, 0
            self._held[key] = block
            self._rows += len(block)
        return block


def _since(block: Block, kept_from_us: int | None) -> Block:
    """Without what the history has taken away by age: it does not come back by this way."""
    if kept_from_us is None:
        return block
    mask = microseconds(block.table, "valid") >= kept_from_us
    return Block(block.label_set, block.table.filter(pa.array(mask)), block.thing[mask])
