"""Reading file descriptors that wait: terminals, serial ports, pipes. Nothing blocks the loop."""

from __future__ import annotations

import asyncio
import os

from alliage.feeds.transports.base import READ_BYTES


async def read_ready(descriptor: int) -> bytes:
    """Return the bytes that are there, waiting for the first; empty at the end.

    Raises:
        OSError: the device went away.
    """
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)
    try:
        return os.read(descriptor, READ_BYTES)
    except BlockingIOError:  # somebody else was quicker, or nothing was there after all
        return await read_ready(descriptor)
