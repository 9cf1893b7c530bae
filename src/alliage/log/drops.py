"""What is gone of the reports of each stream, as the log's own decisions say."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from alliage.log.bodies import OBSERVATION_KINDS
from alliage.log.entry import Entry
from alliage.log.revisions import Destroy, Drop, Raise
from alliage.ontology.audience import Audience

ENTRIES_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Redacted:
    """Reports of a stream that were destroyed: rows valid between these times, both included.

    ``is_told``: the reader may see the decision; others are told that something is not kept.
    ``is_old``: a newer version had taken its place, so that only what was known before lacks it.
    """

    stream: str
    from_us: int
    to_us: int
    is_told: bool
    is_old: bool


@dataclass(frozen=True, slots=True)
class _Destroyed:
    stream: str
    from_us: int
    to_us: int
    label_set: int
    decided_under: int
    is_old: bool


class Drops:
    """Decisions not to keep bodies, read once each. Any thread may ask.

    A decision to drop is seen by who sees its own entry: what is not kept of a stream that somebody
    may not see is not told to them either. What was destroyed is told to who could see it.
    """

    def __init__(
        self,
        revisions: Callable[[int, int], list[Entry]],
        parts_of: Callable[[str], list[Entry]],
        since: Callable[[Sequence[str]], Iterable[tuple[str, int, int]]],
    ) -> None:
        """Nothing is read yet.

        Args:
            revisions: reads every revision after a number, at most so many, the oldest first.
            parts_of: any entry by its id, or its parts, whether or not its body is gone.
            since: the first valid time that decisions dropped something of, by label set.
        """
        self._revisions = revisions
        self._parts_of = parts_of
        self._since = since
        self._lock = threading.Lock()
        self._number = 0
        self._before_us: dict[tuple[str, int], int] = {}
        self._since_us: dict[tuple[str, int, int], int] = {}
        self._destroyed: list[_Destroyed] = []

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

    def dropped_since(self, audience: Audience) -> dict[str, int]:
        """By stream, the first valid time of what was dropped of it and these readers could see.

        A stream that is not kept and does not stand here lost something of which no header that
        they may see tells.
        """
        with self._lock:
            self._catch_up()
            known = dict(self._since_us)
        found: dict[str, int] = {}
        for (stream, decided_under, label_set), since_us in known.items():
            if audience.sees(decided_under) and audience.sees(label_set):
                found[stream] = min(since_us, found.get(stream, since_us))
        return found

    def redacted(self, audience: Audience) -> list[Redacted]:
        """What was destroyed of the reports that these readers could see."""
        with self._lock:
            self._catch_up()
            known = list(self._destroyed)
        return [
            Redacted(
                one.stream, one.from_us, one.to_us, audience.sees(one.decided_under), one.is_old
            )
            for one in known
            if audience.sees(one.label_set)
        ]

    def _catch_up(self) -> None:
        fresh = self._after(self._number)
        if self._number and any(isinstance(entry.revision(), Raise) for entry in fresh):
            # A label that was raised may be that of a decision that was read before, or of what
            # was destroyed by one.
            self._before_us, self._since_us, self._destroyed = {}, {}, []
            fresh = self._after(0)
        drops: dict[str, tuple[str, int]] = {}
        for entry in fresh:
            revision = entry.revision()
            if isinstance(revision, Drop):
                key = drops[entry.entry_id] = (revision.stream, entry.label_set)
                earlier_us = self._before_us.get(key, revision.before_us)
                self._before_us[key] = max(revision.before_us, earlier_us)
            elif isinstance(revision, Destroy):
                self._destroyed += self._reports_of(revision, entry.label_set)
            self._number = entry.number
        for decision, label_set, since_us in self._since([*drops]):
            one = (*drops[decision], label_set)
            self._since_us[one] = min(since_us, self._since_us.get(one, since_us))

    def _reports_of(self, revision: Destroy, decided_under: int) -> list[_Destroyed]:
        return [
            _Destroyed(
                one.stream,
                one.valid_min_us,
                one.valid_max_us,
                one.label_set,
                decided_under,
                one.superseded is not None,
            )
            for name in revision.entries
            for one in self._parts_of(name)
            if one.kind in OBSERVATION_KINDS
            and one.valid_min_us is not None
            and one.valid_max_us is not None
        ]

    def _after(self, number: int) -> list[Entry]:
        found: list[Entry] = []
        while page := self._revisions(number, ENTRIES_AT_ONCE):
            found += page
            number = page[-1].number
        return found
