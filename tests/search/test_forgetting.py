"""What was destroyed or raised by decision is no longer found, and no file holds its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from alliage.log import Draft, Log, NodeKeys
from alliage.log.entry import Entry
from alliage.log.revisions import REVISIONS_STREAM, Destroy, Raise
from alliage.ontology.audience import machine_audience
from alliage.ontology.claim import Claim
from alliage.ontology.folding import fold
from alliage.ontology.label import Label
from alliage.search.follow import IndexFollower
from alliage.search.index import Term, Then
from alliage.search.mentions import MentionReader
from alliage.search.sqlite_index import SqliteTextIndex
from tests.log.support import TickingClock, audience_of
from tests.picture.support import NOON_US, ontology, subject_of

OPEN = Label.make("ALLIAGE", "UNCLASSIFIED")
HIGH = Label.make("ALLIAGE", "SECRET")
NOW = Then(NOON_US)


class Node:
    """A log and the index that follows it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = Log.open(folder / "log", NodeKeys.generate(), "node-1", TickingClock())
        self.index = SqliteTextIndex(folder / "search.sqlite")
        self.follower = IndexFollower(self.index, MentionReader(ontology()))
        self.follow()

    def follow(self) -> None:
        self.follower.catch_up(self.log.reader(machine_audience(self.log.label_sets)))

    def say(self, mmsi: int, name: str, reason: str = "") -> Entry:
        claim = Claim(
            claim_id=f"{mmsi} {name}",
            subject=subject_of("denmark", f"mmsi:{mmsi}"),
            identifier=f"mmsi:{mmsi}",
            schema="Vessel",
            property="name",
            value=name,
            valid_from_us=NOON_US,
            reason=reason,
        )
        (entry,) = self.log.append([Draft("denmark", frozenset([OPEN]), (claim,))])
        return entry

    def decide(self, revision: Raise | Destroy) -> None:
        self.log.append([Draft(REVISIONS_STREAM, frozenset([HIGH]), revision)])

    def found(self, text: str, *labels: Label) -> set[str]:
        audience = audience_of(self.log.label_sets, *(labels or (OPEN, HIGH)))
        return set(self.index.find(audience, Term(fold(text)), NOW))

    def alike(self, word: str, *labels: Label) -> list[str]:
        audience = audience_of(self.log.label_sets, *labels)
        return [one.word for one in self.index.similar(audience, word, 10, NOW)]

    def bytes_on_disk(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.folder.glob("search.sqlite*"))


@pytest.fixture
def node(tmp_path: Path):
    made = Node(tmp_path)
    yield made
    made.follower.close()
    made.log.close()


def test_the_words_of_what_was_destroyed_are_in_no_file(node: Node) -> None:
    gone = node.say(1, "QUIXOTIC ZEPHYR", reason="gossip of the harbourmaster")
    node.say(2, "ZEPHYR")
    node.follow()
    for word in (b"quixotic", b"harbourmaster"):
        assert word in node.bytes_on_disk().lower()
    node.decide(Destroy((gone.entry_id,), ("anna", "chief"), "private"))
    node.follow()
    said = node.bytes_on_disk().lower()
    for word in (b"quixotic", b"quixoticzephyr", b"harbourmaster", b"gossip"):
        assert word not in said
    assert node.found("quixotic") == set()
    assert node.found("gossip") == set()
    assert node.found("zephyr") == {"mmsi:2"}
    assert node.alike("quixotik", OPEN) == []
    assert node.alike("zephir", OPEN) == ["zephyr"]


def test_what_another_entry_says_too_is_still_found(node: Node) -> None:
    one, _other = node.say(1, "FRIGG"), node.say(2, "FRIGG")
    node.follow()
    node.decide(Destroy((one.entry_id,), ("anna", "chief"), "private"))
    node.follow()
    assert node.found("frigg") == {"mmsi:2"}
    assert node.alike("frygg", OPEN) == ["frigg"]


def test_what_was_raised_is_found_by_those_only_who_see_both_labels(node: Node) -> None:
    raised = node.say(1, "GANYMEDE")
    node.follow()
    assert node.found("ganymede", OPEN) == {"mmsi:1"}
    node.decide(Raise((raised.entry_id,), frozenset([HIGH])))
    node.follow()
    assert node.found("ganymede", OPEN) == set()
    assert node.alike("ganimede", OPEN) == []
    assert node.found("ganymede", OPEN, HIGH) == {"mmsi:1"}
    assert node.alike("ganimede", OPEN, HIGH) == ["ganymede"]


def test_of_an_entry_that_says_several_things_only_what_was_raised_is_lost(node: Node) -> None:
    names = ("GANYMEDE", "CALLISTO")
    claims = tuple(
        Claim(name, name, f"mmsi:{place}", "Vessel", "name", name, NOON_US)
        for place, name in enumerate(names)
    )
    (entry,) = node.log.append([Draft("denmark", frozenset([OPEN]), claims)])
    node.follow()
    node.decide(Raise((entry.entry_id,), frozenset([HIGH]), (1,)))
    node.follow()
    for _ in range(2):
        assert node.found("ganymede", OPEN) == {"mmsi:0"}
        assert node.found("callisto", OPEN) == set()
        assert node.alike("kallisto", OPEN) == []
        assert node.found("callisto", OPEN, HIGH) == {"mmsi:1"}
        node.index.clear()
        node.follow()


def test_an_index_made_anew_says_the_same(node: Node) -> None:
    gone, raised = node.say(1, "QUIXOTIC"), node.say(2, "GANYMEDE")
    node.decide(Destroy((gone.entry_id,), ("anna", "chief"), "private"))
    node.decide(Raise((raised.entry_id,), frozenset([HIGH])))
    node.index.clear()
    node.follow()
    assert node.found("quixotic") == set()
    assert node.found("ganymede", OPEN) == set()
    assert node.found("ganymede") == {"mmsi:2"}
