"""kill -9 at any moment loses nothing that was acknowledged, and leaves nothing half-read."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path

import pytest

from alliage.log import Log, NodeKeys
from alliage.log.reader import pages
from alliage.ontology.audience import machine_audience
from alliage.ontology.times import WallClock
from tests.log.crashing import write_on

GROUPS = 12
LIVES_ON_S = 0.05
"""A writer is killed after up to so many groups and so many seconds; none: while it opens."""

DEADLINE_S = 60.0


@pytest.fixture(scope="module")
def context() -> BaseContext:
    """Writers are forked from a process that has imported what they need: each starts at once."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.log.crashing"])
    return found


def test_ten_kills_lose_nothing(context: BaseContext, tmp_path: Path) -> None:
    assert kill_repeatedly(context, tmp_path) > 0


@pytest.mark.soak
def test_two_hundred_kills_lose_nothing(context: BaseContext, tmp_path: Path) -> None:
    for number in range(20):
        assert kill_repeatedly(context, tmp_path / str(number)) > 0


def kill_repeatedly(context: BaseContext, folder: Path) -> int:
    """Let ten writers write one log and kill them; returns how many entries were acknowledged."""
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")  # shown where the test fails
    chance = random.Random(seed)
    NodeKeys.create(folder / "keys")
    acknowledged: list[str] = []
    for _ in range(10):
        groups, lives_on_s = chance.randrange(GROUPS), chance.uniform(0, LIVES_ON_S)
        acknowledged += one_life(context, folder, groups, lives_on_s)
        check(folder, acknowledged)
    return len(acknowledged)


def one_life(context: BaseContext, folder: Path, groups: int, lives_on_s: float) -> list[str]:
    """Start a writer, kill it, and return the ids of what it was told is durable."""
    ours, its = context.Pipe(duplex=False)
    process = context.Process(  # type: ignore[attr-defined]
        target=write_on, args=(folder / "log", folder / "keys", its), daemon=True
    )
    process.start()
    its.close()
    assert ours.recv() == []
    told = list(islice(messages(ours, time.monotonic() + DEADLINE_S), groups))
    told += messages(ours, time.monotonic() + lives_on_s)
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


def check(folder: Path, acknowledged: list[str]) -> None:
    """Open the log as a node does: it is whole, and all that was acknowledged is there."""
    log = Log.open(folder / "log", NodeKeys.load(folder / "keys"), "node-1", WallClock())
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
