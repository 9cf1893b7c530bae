"""What follows from a revision of the log: claims and picture forget what is no longer to be seen.

Truth is the log, whose readers follow by themselves. Whatever else keeps what it has read takes
part by :meth:`Revised.listen`: it is given the entries with their new labels, or without bodies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from alliage.history.claims import ClaimStore
from alliage.history.positions import POSITIONS
from alliage.log.bodies import OBSERVATION_KINDS
from alliage.log.decided import revisions_of
from alliage.log.entry import Entry
from alliage.log.reader import LogReader
from alliage.log.revisions import REVISION, Drop, Raise, Supersede
from alliage.ontology.audience import Audience
from alliage.ontology.claim import REPORT
from alliage.picture.entry import PictureEntry
from alliage.picture.past import claim_parts, part_about
from alliage.picture.pasts import Pasts
from alliage.picture.picture import Picture

Listener = Callable[[Sequence[Entry]], None]
PLACED_AGAIN_AT_MOST: Final = 1_000
PAGES_BACK_AT_MOST: Final = 20


class Revised:
    """Comes last of the log's consumers: called in the writer's thread, after each commit."""

    def __init__(
        self,
        log: LogReader,
        claims: ClaimStore,
        picture: Picture,
        pasts: Pasts | None = None,
    ) -> None:
        """``log`` is read as the node's machines do."""
        self._log = log
        self._audience: Audience = log.audience
        self._claims = claims
        self._picture = picture
        self._pasts = pasts
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Have a projection called with the entries that a revision was about, after each."""
        self._listeners.append(listener)

    def catch_up(self) -> None:
        """Bring the claims up to what was revised while they could not follow."""
        for entry in revisions_of(self._log):
            self._claims.revise(self._targets(entry))

    def apply(self, entries: Sequence[Entry]) -> None:
        """Follow the revisions among these entries."""
        for entry in entries:
            if entry.kind == REVISION:
                said = entry.revision()
                if isinstance(said, Drop):
                    self._picture.drop_reports(said)
                    self._tell_outdated()
                rows = said.rows if isinstance(said, Raise) else ()
                self._follow(self._targets(entry), rows)
        if entries and self._pasts is not None:
            self._pasts.tell_committed(entries[-1].number)

    def _follow(self, targets: list[Entry], rows: tuple[int, ...] = ()) -> None:
        """Forget what these entries said, and say again what still holds of the same things.

        Args:
            targets: entries or their parts, as they are now.
            rows: the ones of them that were raised; none for all.
        """
        raised = [entry for entry in targets if not rows or _holds_some(entry, rows)]
        placed = [entry for entry in raised if entry.kind in OBSERVATION_KINDS]
        there = [entry for entry in placed if entry.gone is None]
        in_part = {entry.stream: _names(there, rows) for entry in there if rows}
        named = [name for names in in_part.values() for name in sorted(names)]
        identifiers = [*self._claims.revise(raised), *named]
        claims = self._claims.reader(self._audience)
        said = [item for name in identifiers for item in claims.of_identifier(name)]
        by_hand = {item.stream for item in said if item.claim.property == REPORT}
        by_hand |= {entry.stream for entry in placed if not rows}
        parts: list[PictureEntry] = [*claim_parts(sorted(said, key=lambda item: item.number))]
        if identifiers or placed:
            parts += self._positions(by_hand)
            for stream, names in in_part.items():
                parts += self._positions_of(stream, names, targets)
            parts = sorted(parts, key=lambda part: part.number)
            self._picture.say_again(identifiers, [] if rows else placed, parts, in_part)
        self._tell_outdated()
        for listener in self._listeners:
            listener(targets)

    def _tell_outdated(self) -> None:
        if self._pasts is not None:
            self._pasts.tell_outdated()

    def _targets(self, entry: Entry) -> list[Entry]:
        said = entry.revision()
        if isinstance(said, Drop | Supersede):
            return []  # old positions: what is kept of them elsewhere has a life of its own
        return [part for name in said.entries for part in self._log.parts(name)]

    def _positions(self, streams: set[str]) -> list[Entry]:
        """The latest positions of these streams, to be applied again."""
        if not streams:
            return []
        return self._log.latest(OBSERVATION_KINDS, sorted(streams), PLACED_AGAIN_AT_MOST)

    def _positions_of(
        self, stream: str, names: frozenset[str], targets: Sequence[Entry]
    ) -> list[PictureEntry]:
        """What a stream reported of some things lately, as far back as it takes to find them all.

        What is in ``targets`` as well: of the same thing more than one row may be there.
        """
        found = {
            (one.number, one.label_set): part_about(one, names)
            for one in targets
            if one.gone is None
        }
        lacking, before = set(names), None
        for _ in range(PAGES_BACK_AT_MOST):
            page = self._log.latest(OBSERVATION_KINDS, [stream], PLACED_AGAIN_AT_MOST, before)
            for entry in page:
                part = part_about(entry, names)
                found[entry.number, entry.label_set] = part
                if part is not None and entry.kind == POSITIONS:
                    told = part.observations().rows.column("identifier")
                    lacking -= set(told.cast(pa.utf8()).to_pylist())
            if not page or not lacking:
                break
            before = page[0].number - 1
        return [part for part in found.values() if part is not None]


def _holds_some(entry: Entry, rows: tuple[int, ...]) -> bool:
    return entry.part is None or bool(np.isin(entry.part.rows, rows).any())


def _names(placed: Sequence[Entry], rows: tuple[int, ...]) -> frozenset[str]:
    """The things that these rows of an entry are about."""
    found: set[str] = set()
    for entry in placed:
        names = entry.observations().rows.column("identifier").cast(pa.utf8())
        if entry.part is not None:
            names = names.filter(pa.array(np.isin(entry.part.rows, rows)))
        found |= set(names.to_pylist())
    return frozenset(found)
