"""Tracks: the list that is the map's twin, one track, and where it was."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from alliage.actions.kinds import ReportPosition
from alliage.detection.forecast.forecaster import LONGEST_S
from alliage.history.movement import POINTS_AT_MOST
from alliage.ontology.box import Box
from alliage.ontology.times import to_us
from alliage.server import present
from alliage.server.as_of import TheAsOf
from alliage.server.forecast_view import arrival_of, forecast_of
from alliage.server.kept import not_there
from alliage.server.models.actions import NewReport, WrittenInfo
from alliage.server.models.forecasts import ArrivalInfo, Forecast
from alliage.server.models.tracks import (
    Movement,
    TrackAsOf,
    TrackPage,
    TrackStateName,
    Trail,
)
from alliage.server.paging import DEFAULT_LIMIT, Cursor, Limit, TimeIn, Words
from alliage.server.problems import FieldError, ProblemError, not_found, problem_responses, sentence
from alliage.server.security import TheAudience, TheServices, TheSession
from alliage.server.track_movement import track_movement
from alliage.server.writing import do, label_of, us_or_none

router = APIRouter(prefix="/tracks", tags=["tracks"])

TrackId = Annotated[str, Path(max_length=200)]
Bbox = Annotated[
    str | None,
    Query(
        max_length=200,
        pattern=r"^-?[0-9.]+(,-?[0-9.]+){3}$",
        description="west,south,east,north in degrees; west > east crosses 180 degrees",
        examples=["7.5,53,17,59.5"],
    ),
]
Schemata = Annotated[
    list[Annotated[str, Query(max_length=100, pattern=r"^[A-Za-z][A-Za-z0-9]*$")]] | None,
    Query(alias="schema", max_length=50, description="kinds, with all that extend them"),
]
States = Annotated[list[TrackStateName], Query(alias="state", min_length=1, max_length=3)]


@router.get("", responses=problem_responses(400))
def list_tracks(
    as_of: TheAsOf,
    bbox: Bbox = None,
    schemata: Schemata = None,
    states: States = ["live", "fading"],  # noqa: B006
    q: Words = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> TrackPage:
    """Tracks of the reader's picture, in the order in which the reader first could see them.

    `q` looks in names, call signs and identifiers. Ended tracks are only listed when asked for.
    """
    try:
        page = as_of.view.page(parsed_box(bbox), schemata, states, q or "", cursor, limit)
    except ValueError as error:
        raise ProblemError("bad-cursor", sentence(error)) from None
    items = [present.track(state) for state in page.items]
    return TrackPage(items=items, next=page.next, not_kept=as_of.not_kept)


@router.post("", status_code=201, responses=problem_responses(403, 404, 503))
def report_track(
    body: NewReport, session: TheSession, audience: TheAudience, services: TheServices
) -> WrittenInfo:
    """Enter a report by voice: begin a track by hand, or carry one on.

    The report is an observation in the writer's own stream. Where other sources follow the same
    thing (by its identifier) they stay as they are, and the latest report gives the position. A
    second report of the same time stands in place of the first.
    """
    reading = services.picture.view(audience).reading
    action = ReportPosition(
        object_id=body.track_id,
        identifier=body.identifier,
        schema=body.schema_name,
        latitude_deg=body.position.lat,
        longitude_deg=body.position.lon,
        uncertainty_m=body.uncertainty_m,
        speed_mps=body.speed_mps,
        course_deg=body.course_deg,
        altitude_m=body.altitude_m,
        time_us=reading.now_us if body.time is None else us_or_none(body.time),
        text=body.text,
        properties=body.properties,
        reason=body.reason,
        label=label_of(body),
        opened=tuple(body.opened),
    )
    return do(services, session, action)


@router.get("/{track_id}", responses=problem_responses(404, 410))
def read_track(track_id: TrackId, as_of: TheAsOf) -> TrackAsOf:
    """One track, by its id or that of any visible source track of it."""
    state = as_of.view.track(track_id)
    if state is None:
        raise not_there("track", track_id, as_of.not_kept)
    return TrackAsOf(**dict(present.track(state)), not_kept=as_of.not_kept)


@router.get("/{track_id}/trail", responses=problem_responses(404))
def read_trail(track_id: TrackId, audience: TheAudience, services: TheServices) -> Trail:
    """Recent positions of a track."""
    view = services.picture.view(audience)
    state = view.track(track_id)
    if state is None:
        raise not_found("track", track_id)
    return Trail(
        track_id=state.track_id,
        points=[present.trail_point(point) for point in view.trail(track_id)],
        marking=present.marking_of(state),
    )


@router.get("/{track_id}/movement", responses=problem_responses(404))
def read_movement(
    track_id: TrackId,
    audience: TheAudience,
    services: TheServices,
    first: Annotated[TimeIn, Query(alias="from", description="RFC 3339 with a zone")],
    last: Annotated[TimeIn, Query(alias="to", description="RFC 3339 with a zone; excluded")],
    points: Annotated[int, Query(ge=1, le=POINTS_AT_MOST)] = 300,
) -> Movement:
    """Speed, course and altitude over time: the first report of each of so many equal parts.

    The latest is looked up first, and only for some seconds: `complete` is false where that was
    not enough.
    """
    try:
        found = track_movement(services, audience, track_id, to_us(first), to_us(last), points)
    except ValueError as error:
        problem = FieldError(field="query.to", message=str(error))
        raise ProblemError("invalid", "Not valid: query.to.", errors=[problem]) from None
    if found is None:
        raise not_found("track", track_id)
    return found


def parsed_box(text: str | None) -> Box | None:
    """Return the box of a bbox parameter; None for none.

    Raises:
        ProblemError: ``invalid``; it is upside down or off the earth.
    """
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
        return Box.of(west, south, east, north)
    except ValueError as error:
        problem = FieldError(field="query.bbox", message=str(error))
        raise ProblemError("invalid", "Not valid: query.bbox.", errors=[problem]) from None


@router.get("/{track_id}/forecast", responses=problem_responses(404))
def read_forecast(
    track_id: TrackId,
    audience: TheAudience,
    services: TheServices,
    ahead_s: Annotated[
        list[Annotated[float, Query(gt=0, le=LONGEST_S)]],
        Query(min_length=1, max_length=24, description="seconds after its last position"),
    ] = [300.0, 900.0, 1_800.0, 3_600.0],  # noqa: B006
) -> Forecast:
    """Where a track will be, with the areas in which 50 and 90 of 100 are found.

    The place follows from speed and course, drawn towards where others went that passed the same
    water alike, as far as that has shown to be better; the areas are as large as past forecasts
    missed by. Only what the reader may see
    has any influence on it.
    """
    found = forecast_of(services, audience, track_id, ahead_s)
    if found is None:
        raise not_found("track", track_id)
    return found


@router.get("/{track_id}/arrival", responses=problem_responses(404))
def read_arrival(
    track_id: TrackId,
    audience: TheAudience,
    services: TheServices,
    lat: Annotated[float, Query(ge=-90, le=90, description="of the place, degrees")],
    lon: Annotated[float, Query(ge=-180, le=180)],
) -> ArrivalInfo:
    """When a track will be at a place, if it goes there: from its forecast of up to six hours.

    Of a hundred that come to such a place about 90 do so between `earliest` and `latest`. Only
    what the reader may see has any influence on it.
    """
    found = arrival_of(services, audience, track_id, (lat, lon))
    if found is None:
        raise not_found("track", track_id)
    return found
