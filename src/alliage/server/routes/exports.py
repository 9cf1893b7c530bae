"""Exports: tracks, observations and claims as files, with their markings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import StreamingResponse

from alliage.export import rows
from alliage.export.table import Table, TableError
from alliage.export.wanted import Origin, Wanted
from alliage.ontology.audience import Audience
from alliage.ontology.observation import Kind
from alliage.server.as_of import Known, TheAsOf
from alliage.server.exporting import FILE, Bind, Export, asked_by, send_export
from alliage.server.kept import not_kept_in_log
from alliage.server.paging import Moment, Words
from alliage.server.problems import FieldError, ProblemError, not_found, sentence
from alliage.server.routes.tracks import Bbox, Schemata, States, parsed_box
from alliage.server.security import TheAudience, TheServices, TheSession
from alliage.server.services import Services
from alliage.server.writing import us_or_none

router = APIRouter(prefix="/exports", tags=["exports"])


class Format(StrEnum):
    """Of the file."""

    CSV = "csv"
    JSONL = "jsonl"
    GEOJSON = "geojson"
    PARQUET = "parquet"
    ARROW = "arrow"


FormatName = Annotated[Format, Query(alias="format", description="GeoJSON where there are places")]
From = Annotated[Moment, Query(alias="from", description="valid at this time or later")]
Columns = Annotated[
    str | None,
    Query(
        max_length=500,
        description="names of columns with commas between, in the file's order; absent: all. The "
        "marking comes in any case, and so do the places where the format needs them",
        examples=["name,identifier,speed_mps"],
    ),
]
Sort = Annotated[
    str | None,
    Query(
        max_length=60,
        description="the column by which rows are sorted, with a `-` before it from the highest "
        "down; what is not known comes last. Absent: in the order of first sight",
        examples=["-speed_mps"],
    ),
]
To = Annotated[Moment, Query(alias="to", description="valid before this time")]


@dataclass(frozen=True, slots=True)
class Told:
    """What its sources call an object, and by which ids it is spoken of; None for any object."""

    things: frozenset[tuple[str, str]] | None = None
    subjects: frozenset[str] | None = None


def of_object(
    audience: TheAudience,
    services: TheServices,
    object_id: Annotated[
        str | None,
        Query(alias="object", max_length=200, description="only what is said of this object"),
    ] = None,
) -> Told:
    """Look an object up.

    Raises:
        ProblemError: ``not-found``.
    """
    if object_id is None:
        return Told()
    state = services.picture.view(audience).track(object_id)
    if state is None:
        raise not_found("object", object_id)
    things = frozenset((one.stream, one.identifier) for one in state.source_tracks)
    return Told(things, frozenset([state.object_id, *state.aliases]))


TheObject = Annotated[Told, Depends(of_object)]


@router.get("/tracks", response_class=StreamingResponse, responses=FILE)
async def export_tracks(
    request: Request,
    as_of: TheAsOf,
    session: TheSession,
    services: TheServices,
    told: TheObject,
    format_name: FormatName = Format.CSV,
    bbox: Bbox = None,
    schemata: Schemata = None,
    states: States = ["live", "fading"],  # noqa: B006
    q: Words = None,
    columns: Columns = None,
    sort: Sort = None,
    bind: Bind = None,
) -> StreamingResponse:
    """The picture's tracks as a file: those of now, or as it was (`valid`, `known`).

    Each word of `q` stands in the name or the identifier. Every row carries its marking. The
    export is audited, with what was asked for.
    """
    try:
        table = Table.read(columns, sort, with_place=format_name is Format.GEOJSON)
    except TableError as error:
        problem = FieldError(field=f"query.{error.field}", message=str(error))
        raise ProblemError("invalid", sentence(error), errors=[problem]) from None
    wanted = Wanted(subjects=told.subjects, words=tuple((q or "").lower().split()))
    states_in = as_of.view.tracks_in(parsed_box(bbox), schemata, states)
    export = Export(
        "tracks",
        format_name,
        table.schema,
        table.arranged(rows.tracks(states_in, wanted)),
        asked=asked_by(request),
        not_kept=as_of.not_kept,
        bind=bind,
    )
    return await send_export(request, services, session, export)


@router.get("/observations", response_class=StreamingResponse, responses=FILE)
async def export_observations(
    request: Request,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
    told: TheObject,
    format_name: FormatName = Format.CSV,
    kind: Annotated[Kind, Query()] = Kind.POSITION,
    identifier: Words = None,
    stream: Words = None,
    bbox: Bbox = None,
    valid_from: From = None,
    valid_to: To = None,
    known: Known = None,
    bind: Bind = None,
) -> StreamingResponse:
    """Observations of a kind as a file, in the order in which this node had them.

    At most a million rows: bound the time. Every row carries its marking. The export is audited.
    """
    streams = None if stream is None else (stream,)
    from_us, to_us = _times(valid_from, valid_to)
    origin = _origin(services, audience)
    up_to = _up_to(origin, known)
    wanted = Wanted(streams, identifier, from_us, to_us, parsed_box(bbox), told.things, up_to=up_to)
    of = streams if told.things is None else {stream for stream, _ in told.things}
    export = Export(
        "observations",
        format_name,
        rows.observation_schema(origin, kind),
        rows.observations(origin, kind, wanted),
        asked=asked_by(request),
        not_kept=not_kept_in_log(origin.reader, from_us, to_us, of),
        bind=bind,
    )
    return await send_export(request, services, session, export)


@router.get("/claims", response_class=StreamingResponse, responses=FILE)
async def export_claims(
    request: Request,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
    told: TheObject,
    format_name: FormatName = Format.CSV,
    identifier: Words = None,
    stream: Words = None,
    valid_from: From = None,
    valid_to: To = None,
    known: Known = None,
    bind: Bind = None,
) -> StreamingResponse:
    """What was said of things as a file, with what was taken back since, in the log's order.

    Every row carries its marking. The export is audited.
    """
    streams = None if stream is None else (stream,)
    from_us, to_us = _times(valid_from, valid_to)
    origin = _origin(services, audience)
    up_to = _up_to(origin, known)
    wanted = Wanted(streams, identifier, from_us, to_us, subjects=told.subjects, up_to=up_to)
    batches = rows.claims(origin, wanted)
    export = Export("claims", format_name, rows.CLAIMS, batches, asked=asked_by(request), bind=bind)
    return await send_export(request, services, session, export)


def _times(first: datetime | None, last: datetime | None) -> tuple[int | None, int | None]:
    """From when to when, in microseconds.

    Raises:
        ProblemError: ``invalid``; the end is not after the beginning.
    """
    from_us, to_us = us_or_none(first), us_or_none(last)
    if from_us is not None and to_us is not None and to_us <= from_us:
        problem = FieldError(field="query.to", message="the end has to be after the beginning")
        raise ProblemError("invalid", "Not valid: query.to.", errors=[problem])
    return from_us, to_us


def _up_to(origin: Origin, known: datetime | None) -> int | None:
    """Number of the last entry that was known then; None for all."""
    # What was before 1970 was before everything.
    return None if known is None else origin.reader.number_known_by(max(0, us_or_none(known) or 0))


def _origin(services: Services, audience: Audience) -> Origin:
    log = services.log
    return Origin(log.reader(audience), audience, services.ontology, log.label_sets)
