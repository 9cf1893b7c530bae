"""TCP server: several peers call the node, each with its own bytes."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncGenerator
from typing import Any, Literal

from pydantic import Field, IPvAnyNetwork

from alliage.feeds.transports.base import (
    READ_BYTES,
    Arrival,
    Ended,
    FatalError,
    OnChange,
    Transport,
    TransportConfig,
)
from alliage.feeds.transports.tcp_client import keep_alive, read
from alliage.ontology.times import Clock

QUEUED_READS = 8


class TcpServerConfig(TransportConfig):
    """``kind = "tcp_server"``."""

    kind: Literal["tcp_server"] = "tcp_server"
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(ge=0, le=65535, description="Port to listen on; 0 takes any free one.")
    allow: tuple[IPvAnyNetwork, ...] = Field(
        default=(), description="Networks that may connect; empty: whoever reaches `host`."
    )
    max_peers: int = Field(default=64, ge=1, le=1024, description="Most peers at one time.")
    idle_timeout_s: float | None = Field(
        default=600.0, gt=0, description="Let a peer go after this long a silence."
    )

    def where(self) -> str:
        """Where the bytes come from."""
        return f"listening on {self.host}:{self.port}"


class TcpServer(Transport):
    """Listens, and mixes what peers send into one iteration, each chunk with its peer."""

    def __init__(
        self, config: TcpServerConfig, clock: Clock, on_change: OnChange | None = None
    ) -> None:
        super().__init__(config, clock, on_change)
        self._config = config
        self._queue: asyncio.Queue[Arrival] = asyncio.Queue(QUEUED_READS)
        self._peers: dict[asyncio.Task[Any], asyncio.StreamWriter] = {}
        self.port: int | None = None

    async def connection(self) -> AsyncGenerator[Arrival, None]:
        """Listen for ever."""
        try:
            server = await asyncio.start_server(
                self._serve, self._config.host, self._config.port, limit=READ_BYTES
            )
        except PermissionError as error:
            raise FatalError(f"may not listen on port {self._config.port}: {error}") from error
        try:
            self.port = server.sockets[0].getsockname()[1]
            self.connected()
            while True:
                yield await self._queue.get()
        finally:
            server.close()
            for task, writer in list(self._peers.items()):
                writer.transport.abort()
                task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        address = writer.get_extra_info("peername")
        if task is None or not address or not self._admits(str(address[0])):
            writer.transport.abort()
            return
        peer = f"{address[0]}:{address[1]}"
        self._peers[task] = writer
        clean = False
        try:
            keep_alive(writer)
            self.show_peers(len(self._peers))
            while data := await read(reader, self._config.idle_timeout_s):
                await self._queue.put([self.chunk(data, peer)])
            clean = True
        except OSError:
            clean = False  # reset, or silent for too long: the cut line is quarantined
        finally:
            writer.transport.abort()
            del self._peers[task]
            self.show_peers(len(self._peers))
        await self._queue.put(Ended(peer, clean))

    def _admits(self, host: str) -> bool:
        if len(self._peers) >= self._config.max_peers:
            return False
        address = ipaddress.ip_address(host.partition("%")[0])
        return not self._config.allow or any(address in net for net in self._config.allow)
