"""Whether the log itself holds the decision by which a body is gone, or a label was raised."""

from __future__ import annotations

from alliage.log.bodies import REPORTED_KINDS
from alliage.log.entry import Entry
from alliage.log.parts import all_rows, are_same, regrouped
from alliage.log.reader import LogReader
from alliage.log.revisions import (
    REVISION,
    REVISIONS_STREAM,
    Destroy,
    Drop,
    Raise,
    Revision,
    Supersede,
)


class Decided:
    """Holds what is gone or raised against the revisions, which are verified like every entry."""

    def __init__(self, reader: LogReader) -> None:
        """Read by the node's machines."""
        self.gone = 0
        self._reader = reader
        self._known: dict[str, Entry | None] = {}
        self._raised: dict[str, list[Raise]] | None = None
        self._superseded: dict[str, int] | None = None

    def fault_of(self, entry: Entry) -> str | None:
        """What is wrong with how an entry was revised; None where nothing is."""
        if entry.gone is not None:
            if not self._is_decided(entry, entry.gone):
                return f"entry {entry.entry_id}: its body is gone, and no entry decided that"
            self.gone += 1
        if entry.raised is not None and not entry.raised >= entry.header.labels:
            return f"entry {entry.entry_id}: its label was lowered without a release"
        if not self._is_labelled_as_decided(entry):
            return f"entry {entry.entry_id}: its label is not what the revisions say"
        if entry.superseded != self._superseded_by_decision(entry):
            return f"entry {entry.entry_id}: it is superseded otherwise than the revisions say"
        return None

    def _is_decided(self, entry: Entry, decision: str) -> bool:
        if decision not in self._known:
            self._known[decision] = self._reader.entry(decision)
        by = self._known[decision]
        if by is None or by.kind != REVISION or by.gone is not None or by.number <= entry.number:
            return False
        said = by.revision()
        if isinstance(said, Destroy):
            return entry.entry_id in said.entries
        return isinstance(said, Drop) and is_dropped(entry, said)

    def _is_labelled_as_decided(self, entry: Entry) -> bool:
        if self._raised is None:
            self._raised = {}
            for revision in self._revisions():
                if isinstance(revision, Raise):
                    for name in revision.entries:
                        self._raised.setdefault(name, []).append(revision)
        wanted = {entry.header.labels: all_rows(entry.rows)}
        for said in self._raised.get(entry.entry_id, ()):
            wanted = regrouped(wanted, said)
        together = frozenset().union(*wanted)
        return entry.labels == together and are_same(entry.groups(), wanted)

    def _superseded_by_decision(self, entry: Entry) -> int | None:
        if self._superseded is None:
            self._superseded = {}
            for one in revisions_of(self._reader):
                said = one.revision()
                if isinstance(said, Supersede):
                    self._superseded |= dict.fromkeys(said.entries, one.number)
        return self._superseded.get(entry.entry_id)

    def _revisions(self) -> list[Revision]:
        return [entry.revision() for entry in revisions_of(self._reader)]


def revisions_of(reader: LogReader, after: int = 0) -> list[Entry]:
    """Every revision that a log holds, the oldest first."""
    found: list[Entry] = []
    while page := reader.read(after=after, kinds=[REVISION], streams=[REVISIONS_STREAM]):
        found += page
        after = page[-1].number
    return found


def is_dropped(entry: Entry, said: Drop) -> bool:
    """Whether this decision not to keep bodies is about an entry."""
    ended_us = entry.valid_max_us
    return (
        entry.stream == said.stream
        and entry.kind in REPORTED_KINDS
        and entry.number <= said.up_to
        and ended_us is not None
        and ended_us < said.before_us
    )
