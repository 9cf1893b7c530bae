"""No route answers with data unless it is told for whom."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from alliage.server.comparison import comparison_of
from alliage.server.security import audience_of, signed_in
from tests.server.small_node import SmallNode

WITHOUT_SESSION = {
    "POST /api/v1/session": "signing in; says who one is, and what time it is in one's picture",
    "POST /api/v1/session/one-time": "as signing in",
    "GET /api/v1/health/live": "whether the process lives",
    "GET /api/v1/health/ready": "whether the node serves; the same for all",
    "GET /api/v1/metrics": "decides itself: an administrator's session, else nothing of sources",
}

WITHOUT_AUDIENCE = {
    "GET /api/v1/session": "who one is; the clock is read through one's own audience",
    "PATCH /api/v1/session": "one's own language",
    "DELETE /api/v1/session": "signs out",
    "PUT /api/v1/session/password": "one's own password",
    "GET /api/v1/schemata": "the node's words, which are configuration and bear no label",
    "GET /api/v1/schemata/refused": "as schemata",
    "GET /api/v1/schemata/{name}": "as schemata",
    "GET /api/v1/formats": "what this program can decode",
    "GET /api/v1/markings/words": "the security policies' words, which are configuration",
    "GET /api/v1/searches": "one's own questions; their answers are read through /search",
    "PUT /api/v1/searches/{name}": "as searches",
    "DELETE /api/v1/searches/{name}": "as searches",
    "GET /api/v1/tokens": "one's own tokens",
    "POST /api/v1/tokens": "one's own tokens",
    "DELETE /api/v1/tokens/{token_id}": "one's own tokens",
    "GET /api/v1/users": "accounts, for administrators (decision 0055)",
    "POST /api/v1/users": "as users",
    "GET /api/v1/vouchings": "accounts that wait, for the node's own people (decision 0240)",
    "POST /api/v1/vouchings": "as vouchings",
    "PATCH /api/v1/users/{user_id}": "as users",
    "DELETE /api/v1/users/{user_id}": "as users",
}
"""What takes a session and no audience, and why nothing labelled is told."""


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
    assert open_ones == WITHOUT_SESSION.keys()
    without_audience = {
        name for name, calls in routes.items() if not calls & {audience_of, comparison_of}
    }
    assert without_audience == WITHOUT_SESSION.keys() | WITHOUT_AUDIENCE.keys()


def test_what_is_not_an_api_route_carries_no_data(node: SmallNode) -> None:
    others = [
        context.path
        for context in iter_route_contexts(node.app.routes)
        if not isinstance(context.original_route, APIRoute)
    ]
    # The socket takes its audience from the session by itself; test_picture_socket.py has that.
    assert sorted(str(path) for path in others) == ["/api/v1/openapi.json", "/api/v1/picture"]


def test_no_exemption_outlives_its_route(node: SmallNode) -> None:
    assert WITHOUT_SESSION.keys() | WITHOUT_AUDIENCE.keys() <= _routes(node).keys()
    assert all(WITHOUT_SESSION.values())
    assert all(WITHOUT_AUDIENCE.values())
