"""A source that runs keeps its bytes, from several peers too, so that they can be read again."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from alliage.feeds.transports.base import State
from alliage.feeds.transports.tcp_server import TcpServer
from alliage.log.original import ORIGINAL, Happened
from alliage.node import Node
from alliage.ontology.audience import machine_audience
from alliage.redecode import redecode
from tests.cli.conftest import record
from tests.node.conftest import make_home, opened, source, until, while_serving

NOON = 1_780_000_000_000_000


def _observed(node: Node) -> int:
    reader = node.log.reader(machine_audience(node.log.label_sets))
    return sum(one.rows for one in reader.read() if one.kind.startswith("observations:"))


def test_a_replay_read_again_says_what_it_said(tmp_path: Path) -> None:
    path = record(tmp_path / "exercise.nmea", NOON)
    transport = f'{{ kind = "file", path = "{path}", pace = "flat-out" }}'
    home = make_home(tmp_path / "node", source(transport) + "keep_original = true\n")

    async def wait(_address: str) -> None:
        await until(lambda: node.runners[0].health.state is State.ENDED)

    with opened(home) as node:
        asyncio.run(while_serving(node, wait))
        found = redecode(node, "denmark", None, None)
        assert (found.same, found.gone, found.fresh) == (_observed(node), 0, 0)
        assert found.same > 1_000


def test_what_several_peers_sent_at_once_read_again_says_the_same(tmp_path: Path) -> None:
    lines = record(tmp_path / "exercise.nmea", NOON).read_bytes().splitlines(keepends=True)[:3_000]
    transport = '{ kind = "tcp_server", host = "127.0.0.1", port = 0 }'
    home = make_home(tmp_path / "node", source(transport) + "keep_original = true\n")

    def send(port: int) -> None:
        peers = [socket.create_connection(("127.0.0.1", port)) for _ in range(2)]
        for start in range(0, len(lines), 100):
            for peer in peers:  # both heard everything: what is doubled is one
                peer.sendall(b"".join(lines[start : start + 100])[:-20])
                peer.sendall(b"".join(lines[start : start + 100])[-20:])
        for peer in peers:
            peer.close()

    async def act(_address: str) -> None:
        runner = node.runners[0]
        transport = runner.transport
        assert isinstance(transport, TcpServer)
        await until(lambda: transport.port is not None)
        await asyncio.to_thread(send, transport.port or 0)
        await until(lambda: runner.health.peers == 0 and _observed(node) > 500)

    with opened(home) as node:
        asyncio.run(while_serving(node, act))
        reader = node.log.reader(machine_audience(node.log.label_sets))
        bodies = [one.original() for one in reader.read(kinds=[ORIGINAL])]
        assert {event.peer for body in bodies for event in body.events if event.peer}
        assert any(event.happened for body in bodies for event in body.events)
        assert Happened.BYTES in {event.happened for body in bodies for event in body.events}
        found = redecode(node, "denmark", None, None)
        assert (found.gone, found.fresh) == (0, 0)
        assert found.same == _observed(node) > 500
