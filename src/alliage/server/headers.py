"""Security headers of every response, and the checks of where a request came from."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY: Final = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "worker-src 'self' blob:",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
"""MapLibre's workers come from the node's own files; it sets styles through the CSSOM, which
``style-src`` does not bind. Symbols are drawn to canvases and blobs."""

_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_HSTS: Final = "max-age=31536000"


class SecurityHeaders:
    """ASGI middleware: the same strict headers everywhere, and no caching of what the API says."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add headers to its response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("Cache-Control", "no-store")
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = _HSTS
            await send(message)

        await self.app(scope, receive, send_with_headers)


def own_origin(connection: HTTPConnection) -> str:
    """Return the origin (scheme://host:port) under which the client reached this node."""
    scheme = {"ws": "http", "wss": "https"}.get(connection.url.scheme, connection.url.scheme)
    return f"{scheme}://{connection.headers.get('host', '')}"


def is_cross_site(
    connection: HTTPConnection, public_url: str | None, origin_required: bool = False
) -> bool:
    """Whether the request was made, by what the browser says, by some other site's page.

    Args:
        connection: the request.
        public_url: the node's public address, which a proxy in front answers for.
        origin_required: refuse clients that do not say where they come from. Without it a client
            that sends neither Origin nor Sec-Fetch-Site (a script, not a browser) passes: it
            holds no cookie that a foreign page could ride on.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        fetched = connection.headers.get("sec-fetch-site", "none")
        return origin_required or fetched not in ("same-origin", "none")
    own = {_parts(own_origin(connection)), _parts(public_url or "")} - {None}
    return _parts(origin) not in own


def _parts(origin: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(origin)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname and port else None
