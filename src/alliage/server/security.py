"""Who is asking: session cookie, CSRF token, role, audience.

Every data route takes its :class:`Audience` from here; there is no other way to get one in a
route. The CSRF token is derived from the session's secret, so nothing is kept for it.
"""

from __future__ import annotations

import hmac
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Final, cast

from fastapi import Depends
from starlette.requests import HTTPConnection
from starlette.responses import Response

from alliage.access.accounts import Session
from alliage.access.api_tokens import ApiToken
from alliage.access.principal import Principal, Role
from alliage.access.tokens import hash_token
from alliage.ontology.audience import Audience
from alliage.server.headers import is_cross_site
from alliage.server.logs import route_of
from alliage.server.problems import ProblemError
from alliage.server.rate import RateLimit
from alliage.server.scopes import SAFE_METHODS, scopes_for
from alliage.server.see_as import seen_as
from alliage.server.services import Services

COOKIE: Final = "alliage_session"
CSRF_HEADER: Final = "X-CSRF-Token"
BEARER: Final = "bearer "
RANKED_ROLES: Final = (Role.VIEWER, Role.ANALYST, Role.PLANNER, Role.COMMANDER)
"""From least to most; instructor and administrator stand beside them and are none of them."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One request's session and the secret that stands for it.

    ``api_token`` is there where a program shows one; its session is as long as the token's life.
    """

    token: str = field(repr=False)
    session: Session = field(repr=False)
    api_token: ApiToken | None = None
    seen_as: Principal | None = None
    """Whom the request imagines as its reader; None: its sender."""

    @property
    def principal(self) -> Principal:
        """Who is signed in."""
        return self.session.principal

    @property
    def roles(self) -> frozenset[Role]:
        """What may be done now: as somebody else no more than both may."""
        own = self.principal.roles
        return own if self.seen_as is None else own & self.seen_as.roles


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
    """Return the session that the request's cookie names, or that its API token is, if it stands.

    An ``Authorization`` header wins over a cookie: a token's scopes are never widened by one.

    Raises:
        ProblemError: ``invalid`` or ``forbidden``, by whom the request wants to see as.
    """
    if "authorization" in connection.headers:
        return _find_token(connection, services)
    token = connection.cookies.get(COOKIE)
    if not token:
        return None
    session = services.accounts.session(token)
    if session is None:
        return None
    connection.scope["alliage.user"] = session.principal.name
    return SignedIn(token, session, None, seen_as(connection, services, session.principal, token))


def _find_token(connection: HTTPConnection, services: Services) -> SignedIn | None:
    header = connection.headers["authorization"]
    if not header.lower().startswith(BEARER):
        return None
    secret = header[len(BEARER) :].strip()
    use = services.accounts.api_tokens.find(secret)
    if use is None:
        return None
    connection.scope["alliage.user"] = f"{use.principal.name}/{use.token.name}"
    session = Session(use.principal, use.language, "", use.token.expires_us)
    other = seen_as(connection, services, use.principal, secret, use.token.name)
    return SignedIn(secret, session, use.token, other)


def signed_in(connection: HTTPConnection, services: TheServices) -> SignedIn:
    """Return the request's session, if it may do this now.

    With an unsafe method its CSRF token has to be right; an API token needs none, since no
    browser sends it by itself, but its scopes have to suffice.

    Raises:
        ProblemError: ``not-signed-in``, ``cross-site``, ``forbidden`` or ``too-many-requests``.
    """
    session = find_session(connection, services)
    if session is None:
        raise ProblemError(
            "not-signed-in",
            "There is no session, or it has expired: sign in.",
            {"WWW-Authenticate": "Bearer"} if "authorization" in connection.headers else None,
        )
    _check_rate(connection, session)
    _check_only_reads(connection, session)
    if session.api_token is not None:
        check_scopes(connection, session.api_token)
    elif connection.scope.get("method", "GET") not in SAFE_METHODS:
        sent = connection.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode(), session.session.csrf_token.encode()):
            detail = f"Send the session's csrf_token in the header {CSRF_HEADER}."
            raise ProblemError("cross-site", detail)
    return session


def _check_only_reads(connection: HTTPConnection, session: SignedIn) -> None:
    """Nobody writes as somebody else; one's own session is no data."""
    is_safe = connection.scope.get("method", "GET") in SAFE_METHODS
    if session.seen_as is not None and not is_safe and route_of(connection.scope) != "/session":
        raise ProblemError("forbidden", "You look as somebody else: see as yourself to write.")


def check_scopes(connection: HTTPConnection, token: ApiToken) -> None:
    """Refuse what a token is not for.

    Raises:
        ProblemError: ``forbidden``.
    """
    needed = scopes_for(connection.scope.get("method", "GET"), route_of(connection.scope))
    if needed is None:
        raise ProblemError("forbidden", "No API token will do for this: sign in.")
    missing = sorted(needed - token.scopes)
    if missing:
        raise ProblemError("forbidden", f"The token lacks the scope {', '.join(missing)}.")


def _check_rate(connection: HTTPConnection, session: SignedIn) -> None:
    limit = cast(RateLimit, connection.app.state.rate_limit)
    wait_s = limit.take(hash_token(session.token).hex(), time.monotonic())
    if wait_s > 0:
        seconds = str(math.ceil(wait_s))
        raise ProblemError(
            "too-many-requests",
            f"This session or token asks too often: wait {seconds} s.",
            {"Retry-After": seconds},
        )


TheSession = Annotated[SignedIn, Depends(signed_in)]


def audience_of(session: TheSession, services: TheServices) -> Audience:
    """Return what the signed-in person may see, or both they and the one they look as."""
    if session.seen_as is None:
        audience = services.access.audience(session.principal)
        if session.api_token is None:
            instructs = Role.INSTRUCTOR in session.roles
            services.quality_series.here(audience, services.clock.now_us(), instructs)
        return audience
    return services.access.audience_as(session.principal, session.seen_as)


TheAudience = Annotated[Audience, Depends(audience_of)]


def require_role(role: Role) -> Callable[[SignedIn], SignedIn]:
    """Return a dependency that lets only people of this role (or a higher one) pass."""
    is_ranked = role in RANKED_ROLES
    enough = frozenset(RANKED_ROLES[RANKED_ROLES.index(role) :] if is_ranked else {role})

    def check_role(session: TheSession) -> SignedIn:
        if not enough.intersection(session.roles):
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
