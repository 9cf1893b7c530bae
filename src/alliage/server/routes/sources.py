"""Sources: where data come in, how well, and what was refused."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from alliage.feeds.quarantine import PAGE_LIMIT
from alliage.server.models.sources import QuarantinePage, SourceInfo
from alliage.server.paging import DEFAULT_LIMIT, Cursor
from alliage.server.problems import not_found, problem_responses
from alliage.server.security import TheAudience, TheServices

router = APIRouter(prefix="/sources", tags=["sources"])

Name = Annotated[str, Path(max_length=100)]


@router.get("")
def list_sources(audience: TheAudience, services: TheServices) -> list[SourceInfo]:
    """The sources whose label the reader may see, by name."""
    return services.sources.visible(audience, services.settings.late_after_s)


@router.get("/{name}", responses=problem_responses(404))
def read_source(name: Name, audience: TheAudience, services: TheServices) -> SourceInfo:
    """One source and its health."""
    found = services.sources.find(name, audience, services.settings.late_after_s)
    if found is None:
        raise not_found("source", name)
    return found


@router.get("/{name}/quarantine", responses=problem_responses(400, 404))
def list_quarantine(
    name: Name,
    audience: TheAudience,
    services: TheServices,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = DEFAULT_LIMIT,
) -> QuarantinePage:
    """Bytes of one source that were refused, newest first; the oldest give way to new ones."""
    scope = f"quarantine {name} {audience.key}"
    position = None if cursor is None else services.cursors.open(cursor, scope)
    found = services.sources.quarantine(name, audience, position, limit)
    if found is None:
        raise not_found("source", name)
    items, following = found
    sealed = None if following is None else services.cursors.seal(following, scope)
    return QuarantinePage(items=items, next=sealed)
