"""Files: plain, packed, standard input, followed through rotation and truncation."""

from __future__ import annotations

import asyncio
import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from alliage.feeds.transports.base import Ended, State
from alliage.feeds.transports.file import FLAT_OUT_BYTES, FileConfig
from tests.feeds.links import Listener, until

DATA = b"".join(b"line %d\n" % number for number in range(100_000))


def read_all(**config: object) -> Listener:
    listener = Listener(kind="file", **config)
    asyncio.run(listener.listen())
    return listener


@pytest.mark.parametrize("pace", [None, 1.0, "flat-out", "flat out"])
def test_a_file_is_read_to_its_end(tmp_path: Path, pace: object) -> None:
    path = tmp_path / "recording.nmea"
    path.write_bytes(DATA)
    listener = read_all(path=str(path), pace=pace)
    assert listener.data == DATA
    assert listener.arrivals[-1] == Ended("", clean=True)
    assert listener.state_names == ["connecting", "connected", "ended"]


def test_a_packed_file_is_unpacked_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "recording"
    path.write_bytes(gzip.compress(DATA))
    assert read_all(path=str(path)).data == DATA


def test_a_damaged_packed_file_gives_what_can_be_read_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "recording.gz"
    path.write_bytes(gzip.compress(os.urandom(2_000_000))[:1_500_000])
    listener = read_all(path=str(path))
    assert len(listener.data) > 1_000_000
    assert listener.arrivals[-1] == Ended("", clean=False)
    assert listener.transport.status.state is State.FAILED
    assert "recording.gz cannot be read" in str(listener.transport.status.error)


def test_a_missing_file_fails_with_its_name(tmp_path: Path) -> None:
    listener = read_all(path=str(tmp_path / "nowhere"))
    assert listener.transport.status.state is State.FAILED
    assert "nowhere" in str(listener.transport.status.error)


def test_a_paced_file_is_read_in_small_blocks() -> None:
    assert FileConfig(path="x", pace=1.0).block_bytes == 4096
    assert FileConfig(path="x", pace=10).block_bytes == 40960
    assert FileConfig(path="x", pace="flat-out").block_bytes == FLAT_OUT_BYTES


def test_standard_input_is_read_to_its_end() -> None:
    program = (
        "import asyncio, sys\n"
        "from tests.feeds.links import Listener\n"
        "listener = Listener(kind='file', path='-')\n"
        "asyncio.run(listener.listen())\n"
        "sys.stdout.buffer.write(listener.data)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=DATA, capture_output=True, check=True, timeout=30
    )
    assert done.stdout == DATA


async def follow(path: Path, **config: object) -> Listener:
    return Listener(kind="file", path=str(path), follow=True, poll_s=0.01, **config)


def test_a_followed_file_gives_what_is_appended(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"old\n")

    async def run() -> Listener:
        listener = await follow(path)
        async with listener.listening():
            await until(lambda: listener.transport.status.state is State.CONNECTED)
            with path.open("ab") as file:
                file.write(b"new\n")
            await until(lambda: listener.data == b"new\n")
        return listener

    assert asyncio.run(run()).data == b"new\n"


def test_following_may_begin_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"old\n")

    async def run() -> None:
        listener = await follow(path, follow_from="start")
        async with listener.listening():
            await until(lambda: listener.data == b"old\n")

    asyncio.run(run())


def test_a_rotated_file_loses_and_repeats_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"")

    async def run() -> Listener:
        listener = await follow(path, follow_from="start")
        async with listener.listening():
            await until(lambda: listener.transport.status.state is State.CONNECTED)
            for number in range(5):
                with path.open("ab") as file:
                    file.write(b"a%d\n" % number)
                path.rename(tmp_path / f"log.{number}")
                path.write_bytes(b"b%d\n" % number)
                wanted = b"b%d\n" % number
                await until(lambda wanted=wanted: listener.data.endswith(wanted))  # type: ignore[misc]
        return listener

    assert asyncio.run(run()).data == b"a0\nb0\na1\nb1\na2\nb2\na3\nb3\na4\nb4\n"


def test_a_truncated_file_is_read_from_its_new_start(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"first\nhalf a li")

    async def run() -> Listener:
        listener = await follow(path, follow_from="start")
        async with listener.listening():
            await until(lambda: listener.data == b"first\nhalf a li")
            path.write_bytes(b"again\n")
            await until(lambda: listener.data.endswith(b"again\n"))
        return listener

    listener = asyncio.run(run())
    assert listener.data == b"first\nhalf a liagain\n"
    assert Ended("", clean=False) in listener.arrivals


def test_a_followed_file_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "log"

    async def run() -> None:
        listener = await follow(path, follow_from="start")
        async with listener.listening():
            await until(lambda: listener.transport.status.state is State.WAITING)
            path.write_bytes(b"here\n")
            await until(lambda: listener.data == b"here\n")

    asyncio.run(run())
