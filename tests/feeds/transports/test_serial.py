"""Serial ports, over a pair of pseudo-terminals."""

from __future__ import annotations

import asyncio
import os
import pty
import tty
from pathlib import Path

from alliage.feeds.transports.base import State
from tests.feeds.links import Listener, until


def test_a_port_is_read_as_bytes_come() -> None:
    async def run() -> None:
        far, near = pty.openpty()
        tty.setraw(near)
        listener = Listener(kind="serial", device=os.ttyname(near), baud=4800)
        async with listener.listening():
            await until(lambda: listener.transport.status.state is State.CONNECTED)
            os.write(far, b"$GPRMC\r\n")
            await until(lambda: listener.data == b"$GPRMC\r\n")
            os.write(far, bytes(range(256)))
            await until(lambda: listener.data == b"$GPRMC\r\n" + bytes(range(256)))
        os.close(far)
        os.close(near)

    asyncio.run(run())


def test_a_pulled_cable_is_shown_and_waited_for(tmp_path: Path) -> None:
    async def run() -> Listener:
        far, near = pty.openpty()
        tty.setraw(near)
        device = tmp_path / "receiver"
        device.symlink_to(os.ttyname(near))
        listener = Listener(kind="serial", device=str(device))
        async with listener.listening():
            await until(lambda: listener.transport.status.state is State.CONNECTED)
            os.close(near)
            os.close(far)
            await until(lambda: listener.transport.status.reconnects >= 2)
            far, near = pty.openpty()
            tty.setraw(near)
            device.unlink()
            device.symlink_to(os.ttyname(near))
            await until(lambda: listener.transport.status.state is State.CONNECTED)
            os.write(far, b"back\n")
            await until(lambda: listener.data == b"back\n")
        os.close(far)
        os.close(near)
        return listener

    assert asyncio.run(run()).data == b"back\n"


def test_something_that_is_no_serial_port_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "plain"
    path.write_bytes(b"")

    async def run() -> None:
        listener = Listener(kind="serial", device=str(path))
        async with listener.listening():
            await until(lambda: listener.transport.status.state is State.WAITING)
            assert str(path) in str(listener.transport.status.error)

    asyncio.run(run())
