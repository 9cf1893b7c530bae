"""Which identifiers are one thing, as somebody said: same-as claims, joined per audience.

An object is a connected component of the same-as claims that its reader may see. Who sees none of
them sees the things apart. Of two people who disagree about one pair the later stands; what people
say stands over every machine. Of machines each one's newest word counts, and of these the surest.

What bears one identifier is one thing, unless a conflict that the reader may see stands: then the
streams that it parts tell of two things (docs/decisions/0238).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from alliage.ontology.audience import Audience
from alliage.ontology.claim import (
    CONFLICT,
    DIFFERENT,
    ONE_OF,
    RETRACTION,
    SAME_AS,
    Claim,
    judged_streams,
)
from alliage.picture.doubles import Double, Doubles
from alliage.picture.said import Retractions

PEOPLE = ("person:", "api:")
"""How the streams of people, and of their programs, begin."""


Sides = dict[str, dict[str, int]]
"""By identifier that several things bear, and by stream, of which of them it tells."""


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
    contradicts: bool
    """Whether it says that identifiers contradict what is seen: nothing else joins the two."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What one audience joins: by bearer, and by the bearer that stands for all of them.

    A bearer is an identifier; of one that several things bear each but the first is another bearer.
    """

    root: dict[str, str] = field(default_factory=dict)
    label_sets: dict[str, frozenset[int]] = field(default_factory=dict)
    sides: Sides = field(default_factory=dict)
    apart: frozenset[tuple[str, str]] = frozenset()
    """Pairs of identifiers of which people said that they are two, or whose conflict is told."""

    def bearer(self, identifier: str, stream: str) -> str:
        """What a stream's thing of this identifier is."""
        side = self.sides.get(identifier, {}).get(stream, 0)
        return beside(identifier, side) if side else identifier

    def root_of(self, bearer: str) -> str:
        """The bearer that stands for it."""
        return self.root.get(bearer, bearer)


def beside(identifier: str, side: int) -> str:
    """The bearer that is another thing than the first with this identifier."""
    return f"{identifier}\n{side}"


