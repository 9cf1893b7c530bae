"""What people on watch can say: of incidents, and in the watch log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from alliage.actions.kinds import Action
from alliage.ontology.label import LabelSet
from alliage.ontology.tasks import TaskKind, TaskState


class Said(StrEnum):
    """What can be said of an incident."""

    TAKE = "take"  # it is mine
    ASSIGN = "assign"  # it is somebody's: who
    STATE = "state"  # it is in this state: State
    COMMENT = "comment"  # words
    CHECK = "check"  # a step of the checklist is done, or is not: item, done
    DEADLINE = "deadline"  # something is due: until_us, words
    JUDGE = "judge"  # the alert was useful, or it was not
    SUPPRESS = "suppress"  # the like of it is not shown until then, and why
    ACKNOWLEDGE = "acknowledge"  # the alarm was heard


class State(StrEnum):
    """How far an incident is."""

    NEW = "new"
    TRIAGE = "triage"
    INVESTIGATING = "investigating"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"


class LogAct(StrEnum):
    """What stands in the watch log."""

    NOTE = "note"
    TAKE_OVER = "take_over"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class Word:
    """One thing said of an incident; what does not go with what is said is as it is here."""

    said: Said
    text: str = ""
    state: State | None = None
    owner: str = ""
    item: str = ""
    done: bool | None = None
    useful: bool | None = None
    until_us: int | None = None

    def to_value(self, alert_id: str) -> str:
        """As a claim carries it: JSON with what is said, and nothing else."""
        told = {"alert": alert_id, "said": self.said, "text": self.text, "state": self.state,
                "owner": self.owner, "item": self.item, "done": self.done,
                "useful": self.useful, "until_us": self.until_us}  # fmt: skip
        kept = {key: value for key, value in told.items() if value not in ("", None)}
        return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()

    @classmethod
    def from_value(cls, value: str) -> tuple[str, Word]:
        """Inverse of :meth:`to_value`: the alert's id and the word.

        Raises:
            ValueError: it says nothing that can be read.
        """
        try:
            told: dict[str, Any] = orjson.loads(value)
            alert_id = str(told.pop("alert"))
            state = told.pop("state", None)
            said = Said(told.pop("said"))
            return alert_id, cls(said, state=State(state) if state else None, **told)
        except (KeyError, TypeError, orjson.JSONDecodeError) as error:
            raise ValueError(f"no saying of an incident: {error}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class SayOfIncident(Action):
    """Say something of an incident, named by the id of any of its alerts.

    ``shown``: every label of the incident as the speaker sees it, which it gets where none is
    chosen.
    """

    alert_id: str
    word: Word
    shown: LabelSet = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeTask(Action):
    """Say what is to be done about an incident, named by the id of any of its alerts.

    ``alert_ids``: of all its alerts, for what it is about. ``shown``: as of what is said of it.
    """

    alert_id: str
    title: str
    kind: TaskKind
    assignee: str = ""
    due_us: int | None = None
    alert_ids: tuple[str, ...] = ()
    shown: LabelSet = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTask(Action):
    """Say otherwise of a task; None leaves it as it is.

    ``shown``: every label of the task's incident as the speaker sees it now, which the change gets
    with those of the task where none is chosen.
    """

    task_id: str
    title: str | None = None
    state: TaskState | None = None
    assignee: str | None = None
    due_us: int | None = None
    shown: LabelSet = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SayRule(Action):
    """Say how a watch rule is from now on; without ``rule_id`` it is a new one.

    ``on`` says whether it is looked for, ``gone`` whether it is put away.
    """

    text: str
    rule_id: str | None = None
    on: bool = True
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteWatchLog(Action):
    """Write a line into the watch log."""

    act: LogAct
    text: str
