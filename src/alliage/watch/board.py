"""The board: alerts, what people said of them, and watch rules, in memory; projected from the log.

Everything lies here under its label set, and every reader sees of it what an audience lets through.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import orjson
import structlog

from alliage.actions.watch_words import LogAct, SayRule, Word
from alliage.actions.watching import SeenAlert, SeenRule, SeenTask
from alliage.detection import Alert, alert_of
from alliage.detection.rules import RuleVersion, kinds_of, read_rule
from alliage.history.claims import ClaimReader, StoredClaim
from alliage.log.bodies import CLAIMS
from alliage.log.entry import Entry
from alliage.ontology.audience import Audience, LabelSets
from alliage.ontology.claim import ALERT, INCIDENT, RETRACTION, RULE, WATCH
from alliage.ontology.label import LabelSet
from alliage.ontology.schema import Ontology
from alliage.ontology.tasks import KIND, TASK
from alliage.watch.tasks import Task, TaskBook

CONCERNED: Final = (ALERT, INCIDENT, RULE, WATCH, RETRACTION)
KEPT_US: Final = 30 * 86_400 * 1_000_000
"""Alerts that were told of last so long ago are in the claims, and no more on the board."""

TELLINGS: Final = 40
"""Of one alert, tellings that are kept: the first and the newest ones."""

_log = structlog.get_logger(__name__)


class Telling(NamedTuple):
    """An alert as it was told once."""

    alert: Alert
    label_set: int
    number: int
    known_us: int
    stream: str
    claim_id: str
    labels: int = 1
    """How many labels its readers have to be allowed."""


class Saying(NamedTuple):
    """What somebody said of an alert's incident."""

    alert_id: str
    word: Word
    by: str
    reason: str
    label_set: int
    number: int
    known_us: int
    claim_id: str


