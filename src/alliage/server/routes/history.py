"""The past: how far back it goes, and its positions by place and time.

The picture's socket plays it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import TypeAdapter

from alliage.history.cells import FINEST
from alliage.history.selection import TooMuchError, Where
from alliage.log.density import BINS_AT_MOST, Axis
from alliage.ontology.times import to_text, to_us
from alliage.server.etags import NOT_MODIFIED, tagged
from alliage.server.history_view import Past, as_geojson
from alliage.server.models.history import (
    CellCollection,
    CellCountList,
    HistoryDensity,
    HistoryExtent,
    PastPositionPage,
    Trajectory,
)
from alliage.server.paging import DEFAULT_LIMIT, Cursor, Limit, Moment, TimeIn, Words
from alliage.server.problems import FieldError, ProblemError, problem_responses, sentence
from alliage.server.routes.tracks import Bbox, parsed_box
from alliage.server.security import TheAudience, TheServices

router = APIRouter(prefix="/history", tags=["history"])

DAY_US: Final = 86_400_000_000
CELLS_DAYS: Final = 31
LATEST_DAYS: Final = 31
TRAJECTORY_DAYS: Final = 366
_POSITIONS: Final = TypeAdapter(PastPositionPage)
_CELLS: Final[TypeAdapter[CellCountList | CellCollection]] = TypeAdapter(
    CellCountList | CellCollection
)
_TRAJECTORY: Final = TypeAdapter(Trajectory)

From = Annotated[TimeIn, Query(alias="from", description="valid at this time or later")]
To = Annotated[TimeIn, Query(alias="to", description="valid before this time")]
Known = Annotated[
    Moment, Query(description="only what this node had by this time; absent: all it has now")
]
Streams = Annotated[
    list[Annotated[str, Query(min_length=1, max_length=200)]] | None,
    Query(alias="stream", max_length=50, description="only what these streams say"),
]


@router.get("/extent")
def read_extent(audience: TheAudience, services: TheServices) -> HistoryExtent:
    """From when to when visible observations are about."""
    log = services.log.reader(audience)
    extent = log.extent_us()
    return HistoryExtent(
        earliest=None if extent is None else to_text(extent[0]),
        latest=None if extent is None else to_text(extent[1]),
        not_kept_before={
            stream: to_text(before_us) for stream, before_us in sorted(log.not_kept().items())
        },
    )


@router.get("/density", responses=problem_responses())
def read_density(
    audience: TheAudience,
    services: TheServices,
    first: Annotated[TimeIn, Query(alias="from", description="RFC 3339 with a zone")],
    last: Annotated[TimeIn, Query(alias="to", description="RFC 3339 with a zone; excluded")],
    bins: Annotated[int, Query(ge=1, le=BINS_AT_MOST)] = 200,
) -> HistoryDensity:
    """How much the log holds of each time, of what the reader may see."""
    try:
        axis = Axis(to_us(first), to_us(last), bins)
    except ValueError as error:
        problem = FieldError(field="query.to", message=str(error))
        raise ProblemError("invalid", "Not valid: query.to.", errors=[problem]) from None
    density = services.log.reader(audience).density(axis)
    return HistoryDensity(
        first=to_text(axis.from_us),
        last=to_text(axis.to_us),
        reports=[round(count, 1) for count in density.reports.tolist()],
        statements=[round(count, 1) for count in density.statements.tolist()],
    )


@router.get(
    "/positions",
    response_model=PastPositionPage,
    responses={**NOT_MODIFIED, **problem_responses(400, 503)},
)
def list_positions(
    request: Request,
    audience: TheAudience,
    services: TheServices,
    first: From,
    last: To,
    bbox: Bbox = None,
    identifier: Words = None,
    streams: Streams = None,
    known: Known = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """Position reports of a time, by valid time: of a box, a thing, some streams.

    A page may be short, or even empty, and still have a `next`: each looks through at most a
    month in which nothing was.
    """
    where = _where(to_us(first), to_us(last), None, bbox, identifier, streams, known)
    page = Past.asked(services, audience, where).positions(cursor, limit)
    return tagged(request, _POSITIONS, page)


@router.get(
    "/latest",
    response_model=PastPositionPage,
    responses={**NOT_MODIFIED, **problem_responses(400, 503)},
)
def list_latest(
    request: Request,
    audience: TheAudience,
    services: TheServices,
    before: Annotated[TimeIn, Query(description="valid before this time")],
    first: Annotated[
        Moment, Query(alias="from", description="how far to look back; absent: a day")
    ] = None,
    bbox: Bbox = None,
    identifier: Words = None,
    streams: Streams = None,
    known: Known = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    """The last report of each source track before a time; of a box: of those in it then.

    In the order of streams and identifiers. It looks back at most 31 days.
    """
    before_us = to_us(before)
    since_us = before_us - DAY_US if first is None else to_us(first)
    where = _where(since_us, before_us, LATEST_DAYS, bbox, identifier, streams, known, end="before")
    page = Past.asked(services, audience, where).latest(before_us, cursor, limit)
    return tagged(request, _POSITIONS, page)


@router.get(
    "/cells",
    response_model=CellCountList | CellCollection,
    responses={**NOT_MODIFIED, **problem_responses(400, 503)},
)
def count_cells(
    request: Request,
    audience: TheAudience,
    services: TheServices,
    first: From,
    last: To,
    resolution: Annotated[int, Query(ge=0, le=FINEST, description="of H3")] = 5,
    bbox: Bbox = None,
    streams: Streams = None,
    known: Known = None,
    form: Annotated[
        Literal["json", "geojson"], Query(alias="format", description="geojson: with outlines")
    ] = "json",
) -> Response:
    """How many reports, and of how many source tracks, there were in each H3 cell.

    At most 31 days, 20 million reports and 50,000 cells.
    """
    where = _where(to_us(first), to_us(last), CELLS_DAYS, bbox, None, streams, known)
    try:
        found = Past.asked(services, audience, where).cells(resolution)
    except TooMuchError as error:
        raise _not_valid("query.to", error) from None
    return tagged(request, _CELLS, as_geojson(found) if form == "geojson" else found)


@router.get(
    "/trajectory",
    response_model=Trajectory,
    responses={**NOT_MODIFIED, **problem_responses(400, 503)},
)
def read_trajectory(
    request: Request,
    audience: TheAudience,
    services: TheServices,
    first: From,
    last: To,
    identifier: Annotated[str, Query(min_length=1, max_length=200, examples=["mmsi:219012345"])],
    streams: Streams = None,
    known: Known = None,
    simplify_m: Annotated[
        float | None,
        Query(gt=0, le=1e6, description="leave out what is nearer than this to the line"),
    ] = None,
) -> Response:
    """Where a thing was, a line for each stream that tells of it, simplified for the screen.

    At most 366 days, 2 million reports, and 50,000 points after simplifying.
    """
    where = _where(to_us(first), to_us(last), TRAJECTORY_DAYS, None, identifier, streams, known)
    try:
        found = Past.asked(services, audience, where).trajectory(identifier, simplify_m)
    except TooMuchError as error:
        raise _not_valid("query.to", error) from None
    return tagged(request, _TRAJECTORY, found)


def _where(
    from_us: int,
    until_us: int,
    days: int | None,
    bbox: str | None,
    identifier: str | None,
    streams: Sequence[str] | None,
    known: datetime | None,
    end: str = "to",
) -> Where:
    """What is asked for.

    Raises:
        ProblemError: ``invalid``; there is no time between, or more than so many days.
    """
    # What was before 1970 was before everything.
    from_us, until_us = max(0, from_us), max(0, until_us)
    if not from_us < until_us:
        raise _not_valid(f"query.{end}", ValueError("the end has to be after the beginning"))
    if days is not None and until_us - from_us > days * DAY_US:
        raise _not_valid(f"query.{end}", ValueError(f"at most {days} days at once"))
    known_us = None if known is None else to_us(known)
    return Where(from_us, until_us, parsed_box(bbox), None, identifier, streams, known_us)


def _not_valid(name: str, error: ValueError) -> ProblemError:
    problem = FieldError(field=name, message=str(error))
    return ProblemError("invalid", sentence(error), errors=[problem])
