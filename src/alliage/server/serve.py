"""The HTTP server: uvicorn with the node's bounds, and an end that lets clients know."""

from __future__ import annotations

import asyncio
import socket
from types import FrameType
from typing import Final

import structlog
import uvicorn
from fastapi import FastAPI

from alliage.server.picture_socket import PictureSockets

MAX_FRAME_BYTES: Final = 64 * 1024
GRACE_S: Final = 5

_log = structlog.get_logger(__name__)


class Server(uvicorn.Server):
    """A uvicorn that closes picture sockets with 1001 before it stops."""

    def __init__(self, config: uvicorn.Config, sockets: PictureSockets) -> None:
        super().__init__(config)
        self._sockets = sockets

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen; what is written goes out at once, also where a head and its body are two writes.

        asyncio sets this only for sockets that name their protocol; accepted ones inherit it.
        """
        for listener in sockets or []:
            if listener.family in (socket.AF_INET, socket.AF_INET6):
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await super().startup(sockets)

        if self.started:
            _log.info("server.started", host=self.config.host, port=self.config.port)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say goodbye to the clients, then stop as uvicorn does."""
        await self._sockets.close_all()
        await super().shutdown(sockets)
        _log.info("server.stopped")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal. A second one hurries nothing: the end is bounded, and must be clean."""
        super().handle_exit(sig, frame)
        self.force_exit = False


def make_server(app: FastAPI, host: str, port: int) -> Server:
    """Return a server for an app of :func:`alliage.server.app.create_app`.

    Run it with ``await server.serve()``; set ``server.should_exit`` to end it gracefully.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        ws_max_size=MAX_FRAME_BYTES,
        ws_max_queue=8,
        ws_per_message_deflate=False,  # columns of floats hardly shrink, and it costs memory
        timeout_graceful_shutdown=GRACE_S,
        http="h11",  # the quicker parser does not bound a request's headers
        h11_max_incomplete_event_size=32 * 1024,
        limit_concurrency=1000,
        server_header=False,
        access_log=False,
        log_config=None,
    )
    return Server(config, app.state.sockets)


class AddressError(OSError):
    """An address cannot be listened on; says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to an address.

    Raises:
        AddressError: the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise AddressError(
            f"cannot listen on {host}:{port}: {error.strerror}; is another node running? "
            "Another port: --port 8471 (0: any free one), or ALLIAGE_SERVER__PORT=8471 make demo"
        ) from error
    return listener


async def started(server: Server, serving: asyncio.Task[None]) -> None:
    """Wait until the server answers, or has ended."""
    while not (server.started or serving.done()):
        await asyncio.sleep(0.01)
