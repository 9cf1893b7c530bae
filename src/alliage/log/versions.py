"""Older versions of the same reports: what is decided about a report is decided about these, too.

Kept bytes that are read again give rise to new rows; the old ones stay in the log and count for
what was known before (docs/decisions/0164). Whoever raises or destroys a report means the report,
in whichever version it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import pyarrow as pa

from alliage.log.bodies import OBSERVATION_KINDS
from alliage.log.entry import Entry
from alliage.log.reader import LogReader, pages
from alliage.log.selection import BY_ANY

Places = Sequence[int]


@dataclass(frozen=True, slots=True)
class _Rows:
    """What tells reports apart, by row."""

    identifiers: list[str]
    valid_us: list[int]
    received_us: list[int]

    @classmethod
    def of(cls, entry: Entry) -> _Rows:
        rows = entry.observations().rows
        valid, received = (
            rows.column(name).cast(pa.int64()).to_numpy() for name in ("valid", "received")
        )
        names = rows.column("identifier").cast(pa.utf8()).to_pylist()
        return cls(names, valid.tolist(), received.tolist())

    def of_thing(self, at: int) -> tuple[tuple[str, str, int], ...]:
        """A row by its thing, with either time."""
        name = self.identifiers[at]
        return ("valid", name, self.valid_us[at]), ("received", name, self.received_us[at])

    def at_time(self, at: int) -> tuple[int, int]:
        """A row by its times alone."""
        return self.valid_us[at], self.received_us[at]


def older_versions(
    reader: LogReader, told: Iterable[tuple[Entry, Places]], *, whole: bool = False
) -> list[tuple[Entry, list[int]]]:
    """Superseded entries with other versions of reports, and which of their rows those are.

    A mended decoder may have changed of whom a report is or for when: a row is an older version
    where two of these agree: the thing, the valid time, the time at which the bytes came.

    Args:
        reader: of who decides.
        told: entries of observations, each with places of rows in what was read of it.
        whole: entries as they were signed, and only those that are seen wholly.
    """
    found: list[tuple[Entry, list[int]]] = []
    wanted: dict[str, list[tuple[Entry, Places]]] = {}
    for entry, places in told:
        if entry.kind in OBSERVATION_KINDS and entry.gone is None:
            wanted.setdefault(entry.stream, []).append((entry, places))
    for stream, some in wanted.items():
        read = partial(
            reader.read,
            kinds=OBSERVATION_KINDS,
            streams=[stream],
            superseded_by=BY_ANY,
            whole=whole,
        )
        old = [entry for page in pages(read) for entry in page]
        meant = _Meant(some) if old else None
        some_old = ((entry, meant.places_in(_Rows.of(entry))) for entry in old if meant)
        found += [(entry, places) for entry, places in some_old if places]
    return found


class _Meant:
    """The reports whose older versions are looked for, and what stands beside them."""

    def __init__(self, told: Sequence[tuple[Entry, Places]]) -> None:
        self._of_thing: set[tuple[str, str, int]] = set()
        self._at_time: set[tuple[int, int]] = set()
        self._standing: set[tuple[str, str, int]] = set()
        for entry, places in told:
            rows = _Rows.of(entry)
            for at in range(len(rows.valid_us)):
                self._standing.update(rows.of_thing(at))
            for at in places:
                self._of_thing.update(rows.of_thing(at))
                self._at_time.add(rows.at_time(at))

    def places_in(self, rows: _Rows) -> list[int]:
        """Which of these rows are older versions."""
        return [at for at in range(len(rows.valid_us)) if self._is_one(rows, at)]

    def _is_one(self, rows: _Rows, at: int) -> bool:
        names = rows.of_thing(at)
        if any(name in self._of_thing for name in names):
            return True
        # Many report at one time: those that have a newer version of their own are not meant.
        has_its_own = any(name in self._standing for name in names)
        return rows.at_time(at) in self._at_time and not has_its_own
