"""Keeps a text index up to date with the log: first what it missed, then each commit.

Following has a thread of its own, which reads the log as any subscriber does, so that the writer
never waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from alliage.log.bodies import CLAIMS, OBSERVATIONS
from alliage.log.entry import Entry
from alliage.log.reader import LogReader
from alliage.ontology.observation import Kind
from alliage.search.index import Mention, TakenBack, TextIndex
from alliage.search.mentions import MentionReader

MESSAGES: Final = f"{OBSERVATIONS}{Kind.TEXT}"
KINDS: Final = (CLAIMS, MESSAGES)

_log = structlog.get_logger(__name__)


class IndexFollower:
    """The one that writes to an index."""

    def __init__(self, index: TextIndex, mentions: MentionReader) -> None:
        self._index = index
        self._mentions = mentions
        self._stop: Callable[[], None] | None = None
        self._thread: threading.Thread | None = None

    def catch_up(self, log: LogReader, on_progress: Callable[[int], None] | None = None) -> int:
        """Read what the log has and the index has not; begin anew where it read another log.

        Args:
            log: as the node's machines read it.
            on_progress: called with the number of texts that were added so far.

        Returns:
            The number of texts that were added.
        """
        number, entry_id = self._index.position()
        if number and [entry.entry_id for entry in log.read(number - 1, 1)] != [entry_id]:
            self._index.clear()
            number = 0
        added = 0
        while entries := log.read(after=number, kinds=KINDS):
            added += self.apply(entries)
            number = entries[-1].number
            if on_progress is not None:
                on_progress(added)
        return added

    def apply(self, entries: Sequence[Entry]) -> int:
        """Take up these entries, in order; what was taken up before is skipped.

        Returns:
            The number of texts that were added.
        """
        position, _ = self._index.position()
        fresh = [e for e in entries if e.kind in KINDS and e.number > position]
        if not fresh:
            return 0
        said = [item for entry in fresh for item in self._read(entry)]
        mentions = [item for item in said if isinstance(item, Mention)]
        taken_back = [item for item in said if isinstance(item, TakenBack)]
        self._index.add(mentions, taken_back, (fresh[-1].number, fresh[-1].entry_id))
        return len(mentions)

    def follow(self, log: LogReader) -> None:
        """Catch up, and stay up to date until :meth:`close`."""
        added = self.catch_up(log)
        if added:
            _log.info("search.caught_up", texts=added)
        subscription = log.subscribe(after=self._index.position()[0], kinds=KINDS)

        def run() -> None:
            while subscription.next():  # only wakes; what failed before is read again, too
                self._catch_up_or_tell(log)

        self._stop = subscription.close
        self._thread = threading.Thread(target=run, name="alliage-search", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread, wait for it, and close the index."""
        if self._stop is not None and self._thread is not None:
            self._stop()
            self._thread.join()
        self._index.close()

    def _read(self, entry: Entry) -> Sequence[Mention | TakenBack]:
        read = self._mentions.of_claims if entry.kind == CLAIMS else self._mentions.of_messages
        return list(read(entry))

    def _catch_up_or_tell(self, log: LogReader) -> None:
        """An index that cannot be written now is behind until it can be."""
        try:
            self.catch_up(log)
        except Exception:
            _log.exception("search.not_updated")
