"""An index follows its log: what it missed, what comes, and another log than before."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from alliage.log import Draft, Log, NodeKeys
from alliage.ontology.audience import machine_audience
from alliage.ontology.claim import Claim
from alliage.search.follow import IndexFollower
from alliage.search.index import Term, Then
from alliage.search.mentions import MentionReader
from alliage.search.open import rebuild_index
from alliage.search.sqlite_index import SqliteTextIndex
from tests.log.support import DANES, TickingClock
from tests.picture.support import ontology


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    opened = Log.open(tmp_path / "log", NodeKeys.generate(), "node-1", TickingClock())
    yield opened
    opened.close()


def say(log: Log, ship: int, name: str) -> None:
    claim = Claim(f"{ship:032x}", f"s{ship}", f"mmsi:{ship}", "Vessel", "name", name, ship)
    log.append([Draft("denmark", DANES, (claim,))])


def found(index: SqliteTextIndex, log: Log, word: str) -> list[str]:
    return list(index.find(machine_audience(log.label_sets), Term(word), Then(10)))


class Told(SqliteTextIndex):
    """An index that tells when something was added."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.added = threading.Event()

    def add(self, *said: object) -> None:  # type: ignore[override]
        super().add(*said)  # type: ignore[arg-type]
        self.added.set()


def test_it_reads_what_it_missed_and_then_what_comes(log: Log, tmp_path: Path) -> None:
    say(log, 1, "FRIO")
    index = Told(tmp_path / "search.sqlite")
    follower = IndexFollower(index, MentionReader(ontology()))
    follower.follow(log.reader(machine_audience(log.label_sets)))
    assert found(index, log, "frio") == ["mmsi:1"]
    index.added.clear()
    say(log, 2, "EMMA")
    assert index.added.wait(10)
    assert found(index, log, "emma") == ["mmsi:2"]
    follower.close()


def test_it_resumes_where_it_was_and_adds_nothing_twice(log: Log, tmp_path: Path) -> None:
    machine = log.reader(machine_audience(log.label_sets))
    say(log, 1, "FRIO")
    for added in (1, 0):
        index = SqliteTextIndex(tmp_path / "search.sqlite")
        assert IndexFollower(index, MentionReader(ontology())).catch_up(machine) == added
        assert found(index, log, "frio") == ["mmsi:1"]
        index.close()


def test_of_another_log_it_begins_anew(log: Log, tmp_path: Path) -> None:
    say(log, 1, "FRIO")
    index = SqliteTextIndex(tmp_path / "search.sqlite")
    follower = IndexFollower(index, MentionReader(ontology()))
    follower.catch_up(log.reader(machine_audience(log.label_sets)))
    other = Log.open(tmp_path / "other", NodeKeys.generate(), "node-1", TickingClock())
    say(other, 2, "EMMA")
    follower.catch_up(other.reader(machine_audience(other.label_sets)))
    assert found(index, other, "frio") == []
    assert found(index, other, "emma") == ["mmsi:2"]
    follower.close()
    other.close()


def test_it_is_made_again_from_the_log(log: Log, tmp_path: Path) -> None:
    say(log, 1, "FRIO")
    told: list[int] = []
    for _ in range(2):
        assert rebuild_index(tmp_path / "search.sqlite", log, ontology(), told.append) == 1
    assert told == [1, 1]
