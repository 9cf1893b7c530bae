"""From when on the reports of each stream are kept, as the log's own decisions say."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from alliage.log.entry import Entry
from alliage.log.revisions import Drop, Raise
from alliage.ontology.audience import Audience

ENTRIES_AT_ONCE: Final = 1_000


class Drops:
    """Decisions not to keep bodies, read once each. Any thread may ask.

    A decision is seen by who sees its own entry: what is not kept of a stream that somebody may
    not see is not told to them either.
    """

    def __init__(self, revisions: Callable[[int, int], list[Entry]]) -> None:
        """``revisions`` reads every revision after a number, at most so many, the oldest first."""
        self._revisions = revisions
        self._lock = threading.Lock()
        self._number = 0
        self._before_us: dict[tuple[str, int], int] = {}

    def not_kept(self, audience: Audience) -> dict[str, int]:
        """By stream, the valid time before which what it reported is not kept, in microseconds."""
        with self._lock:
            self._catch_up()
            known = dict(self._before_us)
        found: dict[str, int] = {}
        for (stream, label_set), before_us in known.items():
            if audience.sees(label_set):
                found[stream] = max(before_us, found.get(stream, before_us))
        return found

    def _catch_up(self) -> None:
        fresh = self._after(self._number)
        if self._number and any(isinstance(entry.revision(), Raise) for entry in fresh):
            # A label that was raised may be that of a decision that was read before.
            self._before_us = {}
            fresh = self._after(0)
        for entry in fresh:
            revision = entry.revision()
            if isinstance(revision, Drop):
                key = (revision.stream, entry.label_set)
                earlier_us = self._before_us.get(key, revision.before_us)
                self._before_us[key] = max(revision.before_us, earlier_us)
            self._number = entry.number

    def _after(self, number: int) -> list[Entry]:
        found: list[Entry] = []
        while page := self._revisions(number, ENTRIES_AT_ONCE):
            found += page
            number = page[-1].number
        return found
