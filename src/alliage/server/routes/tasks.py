"""Tasks: what somebody is to do about an incident."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from alliage.actions.desk import check_role
from alliage.actions.kinds import Written
from alliage.actions.watch_words import ChangeTask
from alliage.actions.watching import NOTHING
from alliage.actions.writer import Writing
from alliage.server.assignees import check_assignee
from alliage.server.incident_view import labels_shown, watched
from alliage.server.models.actions import WrittenInfo
from alliage.server.models.tasks import TaskChange, TaskPage, Wanted
from alliage.server.paging import DEFAULT_LIMIT, Limit
from alliage.server.problems import not_found, problem_responses
from alliage.server.security import TheAudience, TheServices, TheSession
from alliage.server.task_view import task_info
from alliage.server.writing import done, label_of, us_or_none

router = APIRouter(prefix="/tasks", tags=["watch"])

TaskId = Annotated[str, Path(max_length=60, description="`task:` and 32 hexadecimal digits")]


@router.get("")
def list_tasks(
    audience: TheAudience,
    services: TheServices,
    wanted: Annotated[Wanted, Query(description="open: still to be done; all")] = "open",
    limit: Limit = DEFAULT_LIMIT,
) -> TaskPage:
    """Tasks that who asks may see, what is due first comes first."""
    tasks = services.board.tasks(audience)
    is_open = [task for task in tasks if task.state.is_open]
    shown = is_open if wanted == "open" else tasks
    items = [task_info(services, task) for task in shown[:limit]]
    return TaskPage(items=items, next=None, open=len(is_open))


@router.post("/{task_id}/changes", status_code=201, responses=problem_responses(403, 404, 503))
def change_task(
    task_id: TaskId,
    body: TaskChange,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> WrittenInfo:
    """Say that it is under way, done or dropped, who does it, until when, or what it is.

    Each is a claim of its own about the task, and can be taken back. Where no label is given it is
    told under all labels of the task and of its incident, as who says it sees that now.
    """
    found = next((one for one in services.board.tasks(audience) if one.task_id == task_id), None)
    if found is None:
        raise not_found("task", task_id)
    incident = watched(services, audience).find(found.incident)
    shown = NOTHING if incident is None else labels_shown(services, audience, incident)
    label = label_of(body)
    action = ChangeTask(
        task_id=task_id, title=body.title, state=body.state, assignee=body.assignee,
        due_us=us_or_none(body.due), reason=body.reason, label=label,
        opened=tuple(body.opened), shown=shown,
    )  # fmt: skip

    def change(by: Writing) -> Written:
        check_role(by.person)
        written = shown if label is None else frozenset([label])
        check_assignee(services, body.assignee or "", found.label_sets, written)
        return services.watch.change_task(by, action)

    return done(services, session, change)
