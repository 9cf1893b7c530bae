"""A detection context: one engine, and what the labels that it bears let it see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import orjson

from alliage.detection import Detector, Engine
from alliage.detection.learned import Learned
from alliage.history.claims import ClaimReader
from alliage.log.bodies import Body
from alliage.log.entry import Entry
from alliage.ontology.audience import Audience
from alliage.ontology.claim import DIFFERENT, RETRACTION, RULE, SAME_AS, Claim
from alliage.ontology.label import LabelSet
from alliage.ontology.observation import ObservationBatch
from alliage.ontology.schema import Ontology
from alliage.picture.joins import Joins
from alliage.picture.said import Retractions

LIVE: Final = ""
"""The timeline of everything that is not a replay; a replay's is its stream's name."""

ENTRIES: Final = "entries"
"""Among what fails: taking in what a context is given, and no detector's own look."""


class TooLateError(Exception):
    """Of a stream's reports some are of a time that is over, and were not looked at."""


class ContextKey(NamedTuple):
    """A detection context: whose time it follows, and the number of its label set.

    ``rules_only``: no detector looks there, only the rules whose labels no other context has.
    """

    timeline: str
    label_set: int
    rules_only: bool = False

    @property
    def learns(self) -> bool:
        """Whether what is learned there is worth keeping; a replay begins again anyhow."""
        return self.timeline == LIVE and not self.rules_only


class Context:
    """One engine, what its labels let it see, and which identifiers it takes for one thing."""

    def __init__(
        self, ontology: Ontology, make: Callable[[], Sequence[Detector]], key: ContextKey,
        audience: Audience, labels: LabelSet,
    ) -> None:  # fmt: skip
        name = "|".join(sorted(label.marking for label in labels))
        name = f"rules:{name}" if key.rules_only else name
        self.engine = Engine(ontology, make, f"{key.timeline}/{name}")
        self.audience = audience
        self.labels = labels
        self._is_live = key.timeline == LIVE
        self.learned_name = _learned_name(key.timeline, labels)
        self._known = 0
        self._joins = Joins()
        self._retractions = Retractions()

    def load(self, learned: Learned) -> None:
        """Begin with what was learned; what was known by then is not learned again."""
        self.engine.load(learned.look, learned.tables)
        self._known = learned.known

    def take(self, entry: Entry, content: Body) -> None:
        """Take in an entry that its labels let it see."""
        if entry.number > self._known:
            self.engine.learn_from_now_on()
        if isinstance(content, ObservationBatch):
            known_us = entry.known_us if self._is_live else None
            if self.engine.take(entry.stream, content, known_us):
                self.engine.failures.note(ENTRIES, TooLateError(entry.stream), entry.known_us)
        elif isinstance(content, tuple):
            self.say(entry.stream, entry.label_set, content)

    def say(self, stream: str, label_set: int, claims: Sequence[Claim]) -> None:
        """Take in claims, in the order in which they were known."""
        is_changed = False
        for claim in claims:
            self._retractions.add(claim, label_set)
            is_changed |= self._joins.add(claim, stream, label_set)
        if is_changed:
            self.engine.scene.things.join(self._joins.of(self.audience, self._retractions).root)
        self.engine.say(stream, claims)

    def read_back(self, told: ClaimReader, known_before: int) -> None:
        """What was said before rows are followed: features, what is one thing, watch rules."""
        subjects = {item.claim.subject for item in told.geometries()}
        said = [*told.of_subjects(sorted(subjects))]
        said += told.said_since((SAME_AS, DIFFERENT, RETRACTION, RULE), 0)
        for item in sorted(said, key=lambda item: item.number):
            if item.number <= known_before:
                self.say(item.stream, item.label_set, [item.claim])


def _learned_name(timeline: str, labels: LabelSet) -> str:
    """Names what was learned: by all that its labels say, which a marking may leave out."""
    said = sorted(orjson.dumps(label.to_json()).decode() for label in labels)
    return orjson.dumps([timeline, said]).decode()
