"""What follows from a revision of the log: claims and picture forget what is no longer to be seen.

Truth is the log, whose readers follow by themselves. Whatever else keeps what it has read takes
part by :meth:`Revised.listen`: it is given the entries with their new labels, or without bodies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from alliage.history.claims import ClaimStore
from alliage.log.bodies import OBSERVATION_KINDS
from alliage.log.decided import revisions_of
from alliage.log.entry import Entry
from alliage.log.reader import LogReader
from alliage.log.revisions import REVISION, Drop, Supersede
from alliage.ontology.audience import Audience
from alliage.ontology.claim import REPORT
from alliage.picture.entry import PictureEntry
from alliage.picture.past import claim_parts
from alliage.picture.pasts import Pasts
from alliage.picture.picture import Picture

Listener = Callable[[Sequence[Entry]], None]
PLACED_AGAIN_AT_MOST: Final = 1_000


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
                self._follow(self._targets(entry))

    def _follow(self, targets: list[Entry]) -> None:
        identifiers = self._claims.revise(targets)
        placed = [entry for entry in targets if entry.kind in OBSERVATION_KINDS]
        claims = self._claims.reader(self._audience)
        said = [item for name in identifiers for item in claims.of_identifier(name)]
        by_hand = {item.stream for item in said if item.claim.property == REPORT}
        by_hand |= {entry.stream for entry in placed}
        parts: list[PictureEntry] = [*claim_parts(sorted(said, key=lambda item: item.number))]
        if identifiers or placed:
            parts = sorted([*parts, *self._positions(by_hand)], key=lambda part: part.number)
            self._picture.say_again(identifiers, placed, parts)
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
        found = [self._log.entry(name) for name in said.entries]
        return [one for one in found if one is not None]

    def _positions(self, streams: set[str]) -> list[Entry]:
        """The latest positions of these streams, to be applied again."""
        if not streams:
            return []
        return self._log.latest(OBSERVATION_KINDS, sorted(streams), PLACED_AGAIN_AT_MOST)
