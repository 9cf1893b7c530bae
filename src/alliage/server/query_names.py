"""Query parameters that no route knows are refused: a misspelt filter must not pass for none."""

from __future__ import annotations

from typing import Final

from starlette.requests import HTTPConnection

from alliage.server.logs import route_of
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
    """Names of the OpenAPI document; None where it leaves the route out."""
    paths = connection.app.openapi()["paths"]
    below = route_of(connection.scope)
    path = next((path for path in (below, f"/api/v1{below}") if path in paths), None)
    operation = paths.get(path, {}).get(connection.scope["method"].lower())
    if operation is None:
        return None
    return [place["name"] for place in operation.get("parameters", ()) if place["in"] == "query"]
