"""TCP, as client and as server, over real sockets."""

from __future__ import annotations

import asyncio

from alliage.feeds.transports.base import Ended, State
from alliage.feeds.transports.tcp_server import TcpServer
from tests.feeds.links import Listener, TcpTalker, free_port, until


def test_a_lost_connection_is_retried_and_shown() -> None:
    async def run() -> Listener:
        talker = TcpTalker(b"hello\n", hang_up=True)
        async with talker.talking() as port:
            listener = Listener(kind="tcp_client", host="127.0.0.1", port=port)
            async with listener.listening():
                await until(lambda: talker.calls >= 3 and listener.data.count(b"hello\n") >= 3)
        return listener

    listener = asyncio.run(run())
    assert listener.state_names[:5] == [
        "connecting",
        "connected",
        "waiting",
        "connecting",
        "connected",
    ]
    waiting = listener.states[2]
    assert waiting.error == "the other side ended the connection"
    assert waiting.next_retry_us is not None
    assert 0 < waiting.next_retry_us - waiting.since_us <= 50_000
    assert [status.reconnects for status in listener.states[:5]] == [0, 0, 1, 1, 1]
    assert listener.states[4].error is None


def pauses_us(data: bytes, calls: int) -> list[int]:
    """How long the node waited after each connection that a server ended at once."""

    async def run() -> Listener:
        talker = TcpTalker(data, hang_up=True)
        async with talker.talking() as port:
            listener = Listener(kind="tcp_client", host="127.0.0.1", port=port, retry_first_s=0.004)
            async with listener.listening():
                await until(lambda: talker.calls >= calls)
        return listener

    waits = [status for status in asyncio.run(run()).states if status.state is State.WAITING]
    return [(wait.next_retry_us or 0) - wait.since_us for wait in waits]


def test_a_link_that_works_is_tried_again_soon_however_often_it_is_lost() -> None:
    assert max(pauses_us(b"hello\n", calls=6)) <= 4_000


def test_a_server_that_accepts_and_says_nothing_is_tried_ever_less_often() -> None:
    assert max(pauses_us(b"", calls=5)) > 4_000


def test_a_refused_connection_is_told_in_words() -> None:
    port = free_port()

    async def run() -> Listener:
        listener = Listener(kind="tcp_client", host="127.0.0.1", port=port)
        async with listener.listening():
            await until(lambda: listener.transport.status.reconnects >= 1)
        return listener

    error = asyncio.run(run()).transport.status.error
    assert error == f"connection refused by 127.0.0.1:{port} (ECONNREFUSED)"


def test_each_connection_ends_with_a_mark_in_its_place() -> None:
    async def run() -> Listener:
        async with TcpTalker(b"half a li", hang_up=True).talking() as port:
            listener = Listener(kind="tcp_client", host="127.0.0.1", port=port)
            async with listener.listening():
                await until(lambda: len(listener.arrivals) >= 4)
        return listener

    listener = asyncio.run(run())
    assert [isinstance(arrival, Ended) for arrival in listener.arrivals[:4]] == [
        False,
        True,
        False,
        True,
    ]


def test_a_server_that_is_not_there_yet_is_waited_for() -> None:
    async def run() -> Listener:
        port = free_port()
        listener = Listener(kind="tcp_client", host="127.0.0.1", port=port)
        async with listener.listening():
            await until(lambda: listener.transport.status.reconnects >= 2)
            async with TcpTalker(b"at last\n").talking(port):
                await until(lambda: listener.data == b"at last\n")
        return listener

    errors = [status.error for status in asyncio.run(run()).states if status.error]
    assert errors
    assert "refused" in errors[0].lower() or "connect" in errors[0].lower()


def test_a_silent_server_is_called_again_when_so_configured() -> None:
    async def run() -> Listener:
        async with TcpTalker(b"x").talking() as port:
            listener = Listener(kind="tcp_client", host="127.0.0.1", port=port, idle_timeout_s=0.05)
            async with listener.listening():
                await until(lambda: listener.transport.status.reconnects >= 2)
        return listener

    listener = asyncio.run(run())
    assert "silent for 0.05 s" in {status.error for status in listener.states}
    assert Ended("", clean=False) in listener.arrivals


def test_a_server_keeps_its_peers_apart() -> None:
    async def run() -> Listener:
        listener = Listener(kind="tcp_server", port=0)
        transport = listener.transport
        assert isinstance(transport, TcpServer)
        async with listener.listening():
            await until(lambda: transport.port is not None)
            _, first = await asyncio.open_connection("127.0.0.1", transport.port)
            _, second = await asyncio.open_connection("127.0.0.1", transport.port)
            first.write(b"from one")
            second.write(b"from two")
            await until(lambda: len(listener.data) == 16 and transport.status.peers == 2)
            first.close()
            await until(lambda: transport.status.peers == 1)
            second.write(b" more")
            await until(lambda: len(listener.data) == 21)
            second.close()
            await until(lambda: sum(isinstance(a, Ended) for a in listener.arrivals) == 2)
        return listener

    listener = asyncio.run(run())
    by_peer: dict[str, bytes] = {}
    for chunk in listener.chunks:
        by_peer[chunk.peer] = by_peer.get(chunk.peer, b"") + chunk.data
    assert sorted(by_peer.values()) == [b"from one", b"from two more"]
    ended = {arrival.peer for arrival in listener.arrivals if isinstance(arrival, Ended)}
    assert ended == set(by_peer)


def test_peers_beyond_the_limit_or_outside_the_allowed_networks_are_sent_away() -> None:
    async def refused(**config: object) -> bool:
        listener = Listener(kind="tcp_server", port=0, **config)
        transport = listener.transport
        assert isinstance(transport, TcpServer)
        async with listener.listening():
            await until(lambda: transport.port is not None)
            writers = []
            for _ in range(2):
                reader, writer = await asyncio.open_connection("127.0.0.1", transport.port)
                writers.append(writer)
            try:
                async with asyncio.timeout(5):
                    return await reader.read() == b""
            except ConnectionResetError:
                return True
            finally:
                for writer in writers:
                    writer.close()

    assert asyncio.run(refused(max_peers=1))
    assert asyncio.run(refused(allow=["10.0.0.0/8"]))


def test_a_taken_port_is_waited_for() -> None:
    async def run() -> None:
        async with TcpTalker(b"").talking() as port:
            listener = Listener(kind="tcp_server", port=port)
            async with listener.listening():
                await until(lambda: listener.transport.status.state is State.WAITING)
                assert "in use" in str(listener.transport.status.error)

    asyncio.run(run())


def test_a_slow_reader_makes_the_sender_wait() -> None:
    async def run() -> None:
        listener = Listener(kind="tcp_server", port=0)
        transport = listener.transport
        assert isinstance(transport, TcpServer)
        arrivals = aiter(transport)
        first = asyncio.ensure_future(anext(arrivals))
        await until(lambda: transport.port is not None)
        _, writer = await asyncio.open_connection("127.0.0.1", transport.port)
        flood = b"x" * (64 * 1024 * 1024)
        writer.write(flood)
        await first
        sending = asyncio.ensure_future(writer.drain())
        done, _ = await asyncio.wait([sending], timeout=0.3)
        assert not done  # nobody reads on: the flood is not in this node's memory
        taken = 0
        while taken < len(flood) - 1024 * 1024:
            arrival = await anext(arrivals)
            assert isinstance(arrival, list)
            taken += sum(len(chunk.data) for chunk in arrival)
        await sending
        writer.close()
        await arrivals.aclose()  # type: ignore[attr-defined]

    asyncio.run(run())