class Joins:
    """Everything that was said about pairs. Used under the picture's lock."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, str], list[Said]] = {}
        self._concerned: set[str] = set()
        self._doubles = Doubles()

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
        self._doubles.add(claim, stream, label_set)
        if claim.property == ONE_OF:
            self._concerned.add(claim.claim_id)
        if claim.property not in (SAME_AS, DIFFERENT, CONFLICT):
            return False
        one, two = sorted((claim.identifier, str(claim.value)))
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
            claim.property == CONFLICT,
        )
        known = self._of.setdefault((one, two), [])
        known.append(said)
        self._concerned.add(claim.claim_id)
        # As long as nobody says otherwise, two identifiers are two things and one is one.
        return said.by_people or any(
            other.same != (one == two) or other.contradicts for other in known
        )

    def forget(self, identifier: str) -> None:
        """Forget what was said of an identifier, to be said again."""
        for pair in [pair for pair in self._of if identifier in pair]:
            self._of[pair] = [one for one in self._of[pair] if one.identifier != identifier]
        self._doubles.forget(identifier)

    @property
    def doubles_version(self) -> int:
        """Another number: something else is said of tracks that are no things of their own."""
        return self._doubles.version

    def doubles(self, audience: Audience, retractions: Retractions) -> list[Double]:
        """Tracks that for these readers add no thing of their own, unless people say otherwise."""
        found = []
        for one in self._doubles.of(audience, retractions):
            pair = sorted((one.identifier, one.other))
            said = self._of.get((pair[0], pair[1]), ())
            stands = _standing(_seen(said, audience, retractions))
            if stands is None or stands.same or not stands.by_people:
                found.append(one)
        return found

    def of(self, audience: Audience, retractions: Retractions) -> Joined:
        """What these readers join. The order in which it was said does not matter."""
        edges, sides, torn, apart = {}, {}, [], set()
        for pair, said in self._of.items():
            seen = _seen(said, audience, retractions)
            stands = _standing(seen)
            if pair[0] == pair[1]:
                streams = _streams_apart(seen, stands)
                if streams:
                    sides[pair[0]] = _sides(streams)
            elif stands is not None and stands.same:
                edges[pair] = stands
            elif stands is not None:
                if any(one.contradicts for one in (seen if stands.by_people else [stands])):
                    torn.append(pair)
                if stands.by_people or stands.contradicts:
                    apart.add(pair)
        return replace(_components(edges, sides, torn), apart=frozenset(apart))


def _seen(said: Iterable[Said], audience: Audience, retractions: Retractions) -> list[Said]:
    """What stands of it for these readers."""
    return [
        one
        for one in said
        if audience.sees(one.label_set) and not retractions.take_back(one.claim_id, audience)
    ]


def _standing(seen: list[Said]) -> Said | None:
    """The judgement that stands: people's newest, or the surest of each machine's newest."""
    newest = max(seen, default=None)
    if newest is None or newest.by_people:
        return newest
    of_machine: dict[tuple[str, int], Said] = {}
    for said in sorted(seen):
        of_machine[said.stream, said.label_set] = said
    return max(of_machine.values(), key=lambda said: (said.confidence, said))


def _streams_apart(seen: list[Said], stands: Said | None) -> set[tuple[str, str]]:
    """Between which streams one identifier is borne by two things.

    Each machine speaks of its own two streams, so that none of them outweighs another. Where a
    person confirms it, it stays so although machines may have seen them together since.
    """
    if stands is None or (stands.by_people and stands.same):
        return set()
    machines = [said for said in sorted(seen) if not said.by_people]
    if not stands.by_people:
        machines = list({(said.stream, said.label_set): said for said in machines}.values())
    return {judged_streams(said.stream) for said in machines if not said.same}


def _sides(apart: set[tuple[str, str]]) -> dict[str, int]:
    """By stream of which thing it tells: of the first that no stream tells of which it denies."""
    groups: list[set[str]] = []
    for stream in sorted({stream for pair in apart for stream in pair}):
        denied = {other for pair in apart if stream in pair for other in pair}
        fits = next((group for group in groups if not group & denied), None)
        if fits is None:
            groups.append(fits := set())
        fits.add(stream)
    return {stream: side for side, group in enumerate(groups) for stream in group}


def _bearers(sides: Sides, pair: tuple[str, str], said: Said) -> tuple[str, str]:
    """What a judgement joins: a machine speaks of the things of its two streams."""
    streams = judged_streams(said.stream)
    if said.identifier != pair[0]:
        streams = streams[::-1]
    one, two = map(Joined(sides=sides).bearer, pair, streams)
    return one, two


def _components(
    edges: dict[tuple[str, str], Said], sides: Sides, torn: list[tuple[str, str]]
) -> Joined:
    """Connected components; the least bearer of each stands for it.

    What machines join, the surest first, brings nothing together that is ``torn`` in two.
    """
    root: dict[str, str] = {}
    barred: defaultdict[str, set[str]] = defaultdict(set)
    for one, two in torn:
        barred[one].add(two)
        barred[two].add(one)

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            root[name] = name = root[root[name]]
        return name

    kept = []
    for pair, said in sorted(edges.items(), key=_surest_first):
        bearers = _bearers(sides, pair, said)
        first, second = sorted(map(find, bearers))
        if second in barred[first] and not said.by_people:
            continue
        kept.append((bearers[0], said.label_set))
        root[second] = first
        if first != second:
            barred[first] = (barred[first] | barred.pop(second, set())) - {first, second}
            for name in barred[first]:
                barred[name] = {first if one == second else one for one in barred[name]}
    closed = {name: find(name) for name in root}
    sets: dict[str, set[int]] = {}
    for name, label_set in kept:
        sets.setdefault(closed[name], set()).add(label_set)
    return Joined(closed, {name: frozenset(found) for name, found in sets.items()}, sides)


def _surest_first(edge: tuple[tuple[str, str], Said]) -> tuple[bool, float, tuple[str, str]]:
    pair, said = edge
    return not said.by_people, -said.confidence, pair
