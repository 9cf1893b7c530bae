"""Trying a watch rule out on what is remembered, before it is looked for.

The rows that whoever asks may see, in the order in which they were known, go through engines that
know this one rule and no detector: what is found is what they would have been told. Live streams
are looked at together; each recording that is replayed has a time of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from alliage.detecting import KINDS, POSITIONS
from alliage.detection import Alert
from alliage.detection.rules import MOST_TRIED, Rule, RuleLooker, RuleVersion, Tried
from alliage.detection_context import Context, ContextKey
from alliage.history.claims import ClaimStore
from alliage.log.bodies import CLAIMS
from alliage.log.entry import BodyGoneError, Entry
from alliage.log.store import Log
from alliage.ontology.audience import Audience
from alliage.ontology.claim import RULE_ID
from alliage.ontology.label import LabelSet
from alliage.ontology.schema import Ontology

ROWS: Final = tuple(kind for kind in KINDS if kind != CLAIMS)
"""What was claimed is taken as it stands now: areas, names, what is one thing with what."""

TRIED: Final = f"{RULE_ID}tried"
PAGE: Final = 100
LEAD_IN_US: Final = 3_600 * 1_000_000
"""So much before the time asked for is looked at too: what a rule waits for began before."""

LONGEST_US: Final = 7 * 86_400 * 1_000_000
TOLD_EVERY_S: Final = 0.5


@dataclass
class _Trial:
    """Engines by timeline, and what they have found."""

    begin: Callable[[str], Context]
    contexts: dict[str, Context] = field(default_factory=dict)
    found: dict[str, Alert] = field(default_factory=dict)
    rows: int = 0

    def take(self, entry: Entry, timeline: str) -> None:
        try:
            content = entry.content()
        except BodyGoneError:
            return
        if timeline not in self.contexts:
            self.contexts[timeline] = self.begin(timeline)
        self.contexts[timeline].take(entry, content)
        self.rows += entry.rows if entry.kind == POSITIONS else 0

    def hear(self) -> None:
        for context in self.contexts.values():
            self._keep(context.engine.changes())

    def finish(self) -> None:
        for context in self.contexts.values():
            self._keep(context.engine.finish())

    def _keep(self, alerts: list[Alert]) -> None:
        self.found.update((alert.alert_id, alert) for alert in alerts)


@dataclass(frozen=True)
class Trying:
    """Tries rules out.

    Attributes:
        log: rows come from it, as whoever asks may see them.
        claims: areas, names and what is one thing with what.
        ontology: the words.
        looks_for: whether a rule under some labels is looked for in what is live.
        timeline: whose time a stream follows.
    """

    log: Log
    claims: ClaimStore
    ontology: Ontology
    looks_for: Callable[[LabelSet], bool]
    timeline: Callable[[str], str]

    def try_out(
        self, audience: Audience, text: str, rule: Rule, from_us: int, to_us: int
    ) -> Iterator[Tried]:
        """Look for a rule in what these readers may see of a time, in valid time.

        Yields:
            How far it is, now and then; with everything that was found at the end.
        """
        from_us = max(from_us, to_us - LONGEST_US)
        trial = _Trial(lambda timeline: self._context(audience, timeline, text, rule))
        reader, last, told_s = self.log.reader(audience), self.log.last_number, time.monotonic()
        after, reached_us, first_us = 0, from_us, to_us
        while entries := reader.read(
            after=after,
            limit=PAGE,
            kinds=ROWS,
            valid_from_us=from_us - LEAD_IN_US,
            valid_to_us=to_us,
            up_to=last,
        ):
            for entry in entries:
                if not entry.stream.startswith("detector:"):
                    trial.take(entry, self.timeline(entry.stream))
            trial.hear()
            after = entries[-1].number
            reached_us = max(reached_us, *(entry.valid_max_us or from_us for entry in entries))
            first_us = min(first_us, *(entry.valid_min_us or to_us for entry in entries))
            if time.monotonic() - told_s >= TOLD_EVERY_S:
                told_s = time.monotonic()
                # By what is seen, and not by numbers of entries, which count hidden ones too.
                yield Tried(min(1.0, (reached_us - from_us) / (to_us - from_us)), trial.rows)
        trial.finish()
        found = [
            alert
            for alert in sorted(trial.found.values(), key=lambda one: (one.start_us, one.alert_id))
            if (alert.end_us or to_us) >= from_us and alert.start_us <= to_us
        ]
        kept = tuple(found[:MOST_TRIED])
        lasts_s = max(0, min(reached_us, to_us) - max(first_us, from_us)) / 1e6
        yield Tried(1.0, trial.rows, lasts_s, kept, len(found) > MOST_TRIED)

    def _context(self, audience: Audience, timeline: str, text: str, rule: Rule) -> Context:
        key = ContextKey(timeline, 0)
        context = Context(self.ontology, list, key, audience, frozenset())
        context.read_back(self.claims.reader(audience), self.log.last_number)
        context.engine.rules.forget()
        context.engine.rules.look_for(RuleLooker(TRIED, RuleVersion(1, text), rule))
        return context
