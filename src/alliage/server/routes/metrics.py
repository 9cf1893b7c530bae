"""Metrics for Prometheus."""

from __future__ import annotations

import ipaddress

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from alliage.server.metrics import source_figures
from alliage.server.problems import ProblemError, problem_responses
from alliage.server.security import TheServices, audience_of, check_scopes, find_session
from alliage.server.services import Services

router = APIRouter(prefix="/metrics", tags=["metrics"])


@router.get(
    "",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **problem_responses(401, 403),
    },
)
def read_metrics(request: Request, services: TheServices) -> Response:
    """Figures of the sources that an administrator may see.

    Where so configured, a program on the same machine gets the server's own figures without a
    session. It has no audience, so it is told nothing of any source.
    """
    session = find_session(request, services)
    if session is not None and session.api_token is not None:
        check_scopes(request, session.api_token)
    if session is not None and "administrator" in session.roles:
        sources = services.sources.visible(audience_of(session, services))
        return _text(source_figures(sources))
    if session is not None:
        raise ProblemError("forbidden", "This needs the role 'administrator'.")
    if services.settings.metrics == "loopback" and _is_local(request, services):
        return _text(services.metrics.render())
    raise ProblemError("not-signed-in", "Metrics are for administrators: sign in.")


def _text(body: bytes) -> Response:
    return Response(body, media_type=CONTENT_TYPE_LATEST)


def _is_local(request: Request, services: Services) -> bool:
    """Whether the peer is this machine itself, not a proxy on it nor a rebound name."""
    if services.settings.url is not None or "x-forwarded-for" in request.headers:
        return False
    try:
        named_local = request.url.hostname == "localhost" or _is_loopback(request.url.hostname)
        return named_local and _is_loopback(request.client.host if request.client else None)
    except ValueError:
        return False


def _is_loopback(host: str | None) -> bool:
    return host is not None and ipaddress.ip_address(host).is_loopback
