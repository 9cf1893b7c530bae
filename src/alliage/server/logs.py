"""Structured logs: one line for each request, and never a secret or a query string in it."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from collections.abc import MutableMapping
from typing import Any, Final, Literal, TextIO

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alliage.server.metrics import ServerMetrics

_MASK: Final = "********"
_SECRET_KEYS: Final = re.compile(r"passw|secret|token|cookie|authorization|api_key", re.IGNORECASE)
_LEVELS: Final = {"/health": "debug", "/metrics": "debug", "web": "debug"}
"""Routes that are asked all the time are only told of when debugging."""


def configure_logs(
    level: str = "info",
    form: Literal["auto", "text", "json"] = "auto",
    stream: TextIO | None = None,
) -> None:
    """Send every log line of the process to standard error, as text or as JSON lines.

    Args:
        level: least severe level that is written.
        form: ``auto`` writes text on a terminal and JSON elsewhere.
        stream: where to, if not standard error.
    """
    out = stream or sys.stderr
    as_text = form == "text" or (form == "auto" and out.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        mask_secrets,
        _drop_colours,
    ]
    last: list[structlog.typing.Processor] = (
        [
            structlog.dev.ConsoleRenderer(
                out.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
        if as_text
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # uvicorn's own access lines carry query strings; ours do not.
    logging.getLogger("uvicorn.access").disabled = True
    # httpx tells every address with its query; Alembic speaks at each start of nothing new; what
    # uvicorn tells in sentences the node tells as events (server.started, server.stopped).
    for name in ("httpx", "httpcore", "alembic", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def mask_secrets(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Structlog processor: replace every value whose key speaks of a secret."""
    for key in event:
        if _SECRET_KEYS.search(key) and event[key]:
            event[key] = _MASK
    return event


def _drop_colours(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Uvicorn says everything twice, the second time for terminals."""
    event.pop("color_message", None)
    return event


class RequestLog:
    """ASGI middleware: names each request, and logs and counts how it ended.

    The id comes back as ``X-Request-Id`` and stands in every problem's ``instance``.
    """

    def __init__(self, app: ASGIApp, metrics: ServerMetrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and write down how it ended."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope["alliage.request_id"] = request_id = secrets.token_hex(8)
        began = time.perf_counter()
        status = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            elif message["type"] == "websocket.accept":
                status = 101  # unless we close it, the client did
            elif message["type"] == "websocket.close":
                status = message.get("code", 1000)
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            self._note(scope, request_id, status, time.perf_counter() - began)

    def _note(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        route = route_of(scope)
        method = scope.get("method", "WS")
        if scope["type"] == "http":
            self.metrics.observe_request(method, route, status, seconds)
        level = next((v for k, v in _LEVELS.items() if route.startswith(k)), "info")
        logger = structlog.get_logger("alliage.server")
        getattr(logger, level)(
            "request",
            request_id=request_id,
            user=scope.get("alliage.user"),
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            peer=(scope.get("client") or ("?",))[0],
            bytes_in=Headers(scope=scope).get("content-length"),
        )


def route_of(scope: Scope) -> str:
    """Return the route's template below the API (never the path: ids are many, some sensitive)."""
    route = scope.get("route")
    path: str | None = getattr(route, "path", None)
    if path is None:
        return "unmatched" if scope["path"].startswith("/api") else "web"
    return path
