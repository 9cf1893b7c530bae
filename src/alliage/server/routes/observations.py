"""Observations: the rows that entries carry, one JSON object each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from alliage.actions.bulk import BulkWritten
from alliage.actions.kinds import RaiseReport
from alliage.history.observations import ObservationReader, Wanted
from alliage.log.reader import CursorError
from alliage.ontology.observation import Kind
from alliage.ontology.times import to_us
from alliage.server.bulk import IdempotencyKey, Rows, answer_once, body_of
from alliage.server.kept import not_kept_in_log
from alliage.server.models.actions import WrittenInfo
from alliage.server.models.bulk import BulkInfo, BulkObservations
from alliage.server.models.log import ObservationPage
from alliage.server.models.proposals import NewReportLabel
from alliage.server.paging import DEFAULT_LIMIT, Cursor, Limit, Moment, Words
from alliage.server.present import observation
from alliage.server.problems import ProblemError, problem_responses, sentence
from alliage.server.security import TheAudience, TheServices, TheSession
from alliage.server.writing import checked_label, done, label_of, writing_of

router = APIRouter(prefix="/observations", tags=["observations"])


@router.get("", responses=problem_responses(400))
def list_observations(
    audience: TheAudience,
    services: TheServices,
    identifier: Words = None,
    stream: Words = None,
    kind: Annotated[Kind | None, Query()] = None,
    valid_from: Annotated[Moment, Query(alias="from")] = None,
    valid_to: Annotated[Moment, Query(alias="to")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> ObservationPage:
    """Observations in the order in which this node had them.

    `from` and `to` bound the valid time, `to` excluded. A page may be short, or even empty, and
    still have a `next`: the node looks through a bounded part of the log for each page.
    """
    from_us = None if valid_from is None else to_us(valid_from)
    until_us = None if valid_to is None else to_us(valid_to)
    wanted = Wanted(identifier, stream, kind, from_us, until_us)
    log = services.log.reader(audience)
    try:
        page = ObservationReader(log).page(wanted, cursor, limit)
    except CursorError as error:
        raise ProblemError("bad-cursor", sentence(error)) from None
    return ObservationPage(
        items=[observation(item) for item in page.items],
        next=page.next,
        not_kept=not_kept_in_log(log, from_us, until_us, None if stream is None else [stream]),
    )


@router.post("/label", status_code=201, responses=problem_responses(403, 404, 503))
def raise_report(
    body: NewReportLabel, session: TheSession, audience: TheAudience, services: TheServices
) -> WrittenInfo:
    """Put what a stream reported of a thing at one time under a further label at once.

    Other rows that came with it stay as they are. Who may not see that label sees it no more, and
    there is no way back. Where alerts rest on it, it has to be said that they are to go along; a
    call for help does not. Alerts that the person may not see go along in any case, and nothing
    tells of them.
    """
    action = RaiseReport(
        stream=body.stream,
        identifier=body.identifier,
        valid_us=to_us(body.valid),
        label=checked_label(body.label),
        reason=body.reason,
        with_alerts=body.alerts,
    )
    return done(services, session, lambda by: services.revising.raise_report(by, action))


@router.post(
    "/bulk",
    response_model=BulkInfo,
    responses=problem_responses(400, 403, 409, 413, 415, 503),
    openapi_extra=body_of(BulkObservations),
)
async def write_observations(
    request: Request,
    key: IdempotencyKey,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> Response:
    """Write observations, at most 50,000 rows and 16 MiB at once.

    JSON, or an uncompressed Arrow IPC stream whose schema has `kind`, and `label` as JSON, in its
    metadata. Rows that are not as they must be are refused one by one; the others are durable when
    this answers. Sent again with the same key, the answer is that of the first time.
    """

    def write(body: BulkObservations, rows: Rows) -> BulkWritten:
        return services.bulk.observations(
            writing_of(session), Kind(body.kind), rows, label_of(body)
        )

    return await answer_once(request, services, session, key, BulkObservations, write)
