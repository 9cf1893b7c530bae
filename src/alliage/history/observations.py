"""Observation rows as plain data, page by page, for export and for whoever asks from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from alliage.log.bodies import OBSERVATION_KINDS, OBSERVATIONS
from alliage.log.entry import Entry
from alliage.log.reader import CursorError, LogReader
from alliage.log.selection import Selection
from alliage.ontology.marking import join_marking
from alliage.ontology.observation import Kind
from alliage.ontology.times import to_text, to_us

MAX_ROWS: Final = 10_000
ENTRIES_A_PAGE: Final = 200
"""How many entries one page opens at most; a page may be short, or empty, and still lead on."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows; None means any. Times bound ``valid``, the end excluded."""

    identifier: str | None = None
    stream: str | None = None
    kind: Kind | None = None
    valid_from_us: int | None = None
    valid_to_us: int | None = None

    def entries(self) -> Selection:
        """Which entries may hold such rows."""
        return Selection(
            kinds=[f"{OBSERVATIONS}{self.kind}"] if self.kind else OBSERVATION_KINDS,
            streams=[self.stream] if self.stream else None,
            valid_from_us=self.valid_from_us,
            valid_to_us=self.valid_to_us,
        )


@dataclass(frozen=True, slots=True)
class ObservationPage:
    """Some rows, and the cursor that leads on; None at the end of the log."""

    items: list[dict[str, Any]]
    next: str | None


class ObservationReader:
    """Observations as the audience of a log reader sees them, in the order they became known."""

    def __init__(self, log: LogReader) -> None:
        self._log = log

    def page(
        self, wanted: Wanted, cursor: str | None = None, limit: int = 1_000
    ) -> ObservationPage:
        """Rows as plain data: what was reported, and ``stream``, ``kind``, ``known``, ``marking``.

        Times are RFC 3339 text. A cursor is the id of the entry that was done last, a colon, and
        how many rows were taken of the next.

        Raises:
            CursorError: this audience was never given such a cursor.
        """
        limit = max(1, min(limit, MAX_ROWS))
        after, passed = _parsed(cursor)
        page = self._log.page(after, ENTRIES_A_PAGE, wanted.entries())
        items: list[dict[str, Any]] = []
        for entry_id, parts in groupby(page.entries, key=lambda entry: entry.entry_id):
            taken = passed
            for entry in parts:
                rows = _matching(entry.observations().rows, wanted)
                skipped = min(passed, rows.num_rows)
                passed, rows = passed - skipped, rows.slice(skipped)
                room = limit - len(items)
                items += _items(entry, rows.slice(0, room))
                taken += min(rows.num_rows, room)
                if rows.num_rows > room:
                    return ObservationPage(items, f"{after or ''}:{taken}")
            after, passed = entry_id, 0
        return ObservationPage(items, f"{after}:0" if page.next else None)


def _parsed(cursor: str | None) -> tuple[str | None, int]:
    if cursor is None:
        return None, 0
    entry_id, colon, rows = cursor.partition(":")
    if not colon or not rows.isdecimal() or len(rows) > 9:
        raise CursorError(f"{cursor!r} is no cursor of this list: start without one")
    return entry_id or None, int(rows)


def _matching(rows: pa.RecordBatch, wanted: Wanted) -> pa.RecordBatch:
    keep = np.ones(rows.num_rows, dtype=np.bool_)
    valid = rows.column("valid").cast(pa.int64()).to_numpy(zero_copy_only=False)
    if wanted.valid_from_us is not None:
        keep &= valid >= wanted.valid_from_us
    if wanted.valid_to_us is not None:
        keep &= valid < wanted.valid_to_us
    if wanted.identifier is not None:
        same = pc.equal(rows.column("identifier").cast(pa.utf8()), wanted.identifier)
        keep &= same.to_numpy(zero_copy_only=False)
    return rows if keep.all() else rows.filter(pa.array(keep))


def _items(entry: Entry, rows: pa.RecordBatch) -> list[dict[str, Any]]:
    marking = join_marking(entry.labels)
    common = {
        "stream": entry.stream,
        "kind": entry.kind.removeprefix(OBSERVATIONS),
        "known": to_text(entry.known_us),
        "marking": marking.marking if marking else "",
    }
    return [
        {**{name: _plain(value) for name, value in row.items() if value is not None}, **common}
        for row in rows.to_pylist()
    ]


def _plain(value: Any) -> Any:
    return to_text(to_us(value)) if isinstance(value, datetime) else value
