"""Exercises: time and injects, in the hands of instructors; nobody else learns what is true."""

from __future__ import annotations

from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Depends, Path, Query

from alliage.access.audit import Act, AuditEvent
from alliage.access.principal import Role
from alliage.exercise.air_truth import TrueFlight, true_flights
from alliage.exercise.control import ExerciseControl
from alliage.exercise.scenario import Inject
from alliage.exercise.schedule import InjectError
from alliage.exercise.sensors import Finder, Radar
from alliage.exercise.truth import TrueIncident
from alliage.ontology.audience import Audience
from alliage.ontology.times import to_text, to_us
from alliage.server.measures_view import exercise_measures
from alliage.server.models.exercises import (
    ExerciseIncident,
    ExerciseInfo,
    ExerciseMeasures,
    ExerciseSensor,
    NewInject,
    PaceChange,
    PlannedInject,
    SeekTo,
)
from alliage.server.models.quality import MeasuresSeries
from alliage.server.models.tracks import Position
from alliage.server.problems import FieldError, ProblemError, not_found, problem_responses
from alliage.server.routes.tracks import Bbox, parsed_box
from alliage.server.security import SignedIn, TheAudience, TheServices, TheSession, require_role
from alliage.server.series_view import measures_series
from alliage.server.services import Services

router = APIRouter(
    prefix="/exercises",
    tags=["exercises"],
    dependencies=[Depends(require_role(Role.INSTRUCTOR))],
    responses=problem_responses(403),
)

AHEAD_US: Final = 3_600_000_000
CASTABLE_AT_MOST: Final = 1_000
OUT_OF_REACH: Final = "time_out_of_reach"
Source = Annotated[str, Path(max_length=64)]
Cutoff = Annotated[
    float,
    Query(ge=10.0, le=50_000.0, description="a track farther away has nothing to do with a ship"),
]

_log = structlog.get_logger(__name__)


@router.get("")
def list_exercises(audience: TheAudience, services: TheServices) -> list[ExerciseInfo]:
    """Every exercise whose source the instructor may see, with what truly goes on in it."""
    names = [source.name for source in services.sources.visible(audience)]
    return [_info(services, audience, name) for name in names if name in services.exercises]


