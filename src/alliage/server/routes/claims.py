"""Claims: everything that was said, by whom."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from alliage.actions.bulk import BulkWritten
from alliage.actions.kinds import RaiseLabel, Retract
from alliage.log.reader import CursorError
from alliage.server.bulk import IdempotencyKey, Rows, answer_once, body_of
from alliage.server.models.actions import NewRetraction, WrittenInfo
from alliage.server.models.bulk import BulkClaims, BulkInfo
from alliage.server.models.objects import ClaimPage
from alliage.server.models.proposals import NewLabel
from alliage.server.object_view import claim_infos
from alliage.server.paging import DEFAULT_LIMIT, Cursor, Limit, Words
from alliage.server.problems import ProblemError, problem_responses, sentence
from alliage.server.security import TheAudience, TheServices, TheSession
from alliage.server.writing import checked_label, do, done, label_of, writing_of

router = APIRouter(prefix="/claims", tags=["claims"])


@router.get("", responses=problem_responses(400))
def list_claims(
    audience: TheAudience,
    services: TheServices,
    subject: Words = None,
    identifier: Words = None,
    property: Words = None,  # noqa: A002
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> ClaimPage:
    """Claims about a subject or an identifier, or all of them, latest known first."""
    reader = services.claims.reader(audience)
    try:
        page = reader.page(
            subject=subject, identifier=identifier, property=property, cursor=cursor, limit=limit
        )
    except CursorError as error:
        raise ProblemError("bad-cursor", sentence(error)) from None
    return ClaimPage(items=claim_infos(services, reader, page.claims), next=page.next)


@router.post("/{claim_id}/retraction", status_code=201, responses=problem_responses(403, 404, 503))
def retract_claim(
    claim_id: Annotated[str, Path(max_length=200)],
    body: NewRetraction,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> WrittenInfo:
    """Take a claim back: it stays in the history, marked, and counts no more.

    For those who may not see the retraction the claim stands. A retraction can be taken back.
    """
    action = Retract(
        claim_id=claim_id, reason=body.reason, label=label_of(body), opened=tuple(body.opened)
    )
    return do(services, session, action)


@router.post("/{claim_id}/label", status_code=201, responses=problem_responses(403, 404, 503))
def raise_label(
    claim_id: Annotated[str, Path(max_length=200)],
    body: NewLabel,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> WrittenInfo:
    """Put a claim, and all that was written with it, under a further label at once.

    Of what speaks of several things (a bulk write, a feed) it is the claim alone. Who may not see
    that label sees it no more. There is no way back but a release. Where alerts rest on it, it has
    to be said that they are to go along; a call for help does not. Alerts that the person may not
    see go along in any case, and nothing tells of them.
    """
    label = checked_label(body.label)
    action = RaiseLabel(claim_id=claim_id, label=label, reason=body.reason, with_alerts=body.alerts)
    return done(services, session, lambda by: services.revising.raise_label(by, action))


@router.post(
    "/bulk",
    response_model=BulkInfo,
    responses=problem_responses(400, 403, 409, 413, 415, 503),
    openapi_extra=body_of(BulkClaims),
)
async def write_claims(
    request: Request,
    key: IdempotencyKey,
    session: TheSession,
    audience: TheAudience,
    services: TheServices,
) -> Response:
    """Write claims, at most 50,000 rows and 16 MiB at once.

    JSON, or an uncompressed Arrow IPC stream with one column a key and `label` as JSON in its
    schema's metadata. Rows that are not as they must be are refused one by one; the others are
    durable when this answers. Sent again with the same key, the answer is that of the first time.
    """

    def write(body: BulkClaims, rows: Rows) -> BulkWritten:
        return services.bulk.claims(writing_of(session), rows, label_of(body))

    return await answer_once(request, services, session, key, BulkClaims, write)
