"""A power cut loses nothing that was acknowledged, whatever of the unsynced bytes survives it."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from alliage.log import Log, NodeKeys, database
from alliage.log.reader import pages
from alliage.ontology.audience import machine_audience
from tests.log.crashing import group
from tests.log.power import Moment, lucky, sqlite_library, watched
from tests.log.support import TickingClock

GROUPS = 40
DRAFTS = len(group(0))
CHECKPOINT_PAGES = 16
"""SQLite empties its write-ahead log so often, that the test meets it."""

pytestmark = pytest.mark.skipif(
    sqlite_library() is None, reason="the functions of Python's SQLite cannot be watched here"
)


@pytest.fixture(scope="module")
def keys() -> NodeKeys:
    return NodeKeys.generate()


def written(folder: Path, keys: NodeKeys, monkeypatch: pytest.MonkeyPatch) -> list[Moment]:
    """Every moment in the life of a log: made, written in small segments, closed, opened again."""
    folder.mkdir()
    with watched(folder, monkeypatch) as recorder:
        for _ in range(2):
            log = open_log(folder / "log", keys)
            with log._index._engine.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            for number in range(GROUPS // 2):
                log.append(group(number))
                recorder.acknowledged += DRAFTS
            log.close()
        recorder.before_sync()
        return recorder.moments


def open_log(folder: Path, keys: NodeKeys) -> Log:
    return Log.open(folder, keys, "node-1", TickingClock(), segment_bytes=20_000)


def power_cuts(folder: Path, keys: NodeKeys, moments: list[Moment], seed: int, times: int) -> None:
    """Let the power go at random moments with random luck, and start again each time."""
    chance = random.Random(seed)
    for _ in range(times):
        moment, share = chance.choice(moments), chance.choice([0.0, 0.2, 0.5, 0.8, 1.0])
        moment.restore(folder, lucky(chance, share))
        start_again(folder / "log", keys, moment.acknowledged)
        shutil.rmtree(folder)


def start_again(folder: Path, keys: NodeKeys, acknowledged: int) -> None:
    """What was acknowledged is there, groups are whole, and the log goes on."""
    log = open_log(folder, keys)
    reader = log.reader(machine_audience(log.label_sets))
    found = [entry for page in pages(reader.read) for entry in page]
    assert len(found) >= acknowledged
    assert len(found) % DRAFTS == 0
    for entry in found:
        entry.content()
    log.append(group(0))
    assert list(log.verify())[-1].fault is None
    log.close()


def test_power_cuts_lose_nothing_that_was_acknowledged(
    tmp_path: Path, keys: NodeKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = written(tmp_path / "watched", keys, monkeypatch)
    assert len(moments) > 2 * GROUPS  # a segment and the index, each time
    assert moments[-1].synced("index.sqlite")  # or it was not this SQLite that was watched
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")  # shown where the test fails
    power_cuts(tmp_path / "found", keys, moments, seed, 15)


@pytest.mark.soak
def test_many_power_cuts_lose_nothing_that_was_acknowledged(
    tmp_path: Path, keys: NodeKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = written(tmp_path / "watched", keys, monkeypatch)
    power_cuts(tmp_path / "found", keys, moments, random.randrange(1 << 32), 1_000)


def test_the_test_would_see_a_log_that_does_not_sync(
    tmp_path: Path, keys: NodeKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the index's syncs left to chance, acknowledged entries are lost, and it shows."""
    connect = database.open_database
    monkeypatch.setattr(
        "alliage.log.index.open_database", lambda *args: connect(*args, durable=False)
    )
    moments = written(tmp_path / "watched", keys, monkeypatch)
    moment = next(one for one in moments if one.acknowledged == 5 * DRAFTS)
    moment.restore(tmp_path / "found", lambda: False)
    log = open_log(tmp_path / "found" / "log", keys)
    assert log.last_number < moment.acknowledged
    log.close()
