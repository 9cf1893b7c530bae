"""Nodes in fresh folders, with recordings or hand-made sentences as sources."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from alliage.config import Config
from alliage.home import Home, init_home
from alliage.node import Node
from alliage.ontology.times import WallClock

LABEL = '{ policy = "ALLIAGE", classification = "UNCLASSIFIED", releasable_to = ["DNK"] }'


def make_home(folder: Path, sources: str = "") -> Home:
    """A node of Denmark with these ``[[sources]]``, on any free port."""
    text = Config.default_text("test", "DNK").replace("port = 8470", "port = 0")
    return init_home(folder, text + sources)


def recording(path: Path, pace: str = '"flat-out"', name: str = "denmark") -> str:
    """The ``[[sources]]`` table that replays a file."""
    transport = f'{{ kind = "file", path = "{path}", pace = {pace} }}'
    return source(transport, name)


def source(transport: str, name: str = "denmark") -> str:
    """A ``[[sources]]`` table of AIS."""
    return (
        f'\n[[sources]]\nname = "{name}"\nformat = "ais"\n'
        f"transport = {transport}\nlabel = {LABEL}\n"
    )


class PastClock:
    """As it was so many days ago."""

    def __init__(self, days: float) -> None:
        self._before_us = round(days * 86_400_000_000)
        self._clock = WallClock()

    def now_us(self) -> int:
        return self._clock.now_us() - self._before_us


def opened(home: Home, days_ago: float = 0.0) -> Node:
    """The node in this folder, where its clock may be of days ago."""
    return Node.open(Config.load(home.config), home.folder, PastClock(days_ago))


async def while_serving(node: Node, act: Callable[[str], Awaitable[None]]) -> None:
    """Serve, act once the server answers, then stop and wait for the end."""
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(node.serve(ready.set_result))
    await asyncio.wait([serving, ready], return_when=asyncio.FIRST_COMPLETED)
    try:
        if ready.done():
            await act(ready.result())
    finally:
        node.stop()
        await serving


async def until(condition: Callable[[], bool], within_s: float = 30.0) -> None:
    """Look again and again until something is so.

    Raises:
        AssertionError: it was not so in time.
    """
    loop = asyncio.get_running_loop()
    deadline_s = loop.time() + within_s
    while not condition():
        assert loop.time() < deadline_s, "what was waited for did not happen"
        await asyncio.sleep(0.02)


@pytest.fixture
def danish_feed(data_dir: Path) -> Path:
    """Five minutes of Denmark's national feed."""
    return data_dir / "ais" / "denmark-2013-11-12-5min.nmea.gz"
