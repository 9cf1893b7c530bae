"""A detection context: one engine, and what the labels that it bears let it see."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import orjson

from alliage.detection import Alert, Detector, Engine
from alliage.detection.detectors.off_plan import OffPlan
from alliage.detection.learned import Learned
from alliage.detection.plans import FOLLOWED_BY
from alliage.history.claims import ClaimReader
from alliage.log.bodies import Body
from alliage.log.entry import Entry
from alliage.ontology.audience import Audience
from alliage.ontology.claim import (
    DIFFERENT,
    OFFSET,
    RETRACTION,
    RULE,
    RULE_ID,
    SAME_AS,
    Claim,
)
from alliage.ontology.label import Label, LabelSet
from alliage.ontology.observation import ObservationBatch
from alliage.ontology.policies import known_policies
from alliage.ontology.schema import Ontology
from alliage.picture.joins import Joins
from alliage.picture.said import Retractions

LIVE: Final = ""
"""The timeline of everything that is not a replay; a replay's is its stream's name."""

ENTRIES: Final = "entries"
"""Among what fails: taking in what a context is given, and no detector's own look."""


ASKS_FOR_ROOM: Final = (RULE, FOLLOWED_BY)
"""What people write and want looked for, though no context of the sources has its labels."""

LOOKS_EVERYWHERE: Final = (OffPlan.name,)
"""Detectors that look in contexts made for such words, too."""


class TooLateError(Exception):
    """Of a stream's reports some are of a time that is over, and were not looked at."""


class ContextKey(NamedTuple):
    """A detection context: whose time it follows, and the number of its label set.

    ``rules_only``: only what people asked for is looked for there, as its labels are in no other
    context: watch rules, and who keeps to a planned route.
    """

    timeline: str
    label_set: int
    rules_only: bool = False

    @property
    def learns(self) -> bool:
        """Whether what is learned there is worth keeping; a replay begins again anyhow."""
        return self.timeline == LIVE and not self.rules_only

    @property
    def detectors(self) -> Collection[str] | None:
        """Names of the detectors that look there; None: all."""
        return LOOKS_EVERYWHERE if self.rules_only else None

    def tells(self, detector: str) -> bool:
        """Whether an alert may be of such a context."""
        return not self.rules_only or detector.startswith((RULE_ID, *LOOKS_EVERYWHERE))


class Context:
    """One engine, what its labels let it see, and which identifiers it takes for one thing."""

    def __init__(
        self, ontology: Ontology, make: Callable[[], Sequence[Detector]], key: ContextKey,
        audience: Audience, labels: LabelSet,
        subject_of: Callable[[str, str], str] | None = None,
    ) -> None:  # fmt: skip
        name = "|".join(sorted(label.marking for label in labels))
        name = f"rules:{name}" if key.rules_only else name
        self.engine = Engine(ontology, make, f"{key.timeline}/{name}", subject_of)
        self.audience = audience
        self.labels = labels
        self.rules_only = key.rules_only
        self._is_live = key.timeline == LIVE
        self._told: set[str] = set()
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

    def restore(self, alerts: Iterable[Alert], linger_s: Mapping[str, float]) -> None:
        """Know what was told before a restart, in the order in which it was told."""
        stood = list(alerts)
        for alert in stood:
            (self._told.add if alert.end_us is None else self._told.discard)(alert.alert_id)
        self.engine.lifecycle.restore(stood, linger_s)

    def changes(self, others: Iterable[Context]) -> Iterator[Alert]:
        """What is to be told anew.

        A context that was made for what people asked has all of their labels. What a context of
        fewer labels tells it does not tell again: those labels have nothing to do with that.

        Args:
            others: the contexts of the same time.
        """
        narrower = [one for one in others if self.rules_only and one.labels < self.labels]
        for alert in self.engine.changes():
            if alert.alert_id not in self._told:
                if narrower and (alert.end_us is not None or self._is_told_in(narrower, alert)):
                    continue
                self._told.add(alert.alert_id)
            if alert.end_us is not None:
                self._told.discard(alert.alert_id)
            yield alert

    def _is_told_in(self, others: Iterable[Context], alert: Alert) -> bool:
        about = self._about(alert)
        return any(
            self._about(one) == about
            for other in others
            for one in other.engine.lifecycle.open_alerts()
            if one.detector == alert.detector
        )

    def _about(self, alert: Alert) -> tuple[str, str, list[str]]:
        """What an alert is about, by the objects of this context."""
        things = self.engine.scene.things
        named = []
        for stream, identifier in zip(alert.streams, alert.identifiers, strict=True):
            row = things.row_of(stream, identifier)
            chief = row if row is None else int(things.stands_for[row])
            named.append(f"{stream}|{identifier}" if chief is None else str(chief))
        return alert.detector, alert.area, sorted(named)

    def read_back(self, told: ClaimReader, known_before: int) -> None:
        """What was said before rows are followed: features, what is one thing, rules, offsets."""
        subjects = {item.claim.subject for item in told.geometries()}
        said = [*told.of_subjects(sorted(subjects))]
        said += told.said_since((SAME_AS, DIFFERENT, RETRACTION, RULE, OFFSET), 0)
        for item in sorted(said, key=lambda item: item.number):
            if item.number <= known_before:
                self.say(item.stream, item.label_set, [item.claim])


def room_for(
    word: str, labels: LabelSet, live: Sequence[LabelSet], contexts: Sequence[LabelSet]
) -> LabelSet | None:
    """Labels of the context to be made where somebody asks for something; None where there is one.

    What it finds bears them, so that only who may know of that is told. For a rule they are its own
    with all that is live; for who is to follow a planned route those of that, and what they cover.

    Args:
        word: the property that asks.
        labels: under which it was said.
        live: those of the live sources.
        contexts: those of the live contexts that there are.
    """
    if word != RULE:
        covered = _with_covered(labels, [*live, *contexts])
        if covered != labels:
            return None if covered in contexts else covered
    if any(labels <= one for one in contexts):
        return None
    return labels.union(*live, *contexts)


def _with_covered(labels: LabelSet, others: Iterable[LabelSet]) -> LabelSet:
    """These labels, and those of the others that whoever may see these may see anyhow."""
    covers = known_policies().covers

    def is_covered(low: Label) -> bool:
        return low in labels or any(covers(high, low) for high in labels)

    return labels.union(*(one for one in others if all(map(is_covered, one))))


def _learned_name(timeline: str, labels: LabelSet) -> str:
    """Names what was learned: by all that its labels say, which a marking may leave out."""
    said = sorted(orjson.dumps(label.to_json()).decode() for label in labels)
    return orjson.dumps([timeline, said]).decode()
