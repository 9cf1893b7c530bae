"""Which scopes an API token needs for which route: deny by default.

A route that is not listed here takes no token at all; a test goes through them.
"""

from __future__ import annotations

from typing import Final

from alliage.access.api_tokens import Scope

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_NO_TOKENS: Final = ("/session", "/tokens", "/exercises", "/vouchings")
"""A token is neither a session nor the maker of further tokens, and learns no truth."""
_ADMIN: Final = ("/users", "/metrics", "/audit")
_WRITES: Final = {
    "/tracks": {Scope.WRITE_OBSERVATIONS, Scope.WRITE_CLAIMS},
    "/observations/bulk": {Scope.WRITE_OBSERVATIONS},
    "/observations/label": {Scope.WRITE_OBSERVATIONS},
    "/claims/bulk": {Scope.WRITE_CLAIMS},
    "/claims/{claim_id}/retraction": {Scope.WRITE_CLAIMS},
    "/claims/{claim_id}/label": {Scope.WRITE_CLAIMS},
    "/objects/{object_id}/same-as": {Scope.WRITE_CLAIMS},
    "/objects/{object_id}/parting": {Scope.WRITE_CLAIMS},
    "/objects": {Scope.WRITE_CLAIMS},
    "/objects/{object_id}/claims": {Scope.WRITE_CLAIMS},
    "/objects/{object_id}/annotations": {Scope.WRITE_CLAIMS},
    "/watch/rules/reading": {Scope.READ},
    "/watch/rules/trial": {Scope.READ},
}
"""POST routes, below the API."""


def scopes_for(method: str, route: str) -> frozenset[Scope] | None:
    """Scopes that a request needs, every one; None where no token will do.

    Args:
        method: of the request; a WebSocket is a GET.
        route: the route's template below the API, ``/objects/{object_id}``.
    """
    noun = "/" + route.removeprefix("/").partition("/")[0]
    if noun in _NO_TOKENS:
        return None
    if noun in _ADMIN:
        return frozenset({Scope.ADMIN})
    if method in SAFE_METHODS:
        return frozenset({Scope.READ})
    if method == "POST" and route in _WRITES:
        return frozenset(_WRITES[route])
    return None
