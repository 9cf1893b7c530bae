"""Query parameters that no route knows are refused: a misspelt filter must not pass for none."""

from __future__ import annotations

from typing import Final

from fastapi import params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from alliage.server.problems import FieldError, ProblemError

NAMED_AT_MOST: Final = 10
SHOWN_CHARACTERS: Final = 40


async def refuse_unknown_query(connection: HTTPConnection) -> None:
    """Refuse a request whose query names what its address does not take.

    Raises:
        ProblemError: ``invalid``; says which names there are.
    """
    if connection.scope["type"] != "http" or not connection.query_params:
        return
    known = _known(connection)
    if known is None:
        return
    unknown = [name for name in connection.query_params if name not in known]
    if unknown:
        words = ", ".join(known) or "none"
        errors = [
            FieldError(
                field=f"query.{name[:SHOWN_CHARACTERS]}",
                message=f"is not known here; known are: {words}",
            )
            for name in unknown[:NAMED_AT_MOST]
        ]
        names = ", ".join(error.field for error in errors)
        raise ProblemError("invalid", f"Not valid: {names}.", errors=errors)


def _known(connection: HTTPConnection) -> list[str] | None:
    """Names that the route takes; None where it is of no noun.

    They are those of the OpenAPI document, which takes a second to make: too long for whoever
    asks first.
    """
    route = connection.scope.get("route")
    if not isinstance(route, APIRoute) or not route.include_in_schema:
        return None
    places = [(place.alias, place.field_info) for place in get_flat_params(route.dependant)]
    return [name for name, info in places if isinstance(info, params.Query)]
