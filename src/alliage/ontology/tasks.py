"""The kinds of task there are: closed, in code. None is an effect on people, and none can be added.

Schemata of a node's own may not extend the task, and the packaged one has exactly these kinds.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

TASK: Final = "Task"
"""The schema."""

TITLE: Final = "name"
KIND: Final = "task_kind"
STATE: Final = "task_state"
DUE: Final = "task_due"
ASSIGNEE: Final = "assignee"
OF_INCIDENT: Final = "of_incident"
ABOUT: Final = "about"


class TaskKind(StrEnum):
    """What somebody can be asked to do."""

    LOOK = "look"
    WATCH = "watch"
    CALL = "call"
    SEARCH = "search"
    ESCORT = "escort"
    INFORM = "inform"
    INSPECT = "inspect"


class TaskState(StrEnum):
    """How far a task is."""

    TO_DO = "to_do"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self in (TaskState.TO_DO, TaskState.UNDER_WAY)
