"""The kinds of transport, and how a table of the configuration becomes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from alliage.feeds.transports.base import OnChange, Transport, TransportConfig
from alliage.feeds.transports.file import File, FileConfig
from alliage.feeds.transports.http import Http, HttpConfig
from alliage.feeds.transports.serial import Serial, SerialConfig
from alliage.feeds.transports.tcp_client import TcpClient, TcpClientConfig
from alliage.feeds.transports.tcp_server import TcpServer, TcpServerConfig
from alliage.feeds.transports.udp import Udp, UdpConfig
from alliage.ontology.times import Clock


class MakeTransport(Protocol):
    """A transport's class: its configuration is an instance of its kind's model."""

    def __call__(self, config: Any, clock: Clock, on_change: OnChange | None = None) -> Transport:
        """Return a transport that has not begun."""
        ...


@dataclass(frozen=True, slots=True)
class TransportKind:
    """One value of ``kind``: the model of its settings, and the class that does it."""

    config: type[TransportConfig]
    make: MakeTransport


KINDS: Final[Mapping[str, TransportKind]] = {
    "file": TransportKind(FileConfig, File),
    "tcp_client": TransportKind(TcpClientConfig, TcpClient),
    "tcp_server": TransportKind(TcpServerConfig, TcpServer),
    "udp": TransportKind(UdpConfig, Udp),
    "http": TransportKind(HttpConfig, Http),
    "serial": TransportKind(SerialConfig, Serial),
}
"""Those of this room. The node adds ``simulation``: ``{**KINDS, "simulation": …}``."""


def parse_transport(
    data: Mapping[str, Any], kinds: Mapping[str, TransportKind] = KINDS
) -> TransportConfig:
    """Check a ``transport`` table.

    Raises:
        pydantic.ValidationError: a setting is wrong; ``errors()`` names it.
        ValueError: there is no such kind; names those there are.
    """
    kind = str(data.get("kind"))
    if kind not in kinds:
        raise ValueError(f"kind {kind!r} is no transport; known: {', '.join(kinds)}")
    return kinds[kind].config.model_validate(data)


def open_transport(
    config: TransportConfig,
    clock: Clock,
    on_change: OnChange | None = None,
    kinds: Mapping[str, TransportKind] = KINDS,
) -> Transport:
    """Return a transport that has not begun; it connects when it is iterated over."""
    return kinds[config.kind].make(config, clock, on_change)
