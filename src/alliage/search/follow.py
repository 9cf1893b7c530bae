"""Keeps a text index up to date with the log: first what it missed, then each commit.

Following has a thread of its own, which reads the log as any subscriber does, so that the writer
never waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final

import structlog

from alliage.log.bodies import CLAIMS, OBSERVATIONS
from alliage.log.entry import Entry
from alliage.log.reader import LogReader, in_parts
from alliage.log.revisions import REVISION, Drop
from alliage.ontology.observation import Kind
from alliage.search.index import Mention, TakenBack, TextIndex
from alliage.search.mentions import MentionReader

MESSAGES: Final = f"{OBSERVATIONS}{Kind.TEXT}"
KINDS: Final = (CLAIMS, MESSAGES)
FOLLOWED: Final = (*KINDS, REVISION)

_log = structlog.get_logger(__name__)


class IndexFollower:
    """The one that writes to an index."""

    def __init__(self, index: TextIndex, mentions: MentionReader) -> None:
        self._index = index
        self._mentions = mentions
        self._log: LogReader | None = None
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
        self._log = log
        number, entry_id = self._index.position()
        if number and log.id_of(number) != entry_id:
            self._index.clear()
            number = 0
        added = 0
        while entries := log.read(after=number, kinds=FOLLOWED):
            for part in in_parts(entries):
                added += self.apply(part)
                if on_progress is not None:
                    on_progress(added)
            number = entries[-1].number
        return added

    def apply(self, entries: Sequence[Entry]) -> int:
        """Take up these entries, in order; what was taken up before is skipped.

        Returns:
            The number of texts that were added.
        """
        position, _ = self._index.position()
        fresh = [e for e in entries if e.kind in FOLLOWED and e.number > position]
        added = 0
        for is_revision, some in groupby(fresh, lambda entry: entry.kind == REVISION):
            if is_revision:
                added += sum(self._revise(entry) for entry in some)
            else:
                added += self._add([*some])
        return added

    def _add(self, entries: Sequence[Entry], position: Entry | None = None) -> int:
        """Add what entries say; the log was read up to ``position``, or the last of them."""
        said = [item for entry in entries for item in self._read(entry)]
        mentions = [item for item in said if isinstance(item, Mention)]
        taken_back = [item for item in said if isinstance(item, TakenBack)]
        last = position or entries[-1]
        self._index.add(mentions, taken_back, (last.number, last.entry_id))
        return len(mentions)

    def _revise(self, revision: Entry) -> int:
        """Forget what is gone, and take up under its new label what was raised."""
        said = revision.revision()
        named = () if isinstance(said, Drop) or self._log is None else said.entries
        log = self._log
        found = [] if log is None else [part for name in named for part in log.parts(name)]
        targets = [one for one in found if one.kind in KINDS]
        if targets:
            self._index.forget(list(dict.fromkeys(one.number for one in targets)))
        return self._add(
            [one for one in targets if one.gone is None and one.superseded is None], revision
        )

    def follow(self, log: LogReader) -> None:
        """Catch up, and stay up to date until :meth:`close`."""
        added = self.catch_up(log)
        if added:
            _log.info("search.caught_up", texts=added)
        subscription = log.subscribe(after=self._index.position()[0], kinds=FOLLOWED)

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
