"""Which identifiers are one thing, as somebody said: same-as claims, joined per audience.

An object is a connected component of the same-as claims that its reader may see. Who sees none of
them sees the things apart. Of two people who disagree about one pair the later stands; what people
say stands over every machine. Of machines each one's newest word counts, and of these the surest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from alliage.ontology.audience import Audience
from alliage.ontology.claim import DIFFERENT, RETRACTION, SAME_AS, Claim
from alliage.picture.said import Retractions

PEOPLE = ("person:", "api:")
"""How the streams of people, and of their programs, begin."""


class Said(NamedTuple):
    """One judgement of a pair of identifiers; of two by one machine, or by people, the greater."""

    by_people: bool
    valid_from_us: int
    claim_id: str
    same: bool
    label_set: int
    identifier: str
    """Whose claim it is; the other of the pair is its value."""
    stream: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Joined:
    """What one audience joins: by identifier, and by the identifier that stands for all of them."""

    root: dict[str, str] = field(default_factory=dict)
    label_sets: dict[str, frozenset[int]] = field(default_factory=dict)


class Joins:
    """Everything that was said about pairs. Used under the picture's lock."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, str], list[Said]] = {}
        self._concerned: set[str] = set()

    def add(self, claim: Claim, stream: str, label_set: int) -> bool:
        """Note a judgement, or the retraction of one.

        Returns:
            Whether that may change what is joined.
        """
        if claim.property == RETRACTION:
            is_about_pair = str(claim.value) in self._concerned
            if is_about_pair:
                self._concerned.add(claim.claim_id)
            return is_about_pair
        if claim.property not in (SAME_AS, DIFFERENT):
            return False
        one, two = sorted((claim.identifier, str(claim.value)))
        if one == two:
            return False  # that an identifier is borne by one thing, or again by one
        same = claim.property == SAME_AS
        said = Said(
            stream.startswith(PEOPLE),
            claim.valid_from_us,
            claim.claim_id,
            same,
            label_set,
            claim.identifier,
            stream,
            claim.confidence,
        )
        known = self._of.setdefault((one, two), [])
        known.append(said)
        self._concerned.add(claim.claim_id)
        return any(other.same for other in known)

    def forget(self, identifier: str) -> None:
        """Forget what was said of an identifier, to be said again."""
        for pair in [pair for pair in self._of if identifier in pair]:
            self._of[pair] = [one for one in self._of[pair] if one.identifier != identifier]

    def of(self, audience: Audience, retractions: Retractions) -> Joined:
        """What these readers join. The order in which it was said does not matter."""
        edges = {}
        for pair, said in self._of.items():
            seen = [
                one
                for one in said
                if audience.sees(one.label_set)
                and not retractions.take_back(one.claim_id, audience)
            ]
            stands = _standing(seen)
            if stands is not None and stands.same:
                edges[pair] = stands.label_set
        return _components(edges)


def _standing(seen: list[Said]) -> Said | None:
    """The judgement that stands: people's newest, or the surest of each machine's newest."""
    newest = max(seen, default=None)
    if newest is None or newest.by_people:
        return newest
    of_machine: dict[tuple[str, int], Said] = {}
    for said in sorted(seen):
        of_machine[said.stream, said.label_set] = said
    return max(of_machine.values(), key=lambda said: (said.confidence, said))


def _components(edges: dict[tuple[str, str], int]) -> Joined:
    """Connected components; the least identifier of each stands for it."""
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            root[name] = name = root[root[name]]
        return name

    for one, two in edges:
        first, second = sorted((find(one), find(two)))
        root[second] = first
    closed = {name: find(name) for name in root}
    sets: dict[str, set[int]] = {}
    for (one, _), label_set in edges.items():
        sets.setdefault(closed[one], set()).add(label_set)
    return Joined(closed, {name: frozenset(found) for name, found in sets.items()})
