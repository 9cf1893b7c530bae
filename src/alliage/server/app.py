"""The app: routes, errors, headers and the web UI, put together."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from anyio import CapacityLimiter
from fastapi import APIRouter, Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response

from alliage import __version__
from alliage.server import problems
from alliage.server.etags import tagged
from alliage.server.headers import SecurityHeaders
from alliage.server.limits import BodyLimit
from alliage.server.logs import RequestLog
from alliage.server.picture_socket import PictureSockets
from alliage.server.problems import CatchFaults, Problem, problem_responses
from alliage.server.quality_sampling import keep_sampling
from alliage.server.query_names import refuse_unknown_query
from alliage.server.rate import RateLimit
from alliage.server.routes import (
    access,
    audit,
    basemaps,
    claims,
    detectors,
    entries,
    exercises,
    exports,
    features,
    formats,
    health,
    history,
    incidents,
    markings,
    metrics,
    notifications,
    objects,
    observations,
    picture,
    plots,
    proposals,
    quality,
    review,
    rules,
    saved_searches,
    schemata,
    search,
    session,
    sources,
    tasks,
    tokens,
    tracks,
    traffic,
    users,
    vouchings,
    watch,
)
from alliage.server.scopes import scopes_for
from alliage.server.security import COOKIE, CSRF_HEADER, refuse_cross_site
from alliage.server.see_as import looks_to_audit
from alliage.server.services import Services
from alliage.server.web import WebUi

TITLE: Final = "Alliage"
API: Final = "/api/v1"
_ANYTHING: Final = TypeAdapter(Any)
_NOUNS: Final = (
    session, access, picture, history, tracks, plots, objects, features, claims, observations,
    search, saved_searches, sources, proposals, review, entries, schemata, formats, markings,
    basemaps, users, vouchings, tokens, exercises, quality, incidents, tasks, detectors, watch,
    rules, notifications, traffic, audit, exports, health, metrics,
)  # fmt: skip
BULK: Final = ("/observations/bulk", "/claims/bulk")
"""Paths with bodies beyond the ordinary."""
_OPEN: Final = frozenset({"/session", "/session/one-time", "/health/live", "/health/ready"})
"""Paths that need no session (of /session only POST)."""


def create_app(services: Services) -> FastAPI:
    """Return the node's ASGI app: the API under /api/v1, the web UI everywhere else."""
    app = FastAPI(
        title=TITLE,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_beside,
        routes=_routes().routes,
    )
    problems.install(app)
    app.state.services = services
    app.state.hashing = CapacityLimiter(services.settings.hashing_threads)
    settings = services.settings
    app.state.rate_limit = RateLimit(settings.requests_hz, settings.requests_burst)
    app.state.looks_to_audit = looks_to_audit()
    app.state.sockets = PictureSockets(services)
    # The last one added is the outermost.
    app.add_middleware(CatchFaults)
    larger = {f"{API}{path}": settings.max_bulk_bytes for path in BULK}
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes, larger=larger)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=4)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestLog, metrics=services.metrics)
    app.router.default = WebUi(services.settings.web)
    return app


@functools.cache
def _routes() -> FastAPI:
    """The routes, which know no node: made once, they serve every app of the process."""
    app = FastAPI(
        title=TITLE,
        openapi_url=None,  # below, with a tag
        docs_url=None,  # both load scripts from elsewhere
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    checks = [Depends(refuse_cross_site), Depends(refuse_unknown_query)]
    router = APIRouter(prefix=API, dependencies=checks)
    for noun in _NOUNS:
        router.include_router(noun.router)
    app.include_router(router)
    app.add_route(f"{API}/openapi.json", _send_document, include_in_schema=False)
    return app


@asynccontextmanager
async def _beside(app: FastAPI) -> AsyncIterator[None]:
    """What goes on while the app is served."""
    sampling = asyncio.create_task(keep_sampling(app.state.services))
    try:
        yield
    finally:
        sampling.cancel()


async def _send_document(request: Request) -> Response:
    """The OpenAPI document, for everybody."""
    return tagged(request, _ANYTHING, openapi_document(), {"Cache-Control": "no-cache"})


@functools.cache
def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI document; needs no running node."""
    document = get_openapi(
        title=TITLE,
        version=__version__,
        description="The HTTP API of an Alliage node. See docs/reference/api.md for sign-in, "
        "errors, pages and limits, and picture-protocol.md for the WebSocket.",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        routes=_routes().routes,
    )
    _finish(document)
    return document


def _finish(document: dict[str, Any]) -> None:
    """Give the document the problem model, the security schemes and 422 as it really is."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    components["schemas"] = dict(sorted(schemas.items()))
    components["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
        "csrf": {"type": "apiKey", "in": "header", "name": CSRF_HEADER},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _finish_operation(path.removeprefix(API), method, operation)


def _finish_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses["422"] = problem_responses(422)[422]  # an unknown query parameter at the least
    if "requestBody" in operation:
        responses |= {str(k): v for k, v in problem_responses(400, 413).items()}
    is_open = path in _OPEN and (path != "/session" or method == "post")
    if not is_open:
        csrf: dict[str, list[str]] = {} if method == "get" else {"csrf": []}
        operation["security"] = [{"session": [], **csrf}]
        needed = scopes_for(method.upper(), path)
        if needed is not None:
            operation["security"].append({"bearer": sorted(needed)})
        responses.setdefault("429", problem_responses(429)[429])
        if path == "/metrics":  # loopback may do without one
            operation["security"].append({})
        responses.setdefault("401", problem_responses(401)[401])
        if method != "get":
            responses.setdefault("403", problem_responses(403)[403])
