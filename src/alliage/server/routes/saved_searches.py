"""Saved searches: the signed-in person's own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from alliage.access.saved_searches import NAME_CHARACTERS, SavedSearch
from alliage.access.users import AccountError
from alliage.ontology.times import to_text
from alliage.server.models.search import SavedSearchInfo, SearchToSave
from alliage.server.problems import ProblemError, not_found, problem_responses, sentence
from alliage.server.security import TheServices, TheSession

router = APIRouter(prefix="/searches", tags=["search"])

Name = Annotated[str, Path(min_length=1, max_length=NAME_CHARACTERS)]


@router.get("")
def list_searches(session: TheSession, services: TheServices) -> list[SavedSearchInfo]:
    """Your own saved searches, by name."""
    saved = services.accounts.saved_searches.of_user(session.principal.user_id)
    return [_said(search) for search in saved]


@router.put("/{name}", responses=problem_responses(409))
def save_search(
    name: Name, body: SearchToSave, session: TheSession, services: TheServices
) -> SavedSearchInfo:
    """Keep a search under a name; one of the same name is replaced."""
    try:
        saved = services.accounts.saved_searches.save(session.principal.user_id, name, body.query)
    except AccountError as error:
        raise ProblemError("conflict", sentence(error)) from None
    return _said(saved)


@router.delete("/{name}", status_code=204, responses=problem_responses(404))
def remove_search(name: Name, session: TheSession, services: TheServices) -> None:
    """Forget a saved search."""
    try:
        services.accounts.saved_searches.remove(session.principal.user_id, name)
    except KeyError:
        raise not_found("saved search", name) from None


def _said(search: SavedSearch) -> SavedSearchInfo:
    return SavedSearchInfo(name=search.name, query=search.query, saved=to_text(search.saved_us))
