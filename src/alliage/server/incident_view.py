"""Incidents as one reader is told of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from alliage.detection import Alert
from alliage.detection.engine import LOOK_S
from alliage.detection.lifecycle import Held
from alliage.detection.rules import kinds_of
from alliage.ontology.audience import Audience
from alliage.ontology.derived import plots_of
from alliage.ontology.label import LabelSet
from alliage.ontology.times import to_text
from alliage.picture.view import PictureView
from alliage.server.models.common import Marking
from alliage.server.models.incidents import (
    AlertInfo,
    CalibratedInfo,
    EvidenceInfo,
    IncidentDetail,
    IncidentInfo,
    IncidentPage,
    MarkedByInfo,
    SayingInfo,
    Shown,
    StepInfo,
    SuppressionInfo,
    TellingInfo,
    ThingInfo,
)
from alliage.server.services import Services
from alliage.server.task_view import labels_of_tasks, task_info, tasks_of
from alliage.watch.board import Saying, Telling
from alliage.watch.calibration import calibrated
from alliage.watch.checklists import checklist
from alliage.watch.incidents import Incident
from alliage.watch.ranking import in_order
from alliage.watch.seen import Watched, watched_by
from alliage.watch.tasks import Task

TWO_LOOKS_US: Final = round(2 * LOOK_S * 1e6)
FOR_EVER_US: Final = 2**62
"""Nobody looks at what is not known to those who look, as after a restart."""


class _Now(NamedTuple):
    """What is asked once for all incidents: when alerts held last, and tasks."""

    held: Mapping[str, Held]
    tasks: Sequence[Task]


def watched(services: Services, audience: Audience) -> Watched:
    """Everything on the board that these readers may see."""
    return watched_by(
        audience,
        services.board,
        services.picture.view(audience),
        kinds_of(services.ontology),
        services.clock.now_us(),
        services.settings.incidents_per_hour,
        services.seen,
    )


def label_sets_of(one: Incident, alert_id: str) -> list[int]:
    """Label sets of an alert of an incident; of the widest where it is not among what is shown."""
    named = [told[-1].label_set for told in one.tellings if told[-1].alert.alert_id == alert_id]
    if named:
        return named
    widest = min(one.tellings, key=lambda told: (told[-1].labels, told[0].number))
    return [widest[-1].label_set]


def labels_shown(services: Services, audience: Audience, one: Incident) -> LabelSet:
    """Every label of an incident as it is marked for these readers."""
    tasks = tasks_of(services, audience, one)
    return _labels(services, one, [task for task in tasks if task.state.is_open])


def _labels(services: Services, one: Incident, tasks: Sequence[Task]) -> LabelSet:
    labels_of = services.log.label_sets.labels_of
    told = (labels_of(telling[-1].label_set) for telling in one.tellings)
    said = (labels_of(saying.label_set) for saying in one.sayings)
    return labels_of_tasks(services, tasks).union(*told, *said)


def incident_page(services: Services, audience: Audience, shown: Shown, limit: int) -> IncidentPage:
    """Incidents in the order in which they deserve a look."""
    of = watched(services, audience)
    suppressed = [one for one in of.incidents if one.suppression is not None]
    rest = [one for one in of.incidents if one.suppression is None]
    is_open = [one for one in rest if not one.is_closed]
    over = [one for one in rest if one.is_closed]
    wanted = {"open": is_open, "over": over, "suppressed": suppressed, "all": of.incidents}[shown]
    ordered = in_order(wanted, of.judged)
    if shown == "over":
        ordered = sorted(wanted, key=lambda one: -one.changed_us)
    calls = [one for one in is_open if one.is_priority]
    now = _Now(services.present.held(audience), services.board.tasks(audience))
    return IncidentPage(
        items=[incident_info(services, of, one, now) for one in ordered[:limit]],
        next=None,
        open=len(is_open),
        priority=len(calls),
        unacknowledged=sum(not one.standing.acknowledged for one in calls),
        folded=len(of.folded),
        over=len(over),
        suppressed=len(suppressed),
    )


def incident_detail(
    services: Services, audience: Audience, of: Watched, one: Incident
) -> IncidentDetail:
    """Everything that is known of an incident."""
    steps, tasks = checklist(one.chief.detector), tasks_of(services, audience, one)
    now = _Now(services.present.held(audience), tasks)
    return IncidentDetail(
        incident=incident_info(services, of, one, now),
        found=[_alert_info(services, of, told, now.held) for told in one.tellings],
        tasks=[task_info(services, task) for task in tasks],
        sayings=[_saying_info(services, said) for said in one.sayings],
        checklist=[
            StepInfo(
                key=step.key,
                title={"en": step.en, "fr": step.fr},
                done=step.key in one.standing.done,
            )
            for step in steps
        ],
    )


def incident_info(services: Services, of: Watched, one: Incident, now: _Now) -> IncidentInfo:
    """What a list says of an incident."""
    chief, standing = one.chief, one.standing
    ids = set(one.ids)
    tasks = [task for task in now.tasks if task.incident in ids and task.state.is_open]
    suppression, deadline = one.suppression, standing.deadline
    return IncidentInfo(
        incident_id=one.incident_id,
        detector=chief.detector,
        title=of.title_of(chief.detector),
        reason=_texts(chief),
        state=standing.state,
        is_over=one.is_over,
        is_closed=one.is_closed,
        priority=one.is_priority,
        probability=chief.probability,
        calibrated=_calibrated(services, of, chief),
        folded=one.incident_id in of.folded,
        alike=len(of.alike.get(one.incident_id, ())),
        owner=standing.owner,
        start=to_text(one.start_us),
        begun=to_text(one.begun_us),
        changed=to_text(one.changed_us),
        last_held=_time(_last_held_us([t[-1].alert for t in one.tellings], now.held)),
        reopened=_time(standing.reopened_us),
        acknowledged=standing.acknowledged,
        useful=standing.useful,
        deadline=None if deadline is None else to_text(deadline[0]),
        deadline_text="" if deadline is None else deadline[1],
        suppression=None
        if suppression is None
        else SuppressionInfo(
            until=to_text(suppression.until_us), reason=suppression.reason, by=suppression.by
        ),
        latitude_deg=_number(chief.lat),
        longitude_deg=_number(chief.lon),
        things=_things(of.view, _named(one.alerts)),
        alerts=len(one.tellings),
        open_tasks=len(tasks),
        marking=Marking.of(_labels(services, one, tasks)),
        marked_by=_marked_by(services, of, one),
    )


def _marked_by(services: Services, of: Watched, one: Incident) -> list[MarkedByInfo]:
    """What bears labels that the chief alert does not, each once: alerts, then what was said."""
    labels_of, chief = services.log.label_sets.labels_of, one.chief
    own: LabelSet = frozenset().union(
        *(labels_of(told[-1].label_set) for told in one.tellings if told[-1].alert is chief)
    )
    found: dict[tuple[str, str], MarkedByInfo] = {}
    for told in one.tellings:
        last = told[-1]
        if (labels := labels_of(last.label_set)) - own:
            title, marking = of.title_of(last.alert.detector), Marking.of(labels)
            info = MarkedByInfo(title=title, by=last.stream, marking=marking)
            found.setdefault((last.alert.detector, marking.text), info)
    for said in one.sayings:
        if (labels := labels_of(said.label_set)) - own:
            marking = Marking.of(labels)
            info = MarkedByInfo(title=None, by=said.by, marking=marking)
            found.setdefault((said.by, marking.text), info)
    return list(found.values())


def _last_held_us(alerts: Sequence[Alert], held: Mapping[str, Held]) -> int | None:
    """When any of what goes on held last, if that is more than two looks ago."""
    going_on = [alert for alert in alerts if alert.end_us is None]
    known = [held.get(alert.alert_id, Held(alert.told_us, FOR_EVER_US)) for alert in going_on]
    if not known or any(one.looked_us - one.last_us <= TWO_LOOKS_US for one in known):
        return None
    return max(one.last_us for one in known)


def _alert_info(
    services: Services, of: Watched, told: Sequence[Telling], held: Mapping[str, Held]
) -> AlertInfo:
    alert = told[-1].alert
    return AlertInfo(
        alert_id=alert.alert_id,
        detector=alert.detector,
        version=alert.version,
        title=of.title_of(alert.detector),
        start=to_text(alert.start_us),
        end=_time(alert.end_us),
        last_held=_time(_last_held_us([alert], held)),
        probability=alert.probability,
        calibrated=_calibrated(services, of, alert),
        priority=alert.priority,
        reason=_texts(alert),
        latitude_deg=_number(alert.lat),
        longitude_deg=_number(alert.lon),
        figures=alert.figures,
        area=alert.area,
        feature=_feature(of.view, alert.area),
        source=told[-1].stream,
        things=_things(of.view, _named([alert])),
        evidence=[
            EvidenceInfo(
                source=stream, identifier=identifier, valid=to_text(valid_us), property=None
            )
            for stream, identifier, valid_us in alert.evidence
        ]
        + [
            EvidenceInfo(
                source=one.stream,
                identifier=one.identifier,
                valid=to_text(one.valid_us),
                property=one.property,
            )
            for one in alert.claims
        ],
        tellings=[
            TellingInfo(
                known=to_text(one.known_us),
                probability=one.alert.probability,
                reason=_texts(one.alert),
                ended=one.alert.end_us is not None,
            )
            for one in told
        ],
        marking=Marking.of(services.log.label_sets.labels_of(told[-1].label_set)),
    )


def _calibrated(services: Services, of: Watched, alert: Alert) -> CalibratedInfo | None:
    found = calibrated(alert, of.judged)
    if found is None:
        return None
    labels_of, judged = services.log.label_sets.labels_of, found.judged
    labels: LabelSet = frozenset().union(*map(labels_of, judged.label_sets))
    return CalibratedInfo(
        probability=found.probability,
        useful=judged.useful,
        useless=judged.useless,
        marking=Marking.of(labels),
    )


def _saying_info(services: Services, said: Saying) -> SayingInfo:
    word = said.word
    return SayingInfo(
        claim_id=said.claim_id,
        said=word.said,
        by=said.by,
        known=to_text(said.known_us),
        text=word.text,
        reason=said.reason,
        state=word.state,
        owner=word.owner,
        item=word.item,
        done=word.done,
        useful=word.useful,
        until=_time(word.until_us),
        marking=Marking.of(services.log.label_sets.labels_of(said.label_set)),
    )


def _named(alerts: Sequence[Alert]) -> list[tuple[str, str]]:
    """Identifiers with the kind of thing that each is said to be, each once."""
    found = {name: alert.schema for alert in alerts for name in alert.identifiers}
    return list(found.items())


def _things(view: PictureView, named: Sequence[tuple[str, str]]) -> list[ThingInfo]:
    made: dict[str, ThingInfo] = {}
    for identifier, schema in named:
        state = view.track(view.object_named(identifier) or "")
        made.setdefault(
            state.object_id if state else identifier,
            ThingInfo(
                object_id=state.object_id if state else None,
                identifier=identifier,
                name=state.name if state else _source(identifier),
                schema=state.schema if state else schema,
            ),
        )
    return list(made.values())


def _source(identifier: str) -> str | None:
    """What the page of the sources calls a stream as a whole; None for anything else."""
    stream = identifier.removeprefix("stream:")
    return None if stream == identifier else plots_of(stream) or stream


def _feature(view: PictureView, identifier: str) -> ThingInfo | None:
    shown = [one for one in _things(view, [(identifier, "")]) if one.object_id is not None]
    return shown[0] if identifier and shown else None


def _texts(alert: Alert) -> dict[str, str]:
    return {"en": alert.reason_en, "fr": alert.reason_fr}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _time(moment_us: int | None) -> str | None:
    return None if moment_us is None else to_text(moment_us)
