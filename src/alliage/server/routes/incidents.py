"""Incidents: what detectors found, as situations that people work on."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query

from alliage.actions.desk import check_role
from alliage.actions.kinds import Written
from alliage.actions.watch_words import MakeTask, Said, SayOfIncident, Word
from alliage.actions.writer import Writing
from alliage.server.assignees import NOTHING, check_assignee, may_have
from alliage.server.incident_view import (
    incident_detail,
    incident_page,
    label_sets_of,
    labels_shown,
    watched,
)
from alliage.server.models.actions import WrittenInfo
from alliage.server.models.incidents import IncidentDetail, IncidentPage, NewSaying, Shown
from alliage.server.models.tasks import NewTask
from alliage.server.paging import DEFAULT_LIMIT, Limit
from alliage.server.problems import not_found, problem_responses
from alliage.server.security import TheAudience, TheServices, TheSession
from alliage.server.writing import done, label_of, us_or_none
from alliage.watch.sayings import check_saying

router = APIRouter(prefix="/incidents", tags=["watch"])

IncidentId = Annotated[str, Path(max_length=200, description="the id of any of its alerts")]


@router.get("")
def list_incidents(
    audience: TheAudience,
    services: TheServices,
    shown: Annotated[
        Shown,
        Query(
            description="open: that somebody has to look at; over: closed, or over; "
            "suppressed: not shown for a while, with a reason; all"
        ),
    ] = "open",
    limit: Limit = DEFAULT_LIMIT,
) -> IncidentPage:
    """Incidents in the order in which they deserve a look: calls for help first.

    Alerts that are about one object and whose times touch are one incident. What lies beyond the
    hour's budget says so (`folded`); nothing is ever left out.
    """
    return incident_page(services, audience, shown, limit)


@router.get("/{incident_id}", responses=problem_responses(404))
def read_incident(
    incident_id: IncidentId, audience: TheAudience, services: TheServices
) -> IncidentDetail:
    """One incident with its alerts, their evidence, what people said, and its checklist."""
    of = watched(services, audience)
    found = of.find(incident_id)
    if found is None:
        raise not_found("incident", incident_id)
    return incident_detail(services, audience, of, found)


@router.post("/{incident_id}/sayings", status_code=201, responses=problem_responses(403, 404, 503))
def say_of_incident(
    incident_id: IncidentId,
    body: NewSaying,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> WrittenInfo:
    """Take it, assign it, give it a state, comment, tick a step off, judge, or suppress its like.

    Each saying is a claim of its own and can be taken back (`POST /claims/{claim_id}/retraction`).
    What is suppressed is listed under `shown=suppressed` until the suppression ends; calls for
    help cannot be. A call for help is closed once its alarm was acknowledged, and while it goes on
    only with a reason. Nothing but `acknowledge` silences an alarm.

    Without a `label` it bears all labels of the incident as who says it sees it. `acknowledge`
    bears those of its least labelled alert: whoever hears the alarm is told that it was heard.
    """
    word = Word(
        body.said, body.text, body.state, body.owner, body.item, body.done, body.useful,
        us_or_none(body.until),
    )  # fmt: skip
    found = watched(services, audience).find(incident_id)
    if found is None:
        raise not_found("incident", incident_id)
    label, shown = label_of(body), labels_shown(services, audience, found)
    if body.said is Said.ACKNOWLEDGE:
        shown = NOTHING
    action = SayOfIncident(
        # What has no words of its own tells nothing that the least labelled alert does not.
        alert_id=incident_id if word.text or body.reason else found.widest_id,
        word=word, reason=body.reason, label=label, opened=tuple(body.opened), shown=shown,
    )  # fmt: skip

    def say(by: Writing) -> Written:
        check_role(by.person)
        now_us = services.clock.now_us()
        is_theirs = partial(
            may_have, services, label_sets=label_sets_of(found, found.widest_id),
            written=shown if label is None else frozenset([label]),
        )  # fmt: skip
        check_saying(found, word, body.reason, now_us, is_theirs)
        return services.watch.say(by, action)

    return done(services, session, say)


@router.post("/{incident_id}/tasks", status_code=201, responses=problem_responses(403, 404, 503))
def make_task(
    incident_id: IncidentId,
    body: NewTask,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> WrittenInfo:
    """Say what somebody is to do about it.

    A task is an object of its own, told under all labels of the incident as who asks for it sees
    it, or under those given, which are no lower than those of the alert that is named. It is about
    all things of the incident whose alerts these labels cover.
    """
    found = watched(services, audience).find(incident_id)
    if found is None:
        raise not_found("incident", incident_id)
    label, shown = label_of(body), labels_shown(services, audience, found)
    action = MakeTask(
        alert_id=incident_id, title=body.title, kind=body.kind, assignee=body.assignee,
        due_us=us_or_none(body.due), reason=body.reason, label=label,
        opened=tuple(body.opened), alert_ids=found.ids, shown=shown,
    )  # fmt: skip

    def make(by: Writing) -> Written:
        check_role(by.person)
        written = shown if label is None else frozenset([label])
        check_assignee(services, body.assignee, label_sets_of(found, incident_id), written)
        return services.watch.make_task(by, action)

    return done(services, session, make)
