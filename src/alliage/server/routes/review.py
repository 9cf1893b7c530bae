"""Review: what machines leave to people of which things are one."""

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
    """What machines found of which things are one, and nobody has decided.

    Identifiers that contradict what is seen come first: one that two things bear, or two of which a
    thing bears but one. Then pairs that may be one thing, the likeliest first.

    Say that they are one with `POST /objects/{object_id}/same-as`: `other` is the other object, and
    `identifier` and `other_identifier` are those of the judgement. Say that they are two with
    `POST /objects/{object_id}/parting`, which takes the same three. What people say stands.
    """
    return review_page(services, audience, limit)
