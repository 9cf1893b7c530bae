"""Streams are compared by what they say, and nobody's picture tells of hidden ones."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.config_resolution import ResolutionConfig
from alliage.history.claims import ClaimStore, StoredClaim
from alliage.log import Draft
from alliage.ontology.audience import Audience, machine_audience
from alliage.ontology.claim import (
    DIFFERENT,
    POSSIBLE,
    RESOLVER,
    SAME_AS,
    Claim,
    Value,
    new_claim_id,
)
from alliage.ontology.label import Label
from alliage.picture.state import TrackState
from alliage.resolving import Resolving
from tests.node.conftest import make_home, opened
from tests.picture.support import (
    DANISH,
    FRENCH,
    NOON_US,
    OPEN,
    Entry,
    World,
    ontology,
    report,
    subject_of,
)

Things = dict[str, dict[str, Value]]
"""By identifier what is claimed of it."""

STAR: dict[str, Value] = {"name": "BALTIC STAR", "call_sign": "OXYZ2", "length_m": 90.0}
SAME_STAR: dict[str, Value] = {"name": "M/V Baltic Star", "call_sign": "OXYZ2", "length_m": 91.0}
NAMED: dict[str, Value] = {"name": "BALTIC STAR"}
WIND: dict[str, Value] = {"name": "NORDIC WIND", "call_sign": "SABC", "length_m": 130.0}


@dataclass(frozen=True)
class LogEntry(Entry):
    """An entry as the projection of claims reads it."""

    entry_id: str = ""
    gone: None = None


class Registers:
    """A picture and the claims, with resolvers whose judgements come back into both."""

    def __init__(self, folder: Path, **config: Any) -> None:
        self.world = World()
        self.store = ClaimStore(folder / "claims.sqlite")
        self.config = ResolutionConfig(**config)
        self.resolving = self.started()

    def started(self) -> Resolving:
        return Resolving(
            picture=self.world.picture,
            ontology=ontology(),
            label_sets=self.world.label_sets,
            claims=self.store,
            told=lambda: self.store.reader(machine_audience(self.world.label_sets)),
            subject_of=subject_of,
            submit=self.submit,
            clock=self.world.hand,
            config=self.config,
        )

    def submit(self, drafts: list[Draft]) -> Future[None]:
        for draft in drafts:
            self._take(draft.stream, draft.labels, draft.body)
        done: Future[None] = Future()
        done.set_result(None)
        return done

    def _take(self, stream: str, labels: Any, claims: Any) -> None:
        self.world._number += 1
        number, now_us = self.world._number, self.world.hand.time_us
        label_set = self.world.label_sets.intern(frozenset(labels))
        entry = LogEntry(number, stream, label_set, "claims", now_us, claims, f"e{number}")
        self.world.picture.apply([entry])
        self.store.apply([entry])  # type: ignore[list-item]

    def say(self, stream: str, label: Label, things: Things, schema: str = "Vessel") -> None:
        self.world.hand.time_us += 1
        now_us = self.world.hand.time_us
        claims = tuple(
            Claim(new_claim_id(), subject_of(stream, who), who, schema, name, value, now_us)
            for who, values in things.items()
            for name, value in values.items()
        )
        self._take(stream, [label], claims)

    def judged(self) -> list[StoredClaim]:
        reader = self.store.reader(machine_audience(self.world.label_sets))
        found = reader.said_since((SAME_AS, DIFFERENT, POSSIBLE), 0)
        return [item for item in found if item.stream.startswith(RESOLVER)]

    def shown(self, audience: Audience | None = None) -> list[TrackState]:
        view = self.world.picture.view(audience or self.world.everything)
        return list(view.page(states=["live", "fading", "ended"]).items)


@pytest.fixture
def registers(tmp_path: Path) -> Iterator[Registers]:
    made = Registers(tmp_path)
    yield made
    made.store.close()


@contextmanager
def some(**config: Any) -> Iterator[Registers]:
    with tempfile.TemporaryDirectory() as folder:
        made = Registers(Path(folder), **config)
        yield made
        made.store.close()


def test_a_ship_in_a_register_is_the_one_that_reports_under_both_labels(
    registers: Registers,
) -> None:
    registers.world.hear(report("mmsi:1"), stream="denmark", label=DANISH)
    registers.say("denmark", DANISH, {"mmsi:1": STAR, "mmsi:2": WIND})
    registers.say("api:register", FRENCH, {"reg:77": SAME_STAR, "reg:78": {"name": "OTHER"}})
    assert registers.resolving.round() == 1
    (said,) = registers.judged()
    assert (said.claim.property, said.stream) == (SAME_AS, "resolver:api:register+denmark@1")
    assert registers.world.label_sets.labels_of(said.label_set) == {DANISH, FRENCH}
    assert any(text.startswith("call_sign=same:+") for text in said.claim.evidence)
    joined = max(registers.shown(), key=lambda one: len(one.source_tracks))
    assert {one.identifier for one in joined.source_tracks} == {"mmsi:1", "reg:77"}
    assert registers.resolving.round() == 0


def test_what_is_only_likely_is_left_to_people_and_joins_nothing(registers: Registers) -> None:
    registers.say("denmark", OPEN, {"mmsi:1": NAMED, "mmsi:2": WIND})
    registers.say("person:anna", OPEN, {"report:5": NAMED})
    registers.resolving.round()
    (said,) = registers.judged()
    assert said.claim.property == POSSIBLE
    assert 0.3 < said.claim.confidence < 0.99
    assert all(len(one.source_tracks) == 1 for one in registers.shown())


def test_more_words_join_it_and_other_words_part_it_again(registers: Registers) -> None:
    registers.say("denmark", OPEN, {"mmsi:1": STAR})
    registers.say("sweden", OPEN, {"trk:1": NAMED})
    registers.resolving.round()
    registers.say("sweden", OPEN, {"trk:1": SAME_STAR})
    registers.resolving.round()
    registers.say("sweden", OPEN, {"trk:1": WIND})
    registers.resolving.round()
    assert [one.claim.property for one in registers.judged()] == [POSSIBLE, SAME_AS, DIFFERENT]
    assert all(len(one.source_tracks) == 1 for one in registers.shown())


def test_a_persons_word_stands_whatever_is_found_later(registers: Registers) -> None:
    registers.say("denmark", OPEN, {"mmsi:1": STAR})
    registers.say("sweden", OPEN, {"trk:1": NAMED})
    person = Claim(new_claim_id(), "s", "trk:1", "Vessel", DIFFERENT, "mmsi:1", NOON_US - 10**9)
    registers._take("person:anna", [OPEN], (person,))
    registers.say("sweden", OPEN, {"trk:1": SAME_STAR})
    registers.resolving.round()
    assert [one.claim.property for one in registers.judged()] == [SAME_AS]
    assert all(len(one.source_tracks) == 1 for one in registers.shown())


def test_a_restart_does_not_repeat_what_stands(registers: Registers) -> None:
    registers.say("denmark", OPEN, {"mmsi:1": STAR})
    registers.say("sweden", OPEN, {"trk:1": SAME_STAR})
    registers.resolving.round()
    registers.resolving = registers.started()
    assert registers.resolving.round() == 0


def test_two_that_report_positions_are_left_to_the_correlators(registers: Registers) -> None:
    for stream, name, said in (("denmark", "mmsi:1", STAR), ("sweden", "trk:1", SAME_STAR)):
        registers.world.hear(report(name), stream=stream)
        registers.say(stream, OPEN, {name: said})
    assert registers.resolving.round() == 0


def test_a_pair_whose_places_become_known_is_let_go_to_them(registers: Registers) -> None:
    registers.say("denmark", OPEN, {"mmsi:1": STAR})
    registers.say("sweden", OPEN, {"trk:1": SAME_STAR})
    registers.resolving.round()
    for stream, name in (("denmark", "mmsi:1"), ("sweden", "trk:1")):
        registers.world.hear(report(name), stream=stream)
    registers.say("sweden", OPEN, {"trk:1": {"length_m": 92.0}})
    registers.resolving.round()
    assert [one.claim.property for one in registers.judged()] == [SAME_AS, DIFFERENT]


def test_an_identifier_that_is_a_number_counts_as_that_property(registers: Registers) -> None:
    registers.say("denmark", OPEN, {"mmsi:219000001": {"name": "BALTIC STAR"}})
    registers.say("sweden", OPEN, {"reg:1": {"name": "BALTIK STAR", "mmsi": 219000001}})
    registers.resolving.round()
    (said,) = registers.judged()
    assert said.claim.property == SAME_AS
    assert any(text.startswith("mmsi=same:+") for text in said.claim.evidence)


def test_persons_and_organisations_are_compared_as_such_and_never_with_ships(
    registers: Registers,
) -> None:
    body: dict[str, Value] = {"name": "Nordkap Rederi A/S", "telephone": "+45 33 12 34 56"}
    again: dict[str, Value] = {"name": "NORDKAP REDERI", "telephone": "33123456"}
    registers.say("api:one", OPEN, {"org:1": body}, schema="Organisation")
    registers.say("api:two", OPEN, {"o:9": again}, schema="Organisation")
    registers.say("api:three", OPEN, {"ship:1": again}, schema="Vessel")
    anna: dict[str, Value] = {"name": "Anna Lind", "telephone": "+45 20 30 40 50"}
    registers.say("api:one", OPEN, {"p:1": anna}, schema="Person")
    registers.say("api:two", OPEN, {"q:1": {**anna, "name": "Lind, Anna"}}, schema="Person")
    registers.resolving.round()
    found = {(one.claim.identifier, str(one.claim.value)) for one in registers.judged()}
    assert found == {("org:1", "o:9"), ("p:1", "q:1")}


NAMES = st.sampled_from(["BALTIC STAR", "M/V Baltic Star", "BALTIC STAR 2", "NORDIC WIND"])
SIGNS = st.sampled_from(["OXYZ2", "OXYZ3", "SABC"])
SHIPS = st.dictionaries(st.integers(0, 3), st.tuples(NAMES, SIGNS), min_size=1)
STREAMS = st.dictionaries(
    st.sampled_from(["denmark", "france", "api:register", "person:anna"]),
    st.tuples(st.sampled_from([OPEN, DANISH, FRENCH]), SHIPS),
    min_size=2,
)
READERS: dict[str, Callable[[Label], bool]] = {
    "danish": lambda label: label in (OPEN, DANISH),
    "french": lambda label: label in (OPEN, FRENCH),
    "open": lambda label: label == OPEN,
}


@settings(max_examples=25, deadline=None)
@given(STREAMS, st.sampled_from(sorted(READERS)), st.booleans())
def test_a_hidden_row_changes_nothing_for_a_reader_who_cannot_see_it(
    streams: dict[str, tuple[Label, dict[int, tuple[str, str]]]], who: str, shared_names: bool
) -> None:
    seen: list[Any] = []
    for hide in (False, True):
        with some() as registers:
            for stream, (label, ships) in sorted(streams.items()):
                if hide and not READERS[who](label):
                    continue
                scheme = "ship" if shared_names else stream[:3]
                things: Things = {
                    f"{scheme}:{n}": {"name": name, "call_sign": sign}
                    for n, (name, sign) in ships.items()
                }
                registers.world.hand.time_us = NOON_US
                registers.say(stream, label, things)
            registers.resolving.round()
            audience = Audience(who, READERS[who], registers.world.label_sets)
            reader = registers.store.reader(audience)
            found = reader.said_since((SAME_AS, DIFFERENT, POSSIBLE), 0)
            told = {
                (c.identifier, c.property, str(c.value), c.confidence, c.evidence)
                for c in (item.claim for item in found)
            }
            seen.append((registers.shown(audience), told))
    assert seen[0] == seen[1]


def test_a_node_writes_what_it_finds_and_reads_it_back(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node")
    now_us = time.time_ns() // 1_000

    def claims(node: Any, stream: str, who: str, values: dict[str, Value]) -> Draft:
        subject = node.subject_of(stream, who)
        made = [
            Claim(new_claim_id(), subject, who, "Vessel", name, value, now_us)
            for name, value in values.items()
        ]
        return Draft(stream, frozenset([OPEN]), tuple(made))

    with opened(home) as node:
        drafts = [
            claims(node, "api:one", "a:1", STAR), claims(node, "api:two", "b:1", SAME_STAR),
        ]  # fmt: skip
        node.writer.submit(drafts).result()
        assert node.machines.resolving.round() == 1
        everybody = machine_audience(node.log.label_sets)
        assert len(node.picture.view(everybody).page(states=["live", "fading", "ended"]).items) == 1
    with opened(home) as node:
        assert node.machines.resolving.round() == 0
