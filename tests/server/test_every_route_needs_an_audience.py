"""No route answers with data unless it is told for whom."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from alliage.server.security import audience_of, signed_in
from tests.server.small_node import SmallNode

PUBLIC = {
    "POST /api/v1/session",
    "POST /api/v1/session/one-time",
    "GET /api/v1/health/live",
    "GET /api/v1/health/ready",
}
"""No session needed: signing in, and whether the node lives."""

DECIDE_THEMSELVES = {"GET /api/v1/metrics"}
"""Tested on their own: an administrator's session, or loopback and then nothing about data."""

FOR_INSTRUCTORS = {
    "GET /api/v1/exercises",
    "POST /api/v1/exercises/{source}/pace",
    "POST /api/v1/exercises/{source}/seek",
    "POST /api/v1/exercises/{source}/injects",
}
"""What is true in an exercise is in no log and bears no label: the role alone decides."""

NO_DATA = {
    "GET /api/v1/session",
    "PATCH /api/v1/session",
    "DELETE /api/v1/session",
    "GET /api/v1/schemata",
    "GET /api/v1/schemata/refused",
    "GET /api/v1/schemata/{name}",
    "GET /api/v1/formats",
    "GET /api/v1/markings/words",
    "GET /api/v1/searches",
    "PUT /api/v1/searches/{name}",
    "DELETE /api/v1/searches/{name}",
    "GET /api/v1/tokens",
    "POST /api/v1/tokens",
    "DELETE /api/v1/tokens/{token_id}",
    "GET /api/v1/users",
    "POST /api/v1/users",
    "PATCH /api/v1/users/{user_id}",
    "DELETE /api/v1/users/{user_id}",
}
"""A session is needed; what they tell is the node's own configuration and carries no label."""


def _calls(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from _calls(inner)


def _routes(node: SmallNode) -> dict[str, set[object]]:
    return {
        f"{method} {context.path}": set(_calls(context.dependant))
        for context in iter_route_contexts(node.app.routes)
        if isinstance(context.original_route, APIRoute)
        for method in context.methods or ()
    }


def test_every_route_takes_an_audience_or_is_listed_here(node: SmallNode) -> None:
    routes = _routes(node)
    assert len(routes) > 20
    open_ones = {name for name, calls in routes.items() if signed_in not in calls}
    assert open_ones == PUBLIC | DECIDE_THEMSELVES
    without_audience = {name for name, calls in routes.items() if audience_of not in calls}
    assert without_audience == PUBLIC | DECIDE_THEMSELVES | FOR_INSTRUCTORS | NO_DATA


def test_what_is_not_an_api_route_carries_no_data(node: SmallNode) -> None:
    others = [
        context.path
        for context in iter_route_contexts(node.app.routes)
        if not isinstance(context.original_route, APIRoute)
    ]
    # The socket takes its audience from the session by itself; test_picture_socket.py has that.
    assert sorted(str(path) for path in others) == ["/api/v1/openapi.json", "/api/v1/picture"]
