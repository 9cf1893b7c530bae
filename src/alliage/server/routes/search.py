"""Search: find a thing by whatever was said of it, and by where and what it is."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import TypeAdapter

from alliage.search.query import CHARACTERS_AT_MOST, QueryError, parse_query
from alliage.search.search import SearchCursorError
from alliage.server.as_of import TheAsOf
from alliage.server.etags import NOT_MODIFIED, tagged
from alliage.server.models.search import SearchResult, Suggestion
from alliage.server.paging import Cursor
from alliage.server.problems import FieldError, ProblemError, problem_responses, sentence
from alliage.server.search_view import asked, search_result, suggestion
from alliage.server.security import TheAudience, TheServices

router = APIRouter(prefix="/search", tags=["search"])

_RESULT: Final = TypeAdapter(SearchResult)

Filter = Annotated[
    list[Annotated[str, Query(min_length=1, max_length=100)]] | None, Query(max_length=50)
]
One = Annotated[str | None, Query(min_length=1, max_length=100)]


@router.get("", response_model=SearchResult, responses={**NOT_MODIFIED, **problem_responses(400)})
def search(
    request: Request,
    audience: TheAudience,
    services: TheServices,
    as_of: TheAsOf,
    q: Annotated[
        str,
        Query(
            max_length=CHARACTERS_AT_MOST,
            description="words, and filters as in `frio kind:Vessel near:Bornholm<20nm`",
        ),
    ] = "",
    kind: Filter = None,
    source: Filter = None,
    nation: Filter = None,
    affiliation: Filter = None,
    state: Filter = None,
    near: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=100,
            description="a place, a thing, or latitude,longitude; `<20nm`: how far",
            examples=["Bornholm<20nm", "55.1,14.7<10km"],
        ),
    ] = None,
    since: One = None,
    until: One = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> Response:
    """Things that have every word, whichever text of theirs holds it, and fit every filter.

    A filter may stand in `q` or have a parameter of its own; given twice it takes either value.
    With `valid` or `known` it is the search of that time: what was said later is not found, and
    what was taken back later is.
    """
    now_us = as_of.now_us
    filters = {
        "kind": kind, "source": source, "nation": nation, "affiliation": affiliation,
        "state": state, "near": near and [near], "since": since and [since],
        "until": until and [until],
    }  # fmt: skip
    try:
        typed = parse_query(q, services.ontology, now_us)
        query = asked(typed, filters, services.ontology, now_us)
        found = services.search.search(audience, query, limit, cursor, as_of.past)
    except QueryError as error:
        problem = FieldError(field="query.q", message=str(error))
        raise ProblemError("invalid", sentence(error), errors=[problem]) from None
    except SearchCursorError as error:
        raise ProblemError("bad-cursor", sentence(error)) from None
    return tagged(request, _RESULT, search_result(as_of, query, found))


@router.get("/suggestions")
def suggest(
    audience: TheAudience,
    services: TheServices,
    as_of: TheAsOf,
    q: Annotated[str, Query(min_length=1, max_length=CHARACTERS_AT_MOST)],
    limit: Annotated[int, Query(ge=1, le=20)] = 8,
) -> list[Suggestion]:
    """Names that you may see, and places, that begin with these words."""
    found = services.search.suggest(audience, q, limit, as_of.past)
    return [suggestion(services, kind, text) for kind, text in found]
