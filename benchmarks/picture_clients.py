"""The clients of `picture_socket`, in a process of their own so that only the server is measured.

Standard input: a line of JSON with the address and each client's cookie and viewport, then an
empty line to begin counting and another to end. Standard output: ``ready`` once every client has
its first batch, and at the end what they received, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection, connect

from alliage.picture.encode import decode_frame

Times = NDArray[np.float64]


@dataclass
class Received:
    """What all clients received while it counted."""

    counting: bool = False
    messages: int = 0
    size: int = 0
    ages_us: list[Times] = field(default_factory=list)

    def note(self, message: bytes, valid_us: Times) -> None:
        """Count a message and the ages of the reports in it."""
        if self.counting:
            self.messages += 1
            self.size += len(message)
            self.ages_us.append(time.time_ns() / 1_000 - valid_us)

    def summary(self) -> dict[str, float]:
        """Counts, and percentiles of the ages."""
        ages_us = np.concatenate(self.ages_us) if self.ages_us else np.zeros(0)
        half, late = np.percentile(ages_us, [50, 99]) if len(ages_us) else (np.nan, np.nan)
        return {
            "messages": self.messages,
            "bytes": self.size,
            "updates": len(ages_us),
            "age_p50_s": float(half) / 1e6,
            "age_p99_s": float(late) / 1e6,
        }


async def picture(socket: ClientConnection, received: Received) -> None:
    """One message of the product's protocol, acknowledged."""
    message = await socket.recv(decode=False)
    header, columns = decode_frame(message)
    await socket.send(orjson.dumps({"type": "ack", "seq": header["seq"]}).decode())
    received.note(message, columns["valid"])


async def batch(socket: ClientConnection, received: Received) -> None:
    """One document of the peer's."""
    message = await socket.recv(decode=False)
    tracks = orjson.loads(message)["tracks"]
    received.note(message, np.array([track["valid_us"] for track in tracks], dtype=np.float64))


async def each(socket: ClientConnection, received: Received) -> None:
    """One update of the other peer's."""
    message = await socket.recv(decode=False)
    received.note(message, np.array([orjson.loads(message)["valid_us"]], dtype=np.float64))


WAYS = {"picture": picture, "batch": batch, "each": each}


async def client(
    plan: dict[str, Any], one: dict[str, Any], received: Received, began: asyncio.Semaphore
) -> None:
    """Look at one viewport until the end."""
    take = WAYS[plan["way"]]
    async with connect(
        plan["address"],
        origin=plan["origin"],
        additional_headers={"Cookie": one["cookie"]},
        compression=None,
        max_size=None,
    ) as socket:
        view = {"type": "view", "bbox": one["bbox"], "zoom": 8.0}
        await socket.send(json.dumps(view))
        await take(socket, received)
        began.release()
        while True:
            await take(socket, received)


async def main() -> None:
    """Open all clients, evenly over a second, and count when told to."""
    plan = json.loads(sys.stdin.readline())
    received, began = Received(), asyncio.Semaphore(0)
    tasks = []
    for one in plan["clients"]:
        tasks.append(asyncio.create_task(client(plan, one, received, began)))
        await asyncio.sleep(1 / len(plan["clients"]))
    for _ in tasks:
        await began.acquire()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    received.counting = True
    await asyncio.to_thread(sys.stdin.readline)
    received.counting = False
    print(json.dumps(received.summary()), flush=True)
    failed = [task for task in tasks if task.done()]
    for task in tasks:
        task.cancel()
    for task in failed:
        task.result()


if __name__ == "__main__":
    asyncio.run(main())
