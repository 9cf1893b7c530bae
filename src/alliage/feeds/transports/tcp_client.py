"""TCP client: the node calls a server that keeps sending."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator
from typing import Literal

from pydantic import Field

from alliage.feeds.transports.base import (
    READ_BYTES,
    Arrival,
    OnChange,
    Transport,
    TransportConfig,
)
from alliage.feeds.transports.tls import client_context
from alliage.ontology.times import Clock


class TcpClientConfig(TransportConfig):
    """``kind = "tcp_client"``."""

    kind: Literal["tcp_client"] = "tcp_client"
    host: str = Field(min_length=1, description="Name or address of the server.")
    port: int = Field(ge=1, le=65535, description="Its port.")
    tls: bool = Field(default=False, description="Encrypt, and check the server's certificate.")
    ca_file: str | None = Field(
        default=None, description="PEM file of the authorities to trust; absent: the system's."
    )
    connect_timeout_s: float = Field(default=10.0, gt=0, description="Longest wait to connect.")
    idle_timeout_s: float | None = Field(
        default=None, gt=0, description="Reconnect after this long a silence; absent: never."
    )

    def where(self) -> str:
        """Where the bytes come from."""
        return f"{self.host}:{self.port}" + (" (TLS)" if self.tls else "")


class TcpClient(Transport):
    """Reads from a server until it ends the connection, then calls again."""

    def __init__(
        self, config: TcpClientConfig, clock: Clock, on_change: OnChange | None = None
    ) -> None:
        super().__init__(config, clock, on_change)
        self._config = config

    async def connection(self) -> AsyncGenerator[Arrival, None]:
        """Connect, and read to the end."""
        config = self._config
        context = client_context(config.ca_file) if config.tls else None
        try:
            async with asyncio.timeout(config.connect_timeout_s):
                reader, writer = await asyncio.open_connection(
                    config.host, config.port, limit=READ_BYTES, ssl=context
                )
        except TimeoutError:
            raise TimeoutError(f"no answer within {config.connect_timeout_s:g} s") from None
        try:
            keep_alive(writer)
            self.connected()
            while data := await read(reader, config.idle_timeout_s):
                yield [self.chunk(data)]
        finally:
            writer.transport.abort()


async def read(reader: asyncio.StreamReader, idle_timeout_s: float | None) -> bytes:
    """Return the next bytes; empty at the end.

    Raises:
        TimeoutError: nothing came for that long.
    """
    try:
        async with asyncio.timeout(idle_timeout_s):
            return await reader.read(READ_BYTES)
    except TimeoutError:
        raise TimeoutError(f"silent for {idle_timeout_s:g} s") from None


def keep_alive(writer: asyncio.StreamWriter) -> None:
    """Let the kernel notice a peer that vanished without a word, within about a minute."""
    connection: socket.socket | None = writer.get_extra_info("socket")
    if connection is None:
        return
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, name):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
