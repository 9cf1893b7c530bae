"""How much a request may bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LARGE: Final = 413


class BodyLimit:
    """ASGI middleware: a request whose body is too long is refused as soon as that is known.

    Starlette's own limit answers in plain text; this one raises, and so becomes a problem.
    """

    def __init__(
        self, app: ASGIApp, max_bytes: int, larger: Mapping[str, int] | None = None
    ) -> None:
        """``larger`` has other bounds by path."""
        self.app = app
        self.max_bytes = max_bytes
        self.larger = dict(larger or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; count its body while it is read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        max_bytes = self.larger.get(scope["path"], self.max_bytes)
        declared = Headers(scope=scope).get("content-length", "0")
        taken = 0

        async def receive_counted() -> Message:
            nonlocal taken
            if declared.isdigit() and int(declared) > max_bytes:
                raise _refusal(max_bytes)
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > max_bytes:
                raise _refusal(max_bytes)
            return message

        await self.app(scope, receive_counted, send)


def _refusal(max_bytes: int) -> HTTPException:
    # The rest of the body is not read, so the connection cannot be used again.
    detail = f"A request to this address has at most {max_bytes} bytes."
    return HTTPException(TOO_LARGE, detail, {"Connection": "close"})