@router.post("/{source}/pace", responses=problem_responses(404))
def set_pace(
    source: Source,
    body: PaceChange,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> ExerciseInfo:
    """Pause, go on, run faster or slower. From then on the exercise has a time of its own."""
    control = _control(services, audience, source)
    if body.factor is not None:
        control.speed(body.factor)
    if body.paused is not None:
        (control.pause if body.paused else control.resume)()
    _note("pace", source, session, services)
    return _info(services, audience, source)


@router.post("/{source}/seek", responses=problem_responses(404))
def seek(
    source: Source,
    body: SeekTo,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> ExerciseInfo:
    """Go on from another time, or with the wall's. What was reported stays in the log."""
    control = _control(services, audience, source)
    try:
        if body.time is None:
            control.join_wall(services.clock.now_us())
        else:
            control.seek(to_us(body.time))
    except ValueError as error:
        raise _invalid("body.time", error, OUT_OF_REACH) from None
    _note("seek", source, session, services)
    return _info(services, audience, source)


@router.post("/{source}/injects", status_code=201, responses=problem_responses(404))
def inject(
    source: Source,
    body: NewInject,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> ExerciseIncident:
    """Let something happen now, to the ship named or to a fitting one."""
    control = _control(services, audience, source)
    near = None if body.near is None else (body.near.lon, body.near.lat)
    try:
        incident = control.inject(body.kind, body.lasts_s, near, body.ship)
    except InjectError as error:
        field = "body.kind" if body.ship is None else "body.ship"
        raise _invalid(field, error, error.refusal) from None
    _note("inject", source, session, services, kind=body.kind)
    return _incident(incident)


@router.get("/{source}/measures", responses=problem_responses(400, 404))
def read_measures(
    source: Source,
    audience: TheAudience,
    services: TheServices,
    bbox: Bbox = None,
    cutoff_m: Cutoff = 1_000.0,
) -> ExerciseMeasures:
    """The picture that the instructor sees, measured against the truth: GOSPA, OSPA and SIAP.

    As a whole and source by source, each carried on to the same moment.
    """
    control = _control(services, audience, source)
    return exercise_measures(services, audience, control.truth, parsed_box(bbox), cutoff_m)


@router.get("/{source}/measures/series", responses=problem_responses(404))
def read_measures_series(
    source: Source, audience: TheAudience, services: TheServices
) -> MeasuresSeries:
    """How near the instructor's picture came to the truth over the last eight hours, at most.

    Of all of it, with a cutoff of 1 km, minute by minute since an instructor was here first.
    """
    _control(services, audience, source)
    return measures_series(services, audience, source)


def _control(services: TheServices, audience: Audience, source: str) -> ExerciseControl:
    control = services.exercises.get(source)
    if control is None or services.sources.find(source, audience) is None:
        raise not_found("exercise", source)
    return control


def _invalid(field: str, error: ValueError, code: str | None) -> ProblemError:
    problem = FieldError(field=field, message=str(error), code=code)
    return ProblemError("invalid", f"Not valid: {field}.", errors=[problem])


def _note(what: str, source: str, session: SignedIn, services: Services, **more: object) -> None:
    event = AuditEvent(
        Act.EXERCISE_STEERED,
        by=session.principal,
        on=(source,),
        labels=services.sources.labels_of(source),
        decision="role instructor",
        details={"what": what, **more},
    )
    services.audit(event)
    _log.info(f"exercise.{what}", source=source, by=session.principal.name, **more)


def _info(services: TheServices, audience: Audience, source: str) -> ExerciseInfo:
    control, played = services.exercises[source], services.sources.find(source, audience)
    if played is None:
        raise not_found("exercise", source)
    state, truth, simulation = control.state, control.truth, control.simulation
    ahead_us = state.now_us, state.now_us + AHEAD_US
    all_incidents: list[TrueIncident | TrueFlight] = [*truth.incidents_between(*ahead_us)]
    all_incidents += true_flights(simulation, *ahead_us)
    going_on = [one for one in all_incidents if one.start_us <= state.now_us]
    return ExerciseInfo(
        source=source,
        title=state.title,
        now=to_text(state.now_us),
        paused=state.paused,
        factor=state.factor,
        live=state.live,
        may_join_wall=state.may_join_wall,
        marking=played.marking,
        ships=len(simulation.fleet),
        boats=len(simulation.lives) - len(simulation.fleet),
        castable=control.castable[:CASTABLE_AT_MOST],
        going_on=[_incident(one) for one in going_on],
        to_come=[_incident(one) for one in all_incidents if one.start_us > state.now_us],
        planned=[
            _planned(one, simulation.start_us, simulation.refused.get(place))
            for place, one in enumerate(simulation.scenario.injects)
        ],
        sensors=[_sensor(*one) for one in truth.sensors().items()],
    )


def _sensor(identifier: str, sensor: Radar | Finder) -> ExerciseSensor:
    return ExerciseSensor(
        identifier=identifier,
        name=sensor.name,
        nation=sensor.nation,
        range_bias_m=sensor.range_bias_m if isinstance(sensor, Radar) else 0.0,
        bearing_bias_deg=sensor.bearing_bias_deg,
        clock_offset_s=sensor.clock_offset_s,
    )


def _planned(one: Inject, start_us: int, refused: InjectError | None) -> PlannedInject:
    return PlannedInject(
        kind=one.kind.value,
        at=to_text(start_us + round(one.at * 1_000_000)),
        lasts_s=one.lasts,
        near=None if one.near is None else Position(lon=one.near[0], lat=one.near[1]),
        ship=one.ship,
        refused=None if refused is None else refused.refusal,
    )


def _incident(one: TrueIncident | TrueFlight) -> ExerciseIncident:
    lon, lat = one.place
    position, begins, ends = Position(lon=lon, lat=lat), to_text(one.start_us), to_text(one.end_us)
    if isinstance(one, TrueFlight):
        return ExerciseIncident(
            kind=one.kind.value, ships=[one.name], mmsis=[], begins=begins, ends=ends,
            position=position, about="",
        )  # fmt: skip
    return ExerciseIncident(
        kind=one.kind.value, ships=list(one.names), mmsis=list(one.mmsis), begins=begins, ends=ends,
        position=position, about=one.about,
    )  # fmt: skip
