"""UDP over real sockets."""

from __future__ import annotations

import asyncio
import socket

from alliage.feeds.transports.udp import QUEUED_DATAGRAMS, Udp
from tests.feeds.links import Listener, until


def test_each_datagram_is_one_chunk_with_its_sender() -> None:
    async def run() -> Listener:
        listener = Listener(kind="udp", port=0)
        transport = listener.transport
        assert isinstance(transport, Udp)
        async with listener.listening():
            await until(lambda: transport.port is not None)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                for word in (b"one", b"two", b"three"):
                    sender.sendto(word, ("127.0.0.1", transport.port or 0))
            await until(lambda: len(listener.chunks) == 3)
        return listener

    chunks = asyncio.run(run()).chunks
    assert [chunk.data for chunk in chunks] == [b"one", b"two", b"three"]
    assert {chunk.peer for chunk in chunks} == {"127.0.0.1"}


def test_datagrams_without_room_are_counted_as_lost() -> None:
    async def run() -> tuple[int, int]:
        listener = Listener(kind="udp", port=0)
        transport = listener.transport
        assert isinstance(transport, Udp)
        arrivals = aiter(transport)
        first = asyncio.ensure_future(anext(arrivals))
        await until(lambda: transport.port is not None)
        sent = QUEUED_DATAGRAMS + 500
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for number in range(sent):
                sender.sendto(b"x", ("127.0.0.1", transport.port or 0))
                if number % 50 == 0:
                    await asyncio.sleep(0)  # the loop receives; nobody takes from the queue
            await first
            await until(lambda: transport.lost > 0)
        await arrivals.aclose()  # type: ignore[attr-defined]
        return sent, transport.lost

    sent, lost = asyncio.run(run())
    assert 0 < lost < sent


def test_a_multicast_group_is_joined() -> None:
    async def run() -> bytes:
        listener = Listener(kind="udp", port=0, group="239.255.77.7")
        transport = listener.transport
        assert isinstance(transport, Udp)
        async with listener.listening():
            await until(lambda: transport.port is not None)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                local = socket.inet_aton("127.0.0.1")
                sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, local)
                sender.sendto(b"to all", ("239.255.77.7", transport.port or 0))
            await until(lambda: listener.data != b"")
        return listener.data

    assert asyncio.run(run()) == b"to all"
