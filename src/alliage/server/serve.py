"""The HTTP server: uvicorn with the node's bounds, and an end that lets clients know."""

from __future__ import annotations

import socket
from typing import Final

import uvicorn
from fastapi import FastAPI

from alliage.server.picture_socket import PictureSockets

MAX_FRAME_BYTES: Final = 64 * 1024
GRACE_S: Final = 5


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

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say goodbye to the clients, then stop as uvicorn does."""
        await self._sockets.close_all()
        await super().shutdown(sockets)


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
