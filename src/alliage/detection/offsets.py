"""What correlators say of how far streams lie apart, as a detection context may know it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from alliage.ontology.cited import Cited
from alliage.ontology.claim import OFFSET, Claim
from alliage.ontology.offset import Offset


class Said(NamedTuple):
    """What was said last of two streams, and the claim that says it."""

    offset: Offset
    claim: Cited


class Offsets:
    """The latest word on each two streams."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], Said] = {}

    def __iter__(self) -> Iterator[Said]:
        return (said for _, said in sorted(self._said.items()))

    def say(self, stream: str, claim: Claim) -> None:
        """Take a claim in; any other, and one that cannot be read, leaves no trace."""
        if claim.property != OFFSET:
            return
        try:
            offset = Offset.of_text(str(claim.value))
        except ValueError:  # of another version
            return
        cited = Cited(stream, claim.identifier, claim.valid_from_us, claim.property)
        self._said[stream, claim.identifier] = Said(offset, cited)

    def forget(self) -> None:
        """A recording begins again, and nothing is known yet."""
        self._said.clear()
