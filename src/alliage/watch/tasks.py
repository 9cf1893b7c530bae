"""Tasks, as claims say them: of each property what was known last, for one reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from alliage.history.claims import StoredClaim
from alliage.ontology.claim import Value
from alliage.ontology.tasks import (
    ASSIGNEE,
    DUE,
    KIND,
    OF_INCIDENT,
    STATE,
    TASK,
    TITLE,
    TaskKind,
    TaskState,
)
from alliage.ontology.times import from_text

Stands = Callable[[StoredClaim], bool]
"""Whether a claim is there for a reader and nobody whom the reader sees took it back."""

_SAID: Final = frozenset({TITLE, KIND, STATE, DUE, ASSIGNEE, OF_INCIDENT})


@dataclass(frozen=True, slots=True)
class Task:
    """One task, as one reader sees it.

    Attributes:
        task_id: its identifier, `task:` and 32 hexadecimal digits.
        title: what is to be done, in words.
        kind: of the kinds that there are.
        state: how far it is.
        assignee: who is to do it, "" for nobody yet.
        due_us: until when; None: whenever.
        incident: id of an alert of the incident that it belongs to; "" for none.
        by: who said first that it is to be done.
        made_us: when that was known.
        changed_us: when anything of it was known last.
        label_sets: of all that the reader is told of it.
    """

    task_id: str
    title: str
    kind: TaskKind
    state: TaskState
    assignee: str
    due_us: int | None
    incident: str
    by: str
    made_us: int
    changed_us: int
    label_sets: frozenset[int]


class TaskBook:
    """What was said of tasks, in the order in which it was known."""

    def __init__(self) -> None:
        self._said: dict[str, list[StoredClaim]] = {}

    def take(self, item: StoredClaim) -> bool:
        """Take a claim in; whether it is about a task."""
        if item.claim.schema != TASK or item.claim.property not in _SAID:
            return False
        self._said.setdefault(item.claim.identifier, []).append(item)
        return True

    def tasks(self, stands: Stands) -> list[Task]:
        """The tasks of a reader: what is due first comes first, then what was said first."""
        made = [
            task
            for task_id, said in self._said.items()
            if (task := _task(task_id, [one for one in said if stands(one)])) is not None
        ]
        return sorted(made, key=lambda one: (one.due_us or 2**62, one.made_us, one.task_id))


def _task(task_id: str, said: list[StoredClaim]) -> Task | None:
    """None where the reader is not told what kind of task it is, or it was taken back."""
    now: dict[str, Value] = {one.claim.property: one.claim.value for one in said}
    try:
        kind, state = TaskKind(str(now[KIND])), TaskState(str(now.get(STATE, TaskState.TO_DO)))
    except (KeyError, ValueError):
        return None
    due = now.get(DUE)
    return Task(
        task_id=task_id,
        title=str(now.get(TITLE, "")),
        kind=kind,
        state=state,
        assignee=str(now.get(ASSIGNEE, "")),
        due_us=None if due is None else from_text(str(due)),
        incident=str(now.get(OF_INCIDENT, "")),
        by=said[0].stream,
        made_us=said[0].known_us,
        changed_us=said[-1].known_us,
        label_sets=frozenset(one.label_set for one in said),
    )