class RuleSaid(NamedTuple):
    """A version of a watch rule, as somebody said it."""

    rule_id: str
    version: RuleVersion
    by: str
    reason: str
    label_set: int
    number: int
    known_us: int
    claim_id: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the watch log."""

    act: LogAct
    text: str
    by: str
    label_set: int
    known_us: int
    claim_id: str


class Board:
    """The projection. One thread applies entries, any reads."""

    def __init__(
        self,
        label_sets: LabelSets,
        ontology: Ontology,
        on_change: Callable[[frozenset[int]], None] = lambda _: None,
    ) -> None:
        """Begin empty.

        Args:
            label_sets: the log's.
            ontology: what rules may be about.
            on_change: told under which label sets something is new, in the writer's thread.
        """
        self._label_sets = label_sets
        self._kinds = kinds_of(ontology)
        self._on_change = on_change
        self._lock = threading.Lock()
        self._alerts: dict[tuple[str, int], list[Telling]] = {}
        self._sayings: dict[str, list[Saying]] = {}
        self._lines: list[LogLine] = []
        self._rules: dict[str, list[RuleSaid]] = {}
        self._tasks = TaskBook()
        self._mine: set[str] = set()
        self._taken_back: dict[str, set[int]] = {}
        self._number = 0
        self._newest_us = 0
        self.version = 0
        """Grows with every change."""

    def catch_up(self, claims: ClaimReader) -> None:
        """Read what was said before; ``claims`` are those of all labels."""
        said = list(claims.said_since((*CONCERNED, KIND), self._number))
        tasks = dict.fromkeys(item.claim.identifier for item in said if item.claim.property == KIND)
        said = [item for item in said if item.claim.property != KIND]
        for task_id in tasks:  # a title is a name, of which every ship has one
            said += claims.of_identifier(task_id)
        found = {item.claim.claim_id: item for item in said}
        self._add(sorted(found.values(), key=lambda item: item.number))

    def apply(self, entries: Sequence[Entry]) -> None:
        """Take in what is new of these entries, in order."""
        new = [
            StoredClaim(claim, entry.stream, entry.label_set, entry.number, entry.known_us)
            for entry in entries
            if entry.kind == CLAIMS and entry.number > self._number
            for claim in entry.claims()
            if claim.property in CONCERNED or claim.schema == TASK
        ]
        if new:
            self._add(new)
            self._on_change(frozenset(item.label_set for item in new))

    def rebuild(self, claims: ClaimReader) -> None:
        """Read everything anew: labels or bodies have changed."""
        with self._lock:
            self._alerts, self._sayings, self._lines, self._rules = {}, {}, [], {}
            self._mine, self._taken_back, self._number = set(), {}, 0
            self._tasks = TaskBook()
            self.version += 1
        self.catch_up(claims)

    def find(self, audience: Audience, alert_id: str) -> SeenAlert | None:
        """The alert as these readers see it; None where they see none by that id."""
        with self._lock:
            for (found, label_set), tellings in self._alerts.items():
                if found == alert_id and audience.sees(label_set):
                    labels = self._label_sets.labels_of(label_set)
                    alert = tellings[-1].alert
                    return SeenAlert(alert_id, labels, alert.detector, alert.identifiers)
        return None

    def tellings(self, audience: Audience) -> list[list[Telling]]:
        """Of each visible alert how it was told, the newest last, in the order of their first."""
        with self._lock:
            seen = [list(t) for (_, n), t in self._alerts.items() if audience.sees(n)]
        return sorted(seen, key=lambda tellings: tellings[0].number)

    def sayings(self, audience: Audience) -> dict[str, list[Saying]]:
        """By alert what was said of it, in order, of what these readers may see and stands."""
        with self._lock:
            return {
                alert_id: seen
                for alert_id, said in self._sayings.items()
                if (seen := [one for one in said if self._stands(one, audience)])
            }

    def lines(self, audience: Audience) -> list[LogLine]:
        """The watch log, the newest first."""
        with self._lock:
            return [line for line in reversed(self._lines) if self._stands(line, audience)]

    def tasks(self, audience: Audience) -> list[Task]:
        """Every task, of what these readers may see and stands; what is due first comes first."""
        with self._lock:
            return self._tasks.tasks(
                lambda item: self._is_there(item.claim.claim_id, item.label_set, audience)
            )

    def find_task(self, audience: Audience, task_id: str) -> SeenTask | None:
        """The task as these readers see it; None where they see none by that id."""
        found = next((one for one in self.tasks(audience) if one.task_id == task_id), None)
        if found is None:
            return None
        labels = map(self._label_sets.labels_of, found.label_sets)
        return SeenTask(task_id, LabelSet().union(*labels))

    def rules(self, audience: Audience) -> dict[str, list[RuleSaid]]:
        """By rule its versions that these readers may see and that stand, the newest last."""
        with self._lock:
            return {
                rule_id: seen
                for rule_id, said in self._rules.items()
                if (seen := [one for one in said if self._stands(one, audience)])
            }

    def find_rule(self, audience: Audience, rule_id: str) -> SeenRule | None:
        """The rule as these readers see it; None where they see none by that id."""
        versions = self.rules(audience).get(rule_id)
        if not versions:
            return None
        newest = versions[-1]
        labels = self._label_sets.labels_of(newest.label_set)
        return SeenRule(rule_id, labels, newest.version.version)

    def rule_value(self, version: int, action: SayRule) -> str:
        """A version of a rule as a claim carries it.

        Raises:
            ValueError: its text is no rule; says why.
        """
        if not action.gone:
            read_rule(action.text, self._kinds)
        return RuleVersion(version, action.text, action.on, action.gone).to_value()

    def _stands(self, one: Saying | RuleSaid | LogLine, audience: Audience) -> bool:
        return self._is_there(one.claim_id, one.label_set, audience)

    def _is_there(self, claim_id: str, label_set: int, audience: Audience) -> bool:
        taken_back = self._taken_back.get(claim_id, ())
        return audience.sees(label_set) and not any(map(audience.sees, taken_back))

    def _add(self, stored: Iterable[StoredClaim]) -> None:
        with self._lock:
            for item in stored:
                self._number = max(self._number, item.number)
                self._newest_us = max(self._newest_us, item.known_us)
                try:
                    self._take(item)
                except (ValueError, KeyError, TypeError) as error:
                    _log.warning("watch: a claim was left out", problem=str(error))
            self._forget_old()

    def _take(self, item: StoredClaim) -> None:
        claim = item.claim
        if claim.property == RETRACTION:
            if claim.value in self._mine:
                self._taken_back.setdefault(str(claim.value), set()).add(item.label_set)
                self.version += 1
            return
        self.version += 1
        if claim.property == ALERT:
            alert = alert_of(claim)
            told = Telling(
                alert, item.label_set, item.number, item.known_us, item.stream, claim.claim_id,
                len(self._label_sets.labels_of(item.label_set)),
            )  # fmt: skip
            tellings = self._alerts.setdefault((alert.alert_id, item.label_set), [])
            tellings.append(told)
            if len(tellings) > TELLINGS:
                del tellings[1]
            return
        self._mine.add(claim.claim_id)
        if self._tasks.take(item) or claim.schema == TASK:
            return
        if claim.property == INCIDENT:
            alert_id, word = Word.from_value(str(claim.value))
            said = Saying(
                alert_id, word, item.stream, claim.reason, item.label_set, item.number,
                item.known_us, claim.claim_id,
            )  # fmt: skip
            self._sayings.setdefault(alert_id, []).append(said)
        elif claim.property == RULE:
            version = RuleVersion.from_value(str(claim.value))
            rule = RuleSaid(
                claim.identifier, version, item.stream, claim.reason, item.label_set, item.number,
                item.known_us, claim.claim_id,
            )  # fmt: skip
            self._rules.setdefault(claim.identifier, []).append(rule)
        else:
            told_line = orjson.loads(str(claim.value))
            line = LogLine(
                LogAct(told_line["act"]), told_line["text"], item.stream, item.label_set,
                item.known_us, claim.claim_id,
            )  # fmt: skip
            self._lines.append(line)

    def _forget_old(self) -> None:
        oldest_us = self._newest_us - KEPT_US
        for key in list(self._old(oldest_us)):
            del self._alerts[key]
            self._sayings.pop(key[0], None)

    def _old(self, oldest_us: int) -> Iterator[tuple[str, int]]:
        for key, tellings in self._alerts.items():
            if tellings[-1].known_us < oldest_us:
                yield key
