"""Tasks as claims: what is said of one when it is made, and when something of it changes."""

from __future__ import annotations

from alliage.actions import checks
from alliage.actions.kinds import ActionError
from alliage.actions.watch_words import ChangeTask, MakeTask
from alliage.ontology.claim import Value
from alliage.ontology.tasks import (
    ASSIGNEE,
    DUE,
    KIND,
    OF_INCIDENT,
    STATE,
    TITLE,
    TaskState,
)
from alliage.ontology.times import to_text

TITLE_CHARACTERS = 200


def said_of_new(action: MakeTask, alert_id: str, now_us: int) -> dict[str, Value]:
    """What a new task is, by property, beside what it is about.

    Raises:
        ActionError: its title or its time is not as it must be.
    """
    said: dict[str, Value] = {
        TITLE: checks.checked_text(action.title, "title", TITLE_CHARACTERS),
        KIND: action.kind.value,
        STATE: TaskState.TO_DO.value,
        OF_INCIDENT: alert_id,
    }
    if action.assignee:
        said[ASSIGNEE] = checks.checked_text(action.assignee, "assignee", TITLE_CHARACTERS)
    if action.due_us is not None:
        said[DUE] = _due(action.due_us, now_us)
    return said


def said_of_change(action: ChangeTask, now_us: int) -> dict[str, Value]:
    """What is otherwise from now on, by property.

    Raises:
        ActionError: nothing is, or something is not as it must be.
    """
    said: dict[str, Value] = {}
    if action.title is not None:
        said[TITLE] = checks.checked_text(action.title, "title", TITLE_CHARACTERS)
    if action.state is not None:
        said[STATE] = action.state.value
    if action.assignee is not None:
        said[ASSIGNEE] = checks.checked_text(action.assignee, "assignee", TITLE_CHARACTERS)
    if action.due_us is not None:
        said[DUE] = _due(action.due_us, now_us)
    if not said:
        raise ActionError("state", "say what is otherwise: `state`, `assignee`, `due` or `title`")
    return said


def _due(due_us: int, now_us: int) -> str:
    if due_us <= now_us:
        raise ActionError("due", "this is over already: a task is due later")
    return to_text(due_us)
