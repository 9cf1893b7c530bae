"""Exercises: time and injects, in the hands of instructors; nobody else learns what is true."""

from __future__ import annotations

from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Depends, Path

from alliage.access.principal import Role
from alliage.exercise.control import ExerciseControl
from alliage.exercise.schedule import InjectError
from alliage.exercise.truth import TrueIncident
from alliage.ontology.times import to_text, to_us
from alliage.server.models.exercises import (
    ExerciseIncident,
    ExerciseInfo,
    NewInject,
    PaceChange,
    PlannedInject,
    SeekTo,
)
from alliage.server.models.tracks import Position
from alliage.server.problems import FieldError, ProblemError, not_found, problem_responses, sentence
from alliage.server.security import TheServices, TheSession, require_role

router = APIRouter(
    prefix="/exercises",
    tags=["exercises"],
    dependencies=[Depends(require_role(Role.INSTRUCTOR))],
    responses=problem_responses(403),
)

AHEAD_US: Final = 3_600_000_000
Source = Annotated[str, Path(max_length=64)]

_log = structlog.get_logger(__name__)


@router.get("")
def list_exercises(services: TheServices) -> list[ExerciseInfo]:
    """Every exercise that this node plays, with what truly goes on in it."""
    return [_info(name, control) for name, control in sorted(services.exercises.items())]


@router.post("/{source}/pace", responses=problem_responses(404))
def set_pace(
    source: Source, body: PaceChange, session: TheSession, services: TheServices
) -> ExerciseInfo:
    """Pause, go on, run faster or slower. From then on the exercise has a time of its own."""
    control = _control(services, source)
    if body.factor is not None:
        control.speed(body.factor)
    if body.paused is not None:
        (control.pause if body.paused else control.resume)()
    return _done("pace", source, control, session)


@router.post("/{source}/seek", responses=problem_responses(404))
def seek(source: Source, body: SeekTo, session: TheSession, services: TheServices) -> ExerciseInfo:
    """Go on from another time. What was reported before stays in the log, and off the picture."""
    control = _control(services, source)
    try:
        control.seek(to_us(body.time))
    except ValueError as error:
        problem = FieldError(field="body.time", message=str(error))
        raise ProblemError("invalid", "Not valid: body.time.", errors=[problem]) from None
    return _done("seek", source, control, session)


@router.post("/{source}/injects", status_code=201, responses=problem_responses(404, 409))
def inject(
    source: Source, body: NewInject, session: TheSession, services: TheServices
) -> ExerciseIncident:
    """Let something happen now, to the ship named or to a fitting one."""
    control = _control(services, source)
    near = None if body.near is None else (body.near.lon, body.near.lat)
    try:
        incident = control.inject(body.kind, body.lasts_s, near, body.ship)
    except InjectError as error:
        raise ProblemError("conflict", sentence(error)) from None
    _done("inject", source, control, session, kind=body.kind)
    return _incident(incident)


def _control(services: TheServices, source: str) -> ExerciseControl:
    control = services.exercises.get(source)
    if control is None:
        raise not_found("exercise", source)
    return control


def _done(
    what: str, source: str, control: ExerciseControl, session: TheSession, **more: object
) -> ExerciseInfo:
    _log.info(f"exercise.{what}", source=source, by=session.principal.name, **more)
    return _info(source, control)


def _info(source: str, control: ExerciseControl) -> ExerciseInfo:
    state, truth, simulation = control.state, control.truth, control.simulation
    all_incidents = truth.incidents_between(state.now_us, state.now_us + AHEAD_US)
    going_on = [one for one in all_incidents if one.start_us <= state.now_us]
    return ExerciseInfo(
        source=source,
        title=state.title,
        now=to_text(state.now_us),
        paused=state.paused,
        factor=state.factor,
        live=state.live,
        ships=len(simulation.fleet),
        going_on=[_incident(one) for one in going_on],
        to_come=[_incident(one) for one in all_incidents if one.start_us > state.now_us],
        planned=[
            PlannedInject(
                kind=one.kind.value,
                at=to_text(simulation.start_us + round(one.at * 1_000_000)),
                lasts_s=one.lasts,
                ship=one.ship,
            )
            for one in simulation.scenario.injects
        ],
    )


def _incident(one: TrueIncident) -> ExerciseIncident:
    lon, lat = one.place
    return ExerciseIncident(
        kind=one.kind.value,
        ships=list(one.names),
        mmsis=list(one.mmsis),
        begins=to_text(one.start_us),
        ends=to_text(one.end_us),
        position=Position(lon=lon, lat=lat),
        about=one.about,
    )
