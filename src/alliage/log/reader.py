"""Reading the log as one audience: the only way to read it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from alliage.log import measures
from alliage.log.density import Axis, Density
from alliage.log.drops import Drops, Redacted
from alliage.log.entry import Entry
from alliage.log.index import Index
from alliage.log.selection import Selection
from alliage.log.tip import Tip
from alliage.ontology.audience import Audience

MAX_LIMIT: Final = 10_000
DEFAULT_LIMIT: Final = 1_000
ROWS_AT_ONCE: Final = 50_000


class CursorError(ValueError):
    """A cursor that this reader was never given."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, and the cursor that leads on; None where there is no more for now."""

    entries: list[Entry]
    next: str | None


def pages(read: Callable[..., list[Entry]], after: int = 0) -> Iterator[list[Entry]]:
    """All that a :meth:`LogReader.read` with its selection gives, page after page."""
    while page := read(after=after, limit=DEFAULT_LIMIT):
        yield page
        after = page[-1].number


def in_parts(entries: Sequence[Entry], rows_at_most: int = ROWS_AT_ONCE) -> Iterator[list[Entry]]:
    """These entries in their order, so many at a time that what they say fits into the memory."""
    part: list[Entry] = []
    rows = 0
    for entry in entries:
        is_of_last = bool(part) and entry.number == part[-1].number  # its parts stay together
        if part and not is_of_last and rows + entry.rows > rows_at_most:
            yield part
            part, rows = [], 0
        part.append(entry)
        rows += entry.rows
    if part:
        yield part


class LogReader:
    """The log as one audience sees it: what it may not see is not there, and leaves no gap."""

    def __init__(self, tip: Tip, index: Index, audience: Audience, drops: Drops) -> None:
        self._tip = tip
        self._index = index
        self._drops = drops
        self.audience = audience

    def read(
        self,
        after: int = 0,
        limit: int = DEFAULT_LIMIT,
        kinds: Sequence[str] | None = None,
        streams: Sequence[str] | None = None,
        valid_from_us: int | None = None,
        valid_to_us: int | None = None,
        up_to: int | None = None,
        with_gone: bool = False,
        whole: bool = False,
        superseded_by: int | None = None,
        all_versions: bool = False,
    ) -> list[Entry]:
        """Entries in order, for the node's own machines, which may know numbers.

        One whose rows carry several label sets comes in parts, one behind the other, each under
        its own labels: there may be more of them than ``limit``.

        Args:
            after: number of the last entry already had.
            limit: at most so many, and never more than :data:`MAX_LIMIT`.
            kinds: only these kinds.
            streams: only these streams.
            valid_from_us: only entries that may hold rows valid at this time or later.
            valid_to_us: only entries that may hold rows valid before this time.
            up_to: number of the last entry that is wanted.
            with_gone: entries whose bodies are gone by decision, or superseded, too.
            whole: entries as they were signed, and only those that are seen wholly.
            superseded_by: only entries that a newer version has replaced since ``up_to``, and by
                this number.
            all_versions: superseded entries, too.
        """
        wanted = Selection(
            after,
            up_to,
            kinds,
            streams,
            valid_from_us,
            valid_to_us,
            with_gone=with_gone,
            superseded_by=superseded_by,
            all_versions=all_versions,
            whole=whole,
        )
        return self._index.select(self.audience, wanted, _bounded(limit))

    def latest(
        self,
        kinds: Sequence[str],
        streams: Sequence[str],
        limit: int,
        up_to: int | None = None,
    ) -> list[Entry]:
        """The newest entries of these streams, in order, up to a number if there is one."""
        wanted = Selection(up_to=up_to, kinds=kinds, streams=streams)
        return self._index.select(self.audience, wanted, _bounded(limit), newest=True)[::-1]

    def page(self, cursor: str | None, limit: int, wanted: Selection | None = None) -> Page:
        """Entries for somebody outside: the cursor is the id of the last entry they were given.

        Raises:
            CursorError: this audience was never given such a cursor.
        """
        wanted = replace(wanted or Selection(), after=self.number_of(cursor))
        limit = _bounded(limit)
        entries = self._index.select(self.audience, wanted, limit + 1)
        numbers = list(dict.fromkeys(entry.number for entry in entries))[:limit]
        more = bool(entries) and entries[-1].number != numbers[-1]
        entries = [entry for entry in entries if entry.number <= numbers[-1]] if numbers else []
        return Page(entries, entries[-1].entry_id if more else None)

    def number_known_by(self, known_us: int) -> int:
        """Number of the last entry that the node had at this time, for its own machines."""
        return self._index.number_known_by(known_us)

    def last_valid_us(self, stream: str) -> int | None:
        """Until when the newest observations of a stream are about; None where it has none."""
        return measures.last_valid_us(self._index.engine, self.audience, stream)

    def entry(self, entry_id: str) -> Entry | None:
        """One entry by its id; None if it is not there for this audience.

        As a whole where every row of it is seen; otherwise the first part that is.
        """
        return next(iter(self._index.find(self.audience, entry_id)), None)

    def parts(self, entry_id: str) -> list[Entry]:
        """One entry by its id as it is read: itself, or its parts; nothing if it is not there."""
        found = self._index.find(self.audience, entry_id)
        return [part for entry in found for part in entry.seen_in_parts(self.audience.sees)]

    def id_of(self, number: int) -> str | None:
        """The id of the entry of a number, for the node's own machines."""
        found = self.read(number - 1, 1, up_to=number, with_gone=True, whole=True)
        return found[0].entry_id if found else None

    def density(self, axis: Axis) -> Density:
        """How many rows there are of each time."""
        return measures.density(self._index.engine, self.audience, axis)

    def extent_us(self) -> tuple[int, int] | None:
        """From when to when observations are about; None where there are none."""
        return measures.extent_us(self._index.engine, self.audience)

    def not_kept(self) -> dict[str, int]:
        """By stream, the valid time before which what it reported is not kept, in microseconds."""
        return self._drops.not_kept(self.audience)

    def dropped_since(self) -> dict[str, int]:
        """By stream that is not kept, the first valid time of that, where headers tell it."""
        return self._drops.dropped_since(self.audience)

    def redacted(self) -> list[Redacted]:
        """What was destroyed of the reports that this audience could see."""
        return self._drops.redacted(self.audience)

    def number_of(self, cursor: str | None) -> int:
        """Number of the entry that a cursor names; 0 for None.

        Raises:
            CursorError: this audience was never given such a cursor.
        """
        if cursor is None:
            return 0
        entry = self.entry(cursor)
        if entry is None:
            raise CursorError(f"{cursor!r} is no cursor of this list: start without one")
        return entry.number

    def subscribe(
        self,
        after: int = 0,
        kinds: Sequence[str] | None = None,
        streams: Sequence[str] | None = None,
    ) -> Subscription:
        """Every entry after ``after``, and then each new one as it is written."""
        return Subscription(
            self._tip, self._index, self.audience, Selection(after, None, kinds, streams)
        )

    def on_append(self, callback: Callable[[list[Entry]], None]) -> Callable[[], None]:
        """Call back with each commit's visible entries, in the writer's thread: be quick.

        The entries carry the content that was written, so nothing is decoded again.

        Returns:
            What ends it.
        """

        def visible_only(entries: list[Entry]) -> None:
            visible = [entry for entry in entries if self.audience.sees(entry.label_set)]
            if visible:
                callback(visible)

        return self._tip.listen(visible_only)


