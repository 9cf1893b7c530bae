"""HTTP against a real server in a thread."""

from __future__ import annotations

import asyncio
import base64
import logging

import pytest

from alliage.feeds.transports.base import Ended, State
from alliage.feeds.transports.registry import parse_transport
from tests.feeds.links import HttpTalker, Listener, until


def test_an_endless_response_is_read_as_it_comes() -> None:
    async def run() -> None:
        with HttpTalker(b"a line\n", endless=True) as talker:
            listener = Listener(kind="http", url=talker.url)
            async with listener.listening():
                await until(lambda: listener.data == b"a line\n")
                assert listener.transport.status.state is State.CONNECTED

    asyncio.run(run())


def test_a_page_is_fetched_again_only_when_it_has_changed() -> None:
    async def run() -> tuple[Listener, HttpTalker]:
        with HttpTalker(b"one\n") as talker:
            listener = Listener(kind="http", url=talker.url, interval_s=0.1)
            async with listener.listening():
                await until(lambda: len(talker.requests) >= 3)
                talker.data = b"two\n"
                await until(lambda: listener.data.endswith(b"two\n"))
        return listener, talker

    listener, talker = asyncio.run(run())
    assert listener.data == b"one\ntwo\n"
    assert "If-None-Match" not in talker.requests[0]
    assert "If-None-Match" in talker.requests[1]
    assert Ended("", clean=True, last=False) in listener.arrivals
    assert listener.transport.status.reconnects == 0


@pytest.mark.parametrize(
    ("status", "state", "said"),
    [
        (500, State.WAITING, "500"),
        (302, State.WAITING, "redirects"),
        (401, State.FAILED, "credentials are not accepted"),
        (403, State.FAILED, "denied"),
    ],
)
def test_an_error_answer_is_shown(status: int, state: State, said: str) -> None:
    async def run() -> Listener:
        with HttpTalker(b"", status=status) as talker:
            listener = Listener(kind="http", url=talker.url, interval_s=0.1)
            async with listener.listening():
                await until(lambda: any(s.state is state for s in listener.states))
        return listener

    shown = next(status for status in asyncio.run(run()).states if status.state is state)
    assert said in str(shown.error)


def test_a_response_beyond_its_bound_is_cut() -> None:
    async def run() -> Listener:
        with HttpTalker(b"x" * 5_000_000) as talker:
            listener = Listener(kind="http", url=talker.url, interval_s=0.1, max_bytes=100_000)
            async with listener.listening():
                await until(lambda: listener.transport.status.state is State.WAITING)
        return listener

    listener = asyncio.run(run())
    assert len(listener.data) <= 200_000
    assert "max_bytes = 100000" in str(listener.states[2].error)


def test_a_server_that_falls_silent_is_called_again() -> None:
    async def run() -> Listener:
        with HttpTalker(b"x", endless=True) as talker:
            listener = Listener(kind="http", url=talker.url, timeout_s=0.2)
            async with listener.listening():
                await until(lambda: len(talker.requests) >= 2)
        return listener

    errors = {status.error for status in asyncio.run(run()).states}
    assert "silent for too long" in errors


def test_credentials_go_to_the_server_and_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def run() -> tuple[Listener, HttpTalker]:
        with HttpTalker(b"x\n") as talker:
            listener = Listener(
                kind="http",
                url=talker.url + "?key=hidden-1",
                interval_s=0.1,
                user="me",
                password="hidden-2",
                headers={"X-Key": "hidden-3"},
            )
            async with listener.listening():
                await until(lambda: len(talker.requests) >= 2)
        return listener, talker

    listener, talker = asyncio.run(run())
    basic = base64.b64encode(b"me:hidden-2").decode()
    assert talker.requests[0]["Authorization"] == f"Basic {basic}"
    assert talker.requests[0]["X-Key"] == "hidden-3"
    config = parse_transport(
        {"kind": "http", "url": talker.url + "?key=hidden-1", "headers": {"X-Key": "hidden-3"}}
    )
    assert "hidden" not in config.where()
    assert "hidden-3" not in repr(config)
    assert "hidden" not in caplog.text
    assert "hidden" not in repr(listener.states)


def test_a_header_that_cannot_be_sent_is_not_quoted() -> None:
    async def run() -> Listener:
        with HttpTalker(b"x\n") as talker:
            listener = Listener(kind="http", url=talker.url, headers={"X-Key": "hid\nden"})
            await listener.listen()
        return listener

    listener = asyncio.run(run())
    assert listener.transport.status.state is State.FAILED
    assert "hid" not in str(listener.transport.status.error)
