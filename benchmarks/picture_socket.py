"""What do 100 clients of the live picture cost the server, and how old is what they see?

One process: a node with its real server, 20,000 tracks that each report once a second (a commit
every 200 ms), and 100 clients at 1 Hz, each with its own session and a viewport of about 500
tracks. The peers are served by the same server from the same state: one orjson document of the
tracks in view for each client and second; or one JSON message for each update. The clients run in
a process of their own. What the reports alone cost is measured too, and taken off.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from alliage.node import Node
from alliage.ontology.label import Label
from alliage.server.logs import configure_logs
from alliage.server.security import COOKIE, find_session, services_of
from benchmarks.fleet import Entry, Fleet
from benchmarks.peer_json import PlainJson
from benchmarks.served_node import Served, served_node

TRACKS: Final = 20_000
IN_VIEW: Final = 500
CLIENTS: Final = 100
EACH_CLIENTS: Final = 20
"""Of the peer that sends each update by itself: more would need more than a core."""
SETTLE_S: Final = 3.0
"""After the first batches: by then each session was looked up again, as it is every two seconds."""
COMMITS_HZ: Final = 5
AIMS: Final = {"batch": 3.0, "each": 10.0}
PATHS: Final = {"picture": "/api/v1/picture", "batch": "/peer/batch", "each": "/peer/each"}


class Reports:
    """A thread that has every ship report once a second, as the log's writer would tell it."""

    def __init__(self, node: Node) -> None:
        self._picture = node.picture
        self._label_set = node.log.label_sets.intern(
            frozenset([Label.make("ALLIAGE", "UNCLASSIFIED", ["DNK", "FRA"])])
        )
        self._fleet = Fleet(TRACKS, time.time_ns() // 1_000)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Fleet:
        self._thread.start()
        return self._fleet

    def __exit__(self, *_exception: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        parts = np.array_split(np.random.default_rng(1).permutation(TRACKS), COMMITS_HZ)
        began, number = time.monotonic(), 0
        while not self._end.wait(max(0.0, began + number / COMMITS_HZ - time.monotonic())):
            now_us = time.time_ns() // 1_000
            ships = np.sort(parts[number % COMMITS_HZ])
            batch = self._fleet.reports(ships, np.full(len(ships), now_us))
            self._picture.apply([Entry(number, batch, now_us, label_set=self._label_set)])
            number += 1


def add_peers(app: FastAPI) -> None:
    """Let the peers be served too; like the product they know who asks and what is looked at."""

    async def peer(websocket: WebSocket) -> PlainJson:
        services = services_of(websocket)
        signed_in = find_session(websocket, services)
        assert signed_in is not None
        await websocket.accept()
        box = (await websocket.receive_json())["bbox"]
        return PlainJson(services.picture.view(services.access.audience(signed_in.principal)), box)

    async def send_batches(websocket: WebSocket) -> None:
        plain = await peer(websocket)
        async for now_us in ticks():
            await websocket.send_bytes(plain.batch(now_us))

    async def send_each(websocket: WebSocket) -> None:
        plain = await peer(websocket)
        async for now_us in ticks():
            for message in plain.messages(now_us):
                await websocket.send_bytes(message)

    for way, send in (("batch", send_batches), ("each", send_each)):
        app.add_api_websocket_route(PATHS[way], until_gone(send))


def until_gone(send: Any) -> Any:
    """A route that ends quietly when its client does."""

    async def route(websocket: WebSocket) -> None:
        try:
            await send(websocket)
        except (WebSocketDisconnect, RuntimeError):
            return

    return route


async def ticks() -> AsyncIterator[int]:
    """The wall's time, once a second."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        yield time.time_ns() // 1_000
        due += 1.0
        await asyncio.sleep(due - loop.time())


def plan(served: Served, fleet: Fleet, way: str, clients: int) -> dict[str, Any]:
    """What the clients' process is told: each client has a session of its own."""
    return {
        "way": way,
        "origin": served.origin,
        "address": served.origin.replace("http", "ws") + PATHS[way],
        "clients": [
            {"cookie": f"{COOKIE}={served.new_session()}", "bbox": box}
            for box in fleet.viewports(clients, IN_VIEW)
        ],
    }


async def cpu_s(seconds: float) -> float:
    """Processor time of this process in so many seconds."""
    began = time.process_time()
    await asyncio.sleep(seconds)
    return time.process_time() - began


async def measure(
    served: Served, fleet: Fleet, way: str, clients: int, seconds: float
) -> dict[str, float]:
    """Serve so many clients in one way, once they have settled."""
    told = await asyncio.to_thread(plan, served, fleet, way, clients)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.picture_clients",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(told).encode() + b"\n")
    if await process.stdout.readline() != b"ready\n":
        raise RuntimeError("the clients' process could not begin; its own words are above")
    await asyncio.sleep(SETTLE_S)
    process.stdin.write(b"\n")
    spent_s = await cpu_s(seconds)
    process.stdin.write(b"\n")
    received: dict[str, float] = json.loads(await process.stdout.readline())
    await process.wait()
    await asyncio.sleep(1.5)  # the peers notice it with their next send
    return {"clients": clients, "core": spent_s / seconds, **received}


async def run(rounds: int, seconds: float) -> list[dict[str, Any]]:
    """Every way in turn, several times."""
    async with served_node(add_peers) as served:
        with Reports(served.node) as fleet:
            await asyncio.sleep(1.0)
            ways = {"picture": CLIENTS, "batch": CLIENTS, "each": EACH_CLIENTS}
            return [
                {"reports alone": {"core": await cpu_s(seconds) / seconds}}
                | {way: await measure(served, fleet, way, n, seconds) for way, n in ways.items()}
                for _ in range(rounds)
            ]


def best(rounds: list[dict[str, Any]], way: str) -> dict[str, float]:
    """The cheapest round of one way, with its cost for each client."""
    alone = min(one["reports alone"]["core"] for one in rounds)
    found: dict[str, float] = min((one[way] for one in rounds), key=lambda way: way["core"])
    return {**found, "core_a_client": (found["core"] - alone) / found["clients"]}


def main() -> int:
    """Print the figures; exit code 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--quick", action="store_true", help="one short round instead of three")
    arguments = parser.parse_args()
    configure_logs("warning")
    rounds = asyncio.run(run(1, 5.0) if arguments.quick else run(3, 10.0))
    alone = min(one["reports alone"]["core"] for one in rounds)
    print(f"{TRACKS:,} reports a second alone: {alone:.1%} of a core")
    ours = best(rounds, "picture")
    names = {"picture": "the picture", "batch": "a JSON batch", "each": "JSON for each update"}
    ratios = {}
    for way, name in names.items():
        cost = best(rounds, way)
        ratios[way] = cost["core_a_client"] / ours["core_a_client"]
        print(
            f"{name:22} {cost['clients']:4.0f} clients: {cost['core']:6.1%} of a core in all, "
            f"{cost['core_a_client'] * 1e6:6.0f} us a client and second ({ratios[way]:5.1f}x); "
            f"age of an update p50 {cost['age_p50_s']:.2f} s, p99 {cost['age_p99_s']:.2f} s"
        )
    if arguments.json:
        arguments.json.write_text(json.dumps({"rounds": rounds, "ratios": ratios}, indent=2))
    return 0 if all(ratios[way] >= aim for way, aim in AIMS.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
