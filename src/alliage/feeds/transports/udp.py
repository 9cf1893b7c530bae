"""UDP: datagrams, to one address or to a multicast group."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections import deque
from collections.abc import AsyncGenerator
from typing import Any, Final, Literal

from pydantic import Field

from alliage.feeds.contract import Chunk
from alliage.feeds.transports.base import (
    Arrival,
    FatalError,
    OnChange,
    Transport,
    TransportConfig,
)
from alliage.ontology.times import Clock

QUEUED_DATAGRAMS: Final = 8192
SOCKET_BUFFER_BYTES: Final = 4 * 1024 * 1024


class UdpConfig(TransportConfig):
    """``kind = "udp"``."""

    kind: Literal["udp"] = "udp"
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(ge=0, le=65535, description="Port to listen on; 0 takes any free one.")
    group: ipaddress.IPv4Address | None = Field(
        default=None, description="IPv4 multicast group to join on the interface of `host`."
    )

    def where(self) -> str:
        """Where the bytes come from."""
        group = f"{self.group} on " if self.group else ""
        return f"{group}{self.host}:{self.port}"


class Udp(Transport):
    """Hands on datagrams with their sender's address; counts those it had no room for."""

    datagrams = True

    def __init__(self, config: UdpConfig, clock: Clock, on_change: OnChange | None = None) -> None:
        super().__init__(config, clock, on_change)
        self._config = config
        self.port: int | None = None

    async def connection(self) -> AsyncGenerator[Arrival, None]:
        """Listen for ever."""
        inbox = _Inbox(self)
        listening = _listening_socket(self._config)
        loop = asyncio.get_running_loop()
        endpoint, _ = await loop.create_datagram_endpoint(lambda: inbox, sock=listening)
        try:
            self.port = listening.getsockname()[1]
            self.connected()
            while True:
                yield await inbox.take()
        finally:
            endpoint.abort()


class _Inbox(asyncio.DatagramProtocol):
    """A bounded queue of datagrams: when it is full the newest is lost, and counted."""

    def __init__(self, transport: Udp) -> None:
        self._transport = transport
        self._datagrams: deque[Chunk] = deque()
        self._arrived = asyncio.Event()
        self._error: Exception | None = None

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        if len(self._datagrams) >= QUEUED_DATAGRAMS:
            self._transport.lost += 1
            return
        self._datagrams.append(self._transport.chunk(data, str(addr[0])))
        self._arrived.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._error = exc or ConnectionAbortedError("the socket was closed")
        self._arrived.set()

    async def take(self) -> list[Chunk]:
        """Everything that has arrived; waits for at least one datagram."""
        await self._arrived.wait()
        if self._error is not None:
            raise self._error
        taken = list(self._datagrams)
        self._datagrams.clear()
        self._arrived.clear()
        return taken


def _listening_socket(config: UdpConfig) -> socket.socket:
    try:
        family = socket.getaddrinfo(config.host, config.port, type=socket.SOCK_DGRAM)[0][0]
    except socket.gaierror as error:
        raise FatalError(f"host {config.host!r} is no address of this machine: {error}") from error
    listening = socket.socket(family, socket.SOCK_DGRAM)
    try:
        listening.setblocking(False)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SOCKET_BUFFER_BYTES)
        if config.group is None:
            listening.bind((config.host, config.port))
        else:
            _join(listening, config)
    except PermissionError as error:
        listening.close()
        raise FatalError(f"may not listen on port {config.port}: {error}") from error
    except OSError:
        listening.close()
        raise
    return listening


def _join(listening: socket.socket, config: UdpConfig) -> None:
    group = str(config.group)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((group, config.port))
    membership = socket.inet_aton(group) + socket.inet_aton(config.host)
    listening.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
