"""Review: pairs that may be one thing, which machines leave to people."""

from __future__ import annotations

from fastapi import APIRouter

from alliage.server.models.correlations import ReviewPage
from alliage.server.paging import DEFAULT_LIMIT, Limit
from alliage.server.review_list import review_page
from alliage.server.security import TheAudience, TheServices

router = APIRouter(prefix="/review", tags=["review"])


@router.get("")
def list_review(
    audience: TheAudience, services: TheServices, limit: Limit = DEFAULT_LIMIT
) -> ReviewPage:
    """Pairs that may be one thing and that nobody has decided, the likeliest first.

    Say that they are one with `POST /objects/{object_id}/same-as`, that they are two with
    `POST /objects/{object_id}/parting` and its key `other`; what people say stands.
    """
    return review_page(services, audience, limit)
