"""kill -9 at any moment loses nothing that was acknowledged, and leaves nothing half-read."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path

import pytest

from alliage.log import Log, NodeKeys
from alliage.log.reader import pages
from alliage.ontology.audience import machine_audience
from alliage.ontology.times import WallClock
from tests.log.crashing import write_on

LIVES_S = 0.25
"""A writer is killed at a random moment of so many seconds, from before the log is open."""


@pytest.fixture(scope="module")
def context() -> BaseContext:
    """Writers are forked from a process that has imported what they need: each starts at once."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.log.crashing"])
    return found


def test_ten_kills_lose_nothing(context: BaseContext, tmp_path: Path) -> None:
    assert kill_repeatedly(context, tmp_path, 10) > 0


@pytest.mark.soak
def test_two_hundred_kills_lose_nothing(context: BaseContext, tmp_path: Path) -> None:
    assert kill_repeatedly(context, tmp_path, 200) > 1_000


def kill_repeatedly(context: BaseContext, tmp_path: Path, times: int) -> int:
    """Let writers write one log and kill them; returns how many entries were acknowledged."""
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")  # shown where the test fails
    chance = random.Random(seed)
    NodeKeys.create(tmp_path / "keys")
    acknowledged: list[str] = []
    for _ in range(times):
        acknowledged += one_life(context, tmp_path, chance.uniform(0, LIVES_S))
        check(tmp_path, acknowledged)
    return len(acknowledged)


def one_life(context: BaseContext, tmp_path: Path, lives_s: float) -> list[str]:
    """Start a writer, kill it, and return the ids of what it was told is durable."""
    ours, its = context.Pipe(duplex=False)
    process = context.Process(  # type: ignore[attr-defined]
        target=write_on, args=(tmp_path / "log", tmp_path / "keys", its), daemon=True
    )
    process.start()
    its.close()
    assert ours.recv() == []
    told = list(messages(ours, time.monotonic() + lives_s))
    os.kill(process.pid, signal.SIGKILL)
    with suppress(EOFError):  # what it had said before it died
        while True:
            told.append(ours.recv())
    process.join()
    assert process.exitcode == -signal.SIGKILL
    return [entry_id for group in told for entry_id in group]


def messages(pipe: Connection, until: float) -> Iterator[list[str]]:
    while (left := until - time.monotonic()) > 0 and pipe.poll(left):
        yield pipe.recv()


def check(tmp_path: Path, acknowledged: list[str]) -> None:
    """Open the log as a node does: it is whole, and all that was acknowledged is there."""
    log = Log.open(tmp_path / "log", NodeKeys.load(tmp_path / "keys"), "node-1", WallClock())
    assert list(log.verify())[-1].fault is None
    reader = log.reader(machine_audience(log.label_sets))
    found = [entry for page in pages(reader.read) for entry in page]
    for entry in found:
        entry.content()
    ids = [entry.entry_id for entry in found]
    assert set(acknowledged) <= set(ids)
    assert [one for one in ids if one in set(acknowledged)] == acknowledged
    streams = [entry.stream for entry in found]
    # Of what was submitted together there is all or nothing.
    assert streams.count("denmark") == streams.count("france")
    log.close()
