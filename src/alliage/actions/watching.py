"""What people on watch say: of incidents, and in the watch log. Each saying is a claim of its own.

What an incident's state is follows from what was said of it, read in the order in which it was
known: nobody overwrites anybody, and each saying can be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import orjson

from alliage.access.policy import Access
from alliage.actions import checks
from alliage.actions.desk import Actions, check_role, random_id
from alliage.actions.kinds import (
    Action,
    ActionError,
    LabelRefusedError,
    NotThereError,
    Written,
)
from alliage.actions.tasking import said_of_change, said_of_new
from alliage.actions.watch_words import (
    ChangeTask,
    MakeTask,
    Said,
    SayOfIncident,
    SayRule,
    Word,
    WriteWatchLog,
)
from alliage.actions.writer import Writing
from alliage.ontology.audience import Audience
from alliage.ontology.claim import INCIDENT, RULE, RULE_ID, WATCH
from alliage.ontology.label import UNLABELLED, LabelSet
from alliage.ontology.tasks import ABOUT, TASK
from alliage.ontology.times import Clock

LONGEST_SUPPRESSION_US: Final = 7 * 86_400 * 1_000_000
WATCH_LOG: Final = "watch:log"
NOTHING: Final = LabelSet()
THINGS_AT_MOST: Final = 50
"""That a task is about: a region in which all positions are displaced has hundreds."""

PROPOSED_POLICY: Final = "ALLIAGE"
"""Of what a screen proposes to who has nothing before them."""

OF_NOTHING: Final = "Thing"
"""The schema that is named with what is said of no thing."""


@dataclass(frozen=True, slots=True)
class SeenAlert:
    """An alert as a person sees it."""

    alert_id: str
    labels: LabelSet
    detector: str
    things: tuple[str, ...]
    """Identifiers of what it is about, the chief one first."""


@dataclass(frozen=True, slots=True)
class SeenTask:
    """A task as a person sees it, with the labels of what was said of it."""

    task_id: str
    labels: LabelSet


@dataclass(frozen=True, slots=True)
class SeenRule:
    """A watch rule as a person sees it: the labels and the number of its newest version."""

    rule_id: str
    labels: LabelSet
    version: int


class WatchFinder(Protocol):
    """Finds what people on watch speak of; the board does."""

    def find(self, audience: Audience, alert_id: str) -> SeenAlert | None:
        """The alert as these readers see it; None where they see none by that id."""
        ...

    def find_rule(self, audience: Audience, rule_id: str) -> SeenRule | None:
        """The rule as these readers see it; None where they see none by that id."""
        ...

    def find_task(self, audience: Audience, task_id: str) -> SeenTask | None:
        """The task as these readers see it; None where they see none by that id."""
        ...

    def rule_value(self, version: int, action: SayRule) -> str:
        """A version of a rule as a claim carries it.

        Raises:
            ValueError: its text is no rule; says why.
        """
        ...


class WatchDesk:
    """Writes for people on watch. Any thread may use it; it waits for the log."""

    def __init__(self, desk: Actions, access: Access, seen: WatchFinder, clock: Clock) -> None:
        self._desk = desk
        self._access = access
        self._seen = seen
        self._clock = clock

    def say(self, writer: Writing, action: SayOfIncident) -> Written:
        """Say something of an incident; it is durable when this returns.

        Raises:
            NotAllowedError, NotThereError, ActionError, LabelRefusedError, NotWrittenError: as of
                every action.
        """
        check_role(writer.person)
        seen = self._seen.find(self._access.audience(writer.person), action.alert_id)
        if seen is None:
            raise NotThereError("incident", action.alert_id)
        word = self._checked(action)
        words = self._desk.words(f"alert:{seen.alert_id}", OF_NOTHING, action)
        labels = self._desk.labels(writer, action, _basis(action, seen))
        values = {INCIDENT: word.to_value(seen.alert_id)}
        return self._desk.write(writer, action, words, labels, values)

    def make_task(self, writer: Writing, action: MakeTask) -> Written:
        """Say what is to be done about an incident; raises as :meth:`say`."""
        check_role(writer.person)
        seen = self._seen.find(self._access.audience(writer.person), action.alert_id)
        if seen is None:
            raise NotThereError("incident", action.alert_id)
        said = said_of_new(action, seen.alert_id, self._clock.now_us())
        words = self._desk.words(f"task:{random_id()}", TASK, action)
        labels = self._desk.labels(writer, action, _basis(action, seen))
        about = [(ABOUT, thing) for thing in self._things_of(writer, action, seen, labels)]
        return self._desk.write(writer, action, words, labels, said, about)

    def _things_of(
        self, writer: Writing, action: MakeTask, seen: SeenAlert, labels: LabelSet
    ) -> list[str]:
        """What the alert is about, then what the incident's other alerts are.

        Of these only such count as whoever may see the task's labels may see anyhow: what it is
        about would tell of the others.
        """
        audience, covers = self._access.audience(writer.person), self._access.policies.covers
        things = dict.fromkeys(seen.things)
        for alert_id in action.alert_ids:
            other = self._seen.find(audience, alert_id)
            if other is not None and all(
                low in labels or any(covers(high, low) for high in labels) for low in other.labels
            ):
                things.update(dict.fromkeys(other.things))
        return list(things)[:THINGS_AT_MOST]

    def change_task(self, writer: Writing, action: ChangeTask) -> Written:
        """Say otherwise of a task; raises as :meth:`say`."""
        check_role(writer.person)
        seen = self._seen.find_task(self._access.audience(writer.person), action.task_id)
        if seen is None:
            raise NotThereError("task", action.task_id)
        said = said_of_change(action, self._clock.now_us())
        words = self._desk.words(seen.task_id, TASK, action)
        labels = self._desk.labels(writer, action, _basis(action, seen))
        return self._desk.write(writer, action, words, labels, said)

    def rule(self, writer: Writing, action: SayRule) -> Written:
        """Say how a watch rule is from now on; raises as :meth:`say`.

        A version is never labelled lower than the one before it.
        """
        check_role(writer.person)
        rule_id, version, about = f"{RULE_ID}{random_id()}", 1, LabelSet()
        if action.rule_id is not None:
            audience = self._access.audience(writer.person)
            seen = self._seen.find_rule(audience, action.rule_id)
            if seen is None:
                raise NotThereError("rule", action.rule_id)
            rule_id, version, about = seen.rule_id, seen.version + 1, seen.labels
        try:
            value = self._seen.rule_value(version, action)
        except ValueError as error:
            raise ActionError("text", str(error)) from None
        words = self._desk.words(rule_id, OF_NOTHING, action)
        labels = self._labelled(writer, action, about)
        return self._desk.write(writer, action, words, labels, {RULE: value})

    def log(self, writer: Writing, action: WriteWatchLog) -> Written:
        """Write a line into the watch log; raises as :meth:`say`."""
        check_role(writer.person)
        text = checks.checked_text(action.text, "text")
        words = self._desk.words(WATCH_LOG, OF_NOTHING, action)
        labels = self._labelled(writer, action)
        told = orjson.dumps({"act": action.act, "text": text}).decode()
        return self._desk.write(writer, action, words, labels, {WATCH: told})

    def _labelled(self, writer: Writing, action: Action, about: LabelSet = NOTHING) -> LabelSet:
        """Labels of what rests on nothing that has one: those must be said.

        Raises:
            ActionError: nobody would see it but administrators; says what a screen would propose.
        """
        has_basis = action.label is not None or action.opened or about
        try:
            labels = self._desk.labels(writer, action, about)
            if has_basis or labels != frozenset([UNLABELLED]):
                return labels
        except LabelRefusedError:
            if has_basis:
                raise
        proposed = {
            "policy": PROPOSED_POLICY,
            "classification": "UNCLASSIFIED",
            "releasable_to": [writer.person.nation],
        }
        raise ActionError(
            "label",
            "say under which label, or name in `opened` what it is about: for your own nation "
            f"alone it would be {orjson.dumps(proposed).decode()}",
        )

    def _checked(self, action: SayOfIncident) -> Word:
        word, said = action.word, action.word.said
        needed = {
            Said.COMMENT: ("text", word.text.strip()),
            Said.STATE: ("state", word.state),
            Said.ASSIGN: ("owner", word.owner.strip()),
            Said.CHECK: ("item", word.item),
            Said.DEADLINE: ("until", word.until_us),
            Said.SUPPRESS: ("until", word.until_us),
        }
        name, value = needed.get(said, ("", True))
        if not value:
            raise ActionError(name, f"to {said} needs `{name}`")
        if said is Said.JUDGE and word.useful is None:
            raise ActionError("useful", "say whether it was useful")
        if said is Said.CHECK and word.done is None:
            raise ActionError("done", "say whether it is done")
        if said is Said.SUPPRESS:
            self._check_suppression(action, word)
        if word.text:
            checks.checked_text(word.text, "text")
        return word

    def _check_suppression(self, action: SayOfIncident, word: Word) -> None:
        left_us = (word.until_us or 0) - self._clock.now_us()
        if not 0 < left_us <= LONGEST_SUPPRESSION_US:
            raise ActionError("until", "an end within the next seven days")
        if not action.reason.strip():
            raise ActionError("reason", "say why it is not to be shown")


def _basis(action: SayOfIncident | MakeTask | ChangeTask, seen: SeenAlert | SeenTask) -> LabelSet:
    """What words rest on: all that was shown, unless somebody chose; what they are of always."""
    return seen.labels if action.label is not None else seen.labels | action.shown
