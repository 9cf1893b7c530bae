"""Tasks as one reader is told of them."""

from __future__ import annotations

from collections.abc import Sequence

from alliage.ontology.audience import Audience
from alliage.ontology.label import LabelSet
from alliage.ontology.times import to_text
from alliage.server.models.common import Marking
from alliage.server.models.tasks import TaskInfo
from alliage.server.services import Services
from alliage.watch.incidents import Incident
from alliage.watch.tasks import Task


def tasks_of(services: Services, audience: Audience, one: Incident) -> list[Task]:
    """The tasks of an incident that these readers see."""
    ids = set(one.ids)
    return [task for task in services.board.tasks(audience) if task.incident in ids]


def labels_of_tasks(services: Services, tasks: Sequence[Task]) -> LabelSet:
    """Every label of what is told of some tasks."""
    labels_of = services.log.label_sets.labels_of
    return LabelSet().union(*(labels_of(n) for task in tasks for n in task.label_sets))


def task_info(services: Services, task: Task) -> TaskInfo:
    """One task as it stands."""
    return TaskInfo(
        task_id=task.task_id,
        title=task.title,
        kind=task.kind,
        state=task.state,
        assignee=task.assignee,
        due=None if task.due_us is None else to_text(task.due_us),
        incident=task.incident,
        by=task.by,
        made=to_text(task.made_us),
        changed=to_text(task.changed_us),
        marking=Marking.of(labels_of_tasks(services, [task])),
    )