class Subscription:
    """Entries in order from a cursor on, without end until it is closed.

    ``cursor`` is the number up to which everything visible was handed out: keep it, and a new
    subscription resumes there. It is private to the node, like every number.
    """

    def __init__(self, tip: Tip, index: Index, audience: Audience, wanted: Selection) -> None:
        self._tip = tip
        self._index = index
        self._audience = audience
        self._wanted = wanted
        self._closed = False
        self.cursor = wanted.after

    def next(self, timeout_s: float | None = None, limit: int = DEFAULT_LIMIT) -> list[Entry]:
        """The next entries, waiting for some; empty when time is up or it was closed."""
        limit = _bounded(limit)
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while not self._ended():
            newest = self._tip.number
            wanted = replace(self._wanted, after=self.cursor, up_to=newest)
            entries = self._index.select(self._audience, wanted, limit)
            self.cursor = entries[-1].number if len(entries) >= limit else max(newest, self.cursor)
            if entries:
                return entries
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not self._tip.wait_beyond(self.cursor, left, self._ended):
                return []
        return []

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it: it was closed, or the log was."""
        return self._ended()

    def __iter__(self) -> Iterator[Entry]:
        while not self._ended():
            yield from self.next()

    def _ended(self) -> bool:
        return self._closed or self._tip.closed

    def close(self) -> None:
        """End the iteration, also of a thread that waits in it."""
        self._closed = True
        self._tip.wake()


def _bounded(limit: int) -> int:
    if limit < 1:
        raise ValueError(f"limit {limit}: at least 1")
    return min(limit, MAX_LIMIT)
