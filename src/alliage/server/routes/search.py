"""Search: find a thing by what it is called."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from alliage.server.models.search import SearchResult
from alliage.server.present import search_hit
from alliage.server.security import TheAudience, TheServices

router = APIRouter(prefix="/search", tags=["search"])


@router.get("")
def search(
    audience: TheAudience,
    services: TheServices,
    q: Annotated[str, Query(min_length=1, max_length=200)],
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> SearchResult:
    """Things whose name, call sign or identifier has this text in it, best first."""
    found = services.picture.view(audience).search(q, limit)
    return SearchResult(items=[search_hit(state) for state in found])
