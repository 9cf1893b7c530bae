"""Tasks on the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from alliage.actions.tasking import TITLE_CHARACTERS
from alliage.ontology.tasks import TaskKind, TaskState
from alliage.server.models.actions import Basis, MomentIn
from alliage.server.models.common import ApiModel, Marking, Page, Time


class TaskInfo(ApiModel):
    """Something that somebody is to do, as one reader sees it."""

    task_id: str
    title: str
    kind: TaskKind
    state: TaskState
    assignee: str = Field(description="as people's streams are named, `person:anna`; may be empty")
    due: Time | None
    incident: str = Field(description="id of an alert of its incident, or empty")
    by: str
    made: Time
    changed: Time
    marking: Marking


class TaskPage(Page[TaskInfo]):
    """Tasks, what is due first comes first."""

    open: int = Field(description="that are still to be done")


class NewTask(Basis):
    """What is to be done about an incident."""

    title: str = Field(min_length=1, max_length=TITLE_CHARACTERS)
    kind: TaskKind
    assignee: str = Field(default="", max_length=TITLE_CHARACTERS, examples=["person:anna"])
    due: MomentIn | None = None


class TaskChange(Basis):
    """What is otherwise of a task; null: as it is."""

    title: str | None = Field(default=None, min_length=1, max_length=TITLE_CHARACTERS)
    state: TaskState | None = None
    assignee: str | None = Field(default=None, min_length=1, max_length=TITLE_CHARACTERS)
    due: MomentIn | None = None


Wanted = Literal["open", "all"]
