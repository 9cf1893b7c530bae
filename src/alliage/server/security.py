"""Who is asking: session cookie, CSRF token, role, audience.

Every data route takes its :class:`Audience` from here; there is no other way to get one in a
route. The CSRF token is derived from the session's secret, so nothing is kept for it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Final, cast

from fastapi import Depends
from starlette.requests import HTTPConnection
from starlette.responses import Response

from alliage.access.accounts import Session
from alliage.access.principal import Principal, Role
from alliage.ontology.audience import Audience
from alliage.server.headers import is_cross_site
from alliage.server.problems import ProblemError
from alliage.server.services import Services

COOKIE: Final = "alliage_session"
CSRF_HEADER: Final = "X-CSRF-Token"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
RANKED_ROLES: Final = (Role.VIEWER, Role.ANALYST, Role.PLANNER, Role.COMMANDER)
"""From least to most; the administrator stands beside them and is none of them."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One request's session and the token that stands for it."""

    token: str = field(repr=False)
    session: Session = field(repr=False)

    @property
    def principal(self) -> Principal:
        """Who is signed in."""
        return self.session.principal


def services_of(connection: HTTPConnection) -> Services:
    """Return what node.py gave the app."""
    return cast(Services, connection.app.state.services)


TheServices = Annotated[Services, Depends(services_of)]


def refuse_cross_site(connection: HTTPConnection, services: TheServices) -> None:
    """Refuse an unsafe request that another site's page made.

    Raises:
        ProblemError: ``cross-site``.
    """
    if connection.scope.get("method", "GET") in SAFE_METHODS:
        return
    if is_cross_site(connection, services.settings.url):
        raise ProblemError("cross-site", "The Origin of the request is not this node's own.")


def find_session(connection: HTTPConnection, services: Services) -> SignedIn | None:
    """Return the session that the request's cookie names, if it stands."""
    token = connection.cookies.get(COOKIE)
    if not token:
        return None
    session = services.accounts.session(token)
    if session is None:
        return None
    connection.scope["alliage.user"] = session.principal.name
    return SignedIn(token, session)


def signed_in(connection: HTTPConnection, services: TheServices) -> SignedIn:
    """Return the request's session; with an unsafe method, only if its CSRF token is right.

    Raises:
        ProblemError: ``not-signed-in`` or ``cross-site``.
    """
    session = find_session(connection, services)
    if session is None:
        raise ProblemError("not-signed-in", "There is no session, or it has expired: sign in.")
    if connection.scope.get("method", "GET") not in SAFE_METHODS:
        sent = connection.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode(), session.session.csrf_token.encode()):
            detail = f"Send the session's csrf_token in the header {CSRF_HEADER}."
            raise ProblemError("cross-site", detail)
    return session


TheSession = Annotated[SignedIn, Depends(signed_in)]


def audience_of(session: TheSession, services: TheServices) -> Audience:
    """Return what the signed-in person may see."""
    return services.access.audience(session.principal)


TheAudience = Annotated[Audience, Depends(audience_of)]


def require_role(role: Role) -> Callable[[SignedIn], SignedIn]:
    """Return a dependency that lets only people of this role (or a higher one) pass."""
    is_ranked = role in RANKED_ROLES
    enough = frozenset(RANKED_ROLES[RANKED_ROLES.index(role) :] if is_ranked else {role})

    def check_role(session: TheSession) -> SignedIn:
        if not enough.intersection(session.principal.roles):
            raise ProblemError("forbidden", f"This needs the role {role.value!r}.")
        return session

    return check_role


def set_cookie(response: Response, connection: HTTPConnection, token: str, max_age_s: int) -> None:
    """Give the browser the session's cookie; Secure where the page came over https."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=max_age_s,
        path="/",
        httponly=True,
        samesite="strict",
        secure=_is_https(connection),
    )


def clear_cookie(response: Response, connection: HTTPConnection) -> None:
    """Take the session's cookie back."""
    response.delete_cookie(
        COOKIE, path="/", httponly=True, samesite="strict", secure=_is_https(connection)
    )


def _is_https(connection: HTTPConnection) -> bool:
    public = services_of(connection).settings.url or ""
    return connection.url.scheme in ("https", "wss") or public.startswith("https://")
