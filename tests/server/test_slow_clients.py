"""Clients whose network takes nothing, at the ASGI boundary, where "nothing" can be had exactly."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alliage.picture.encode import decode_frame
from alliage.server.settings import ServerSettings
from tests.server.small_node import FRIO, PASSWORD, SHARED, Ship, SmallNode

VIEW = {"type": "view", "bbox": [5.0, 50.0, 20.0, 60.0], "zoom": 6.0, "rate_hz": 10.0}


class Line:
    """One client's line: what it says goes in, and ``takes`` decides whether frames get through."""

    def __init__(self, node: SmallNode, takes: bool) -> None:
        token = node.accounts.sign_in("fleur", PASSWORD).token
        self.scope: dict[str, Any] = {
            "type": "websocket",
            "scheme": "ws",
            "path": "/api/v1/picture",
            "query_string": b"",
            "headers": [
                (b"host", b"node.example"),
                (b"origin", b"http://node.example"),
                (b"cookie", f"alliage_session={token}".encode()),
            ],
            "client": ("10.0.0.9", 4711),
            "subprotocols": [],
        }
        self.takes = takes
        self.offered = 0
        self.batches: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._said.put_nowait({"type": "websocket.connect"})

    def say(self, message: dict[str, Any]) -> None:
        self._said.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    async def receive(self) -> dict[str, Any]:
        return await self._said.get()

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.closed.set_result(message["code"])
        elif message["type"] == "websocket.send":
            self.offered += 1
            if not self.takes:
                await asyncio.Event().wait()
            header, _ = decode_frame(message["bytes"])
            self.say({"type": "ack", "seq": header["seq"]})
            self.batches.put_nowait(header)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[SmallNode]:
    settings = dataclasses.replace(ServerSettings(), send_timeout_s=2.0)
    node = SmallNode(tmp_path, settings)
    node.report("denmark", SHARED, [Ship(FRIO, 11.0, 55.0)])
    yield node
    node.close()


def test_a_stuck_client_holds_one_frame_stops_nobody_and_is_let_go(node: SmallNode) -> None:
    async def scene() -> None:
        stuck, quick = Line(node, takes=False), Line(node, takes=True)
        served = [
            asyncio.create_task(node.app(line.scope, line.receive, line.send))
            for line in (stuck, quick)
        ]
        for line in (stuck, quick):
            line.say(VIEW)
        for step in range(10):
            header = await asyncio.wait_for(quick.batches.get(), 10)
            assert header["total"] == 1
            assert not stuck.closed.done()
            await asyncio.to_thread(
                node.report, "denmark", SHARED, [Ship(FRIO, 11.0 + step / 10, 55.0)]
            )
        assert stuck.offered == 1
        assert await asyncio.wait_for(stuck.closed, 10) == 1001
        await asyncio.wait_for(served[0], 10)
        assert not served[1].done()
        await asyncio.wait_for(node.app.state.sockets.close_all(), 10)
        assert quick.closed.result() == 1001
        await asyncio.wait_for(served[1], 10)

    asyncio.run(scene())
