"""Claims: everything that was said, by whom."""

from __future__ import annotations

from fastapi import APIRouter

from alliage.log.reader import CursorError
from alliage.server.models.objects import ClaimPage
from alliage.server.object_view import claim_infos
from alliage.server.paging import DEFAULT_LIMIT, Cursor, Limit, Words
from alliage.server.problems import ProblemError, problem_responses, sentence
from alliage.server.security import TheAudience, TheServices

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
    return ClaimPage(items=claim_infos(services, page.claims), next=page.next)
