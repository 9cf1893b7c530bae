"""Tracks that add no thing of their own: one of the things that somebody else follows already.

A machine says so of the tracks of a tracker, which knows no names, as long as it is not decided
which of those things a track is. Whoever sees what the machine said is not shown it twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from alliage.ontology.audience import Audience
from alliage.ontology.claim import ONE_OF, SAME_AS, Claim, judged_streams
from alliage.picture.said import Retractions


class Double(NamedTuple):
    """A track that is one of the other stream's things, and the likeliest of these."""

    identifier: str
    other: str
    streams: tuple[str, str]
    claim_id: str
    label_set: int


class Doubles:
    """What machines said last. Used under the picture's lock."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, int, str], Double] = {}
        self.version = 0

    def add(self, claim: Claim, stream: str, label_set: int) -> None:
        """Note what a machine said of a track; that it is one thing with another says it, too."""
        key = stream, label_set, claim.identifier
        if claim.property == SAME_AS:
            found = [self._of.pop((*key[:2], name), None) for name in (key[2], str(claim.value))]
            self.version += found != [None, None]
        elif claim.property == ONE_OF:
            self._of.pop(key, None)
            if claim.value is not None:
                names = claim.identifier, str(claim.value)
                streams = judged_streams(stream)
                self._of[key] = Double(*names, streams, claim.claim_id, label_set)
            self.version += 1

    def forget(self, identifier: str) -> None:
        """Forget what was said of a track, to be said again."""
        for key in [key for key in self._of if key[2] == identifier]:
            del self._of[key]
            self.version += 1

    def of(self, audience: Audience, retractions: Retractions) -> Iterator[Double]:
        """What stands for these readers."""
        for one in self._of.values():
            if audience.sees(one.label_set) and not retractions.take_back(one.claim_id, audience):
                yield one
