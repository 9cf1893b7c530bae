"""The streams of a node are compared in pairs, and nobody's picture tells of hidden streams."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.config_tables import CorrelationConfig
from alliage.correlating import Correlating, origin_of
from alliage.feeds.contract import Decoded
from alliage.history.claims import StoredClaim
from alliage.log import Draft
from alliage.node import Node
from alliage.ontology.audience import Audience, machine_audience
from alliage.ontology.claim import (
    CORRELATOR,
    DIFFERENT,
    OFFSET,
    RIVAL,
    SAME_AS,
    Claim,
    new_claim_id,
)
from alliage.ontology.label import Label
from alliage.ontology.offset import Offset
from alliage.picture.state import TrackState
from tests.node.conftest import make_home, opened
from tests.picture.support import (
    DANISH,
    FRENCH,
    NOON_US,
    OPEN,
    SECOND_US,
    Entry,
    World,
    batch,
    ontology,
    report,
    subject_of,
)

ROUNDS = 9

Ships = dict[str, tuple[float, float]]
"""Metres east and north at the beginning, by identifier."""


@dataclass
class Sea:
    """A picture with correlators whose claims come back into it."""

    world: World = field(default_factory=World)
    claims: list[StoredClaim] = field(default_factory=list)
    config: CorrelationConfig = field(default_factory=CorrelationConfig)

    def __post_init__(self) -> None:
        self.correlating = self.started()

    def started(self) -> Correlating:
        return Correlating(
            picture=self.world.picture,
            ontology=ontology(),
            label_sets=self.world.label_sets,
            told=lambda: self,
            subject_of=subject_of,
            submit=self.submit,
            config=self.config,
        )

    def of_stream(self, stream: str, label_set: int) -> list[StoredClaim]:
        return [c for c in self.claims if (c.stream, c.label_set) == (stream, label_set)]

    def said_since(self, properties: Collection[str], number: int) -> list[StoredClaim]:
        return [c for c in self.claims if c.claim.property in properties and c.number > number]

    def submit(self, drafts: list[Draft]) -> Future[None]:
        for draft in drafts:
            self.world._number += 1
            label_set = self.world.label_sets.intern(draft.labels)
            number, now_us = self.world._number, self.world.hand.time_us
            entry = Entry(number, draft.stream, label_set, "claims", now_us, draft.body)
            self.world.picture.apply([entry])
            self.claims += [
                StoredClaim(one, draft.stream, label_set, number, now_us) for one in draft.body
            ]
        done: Future[None] = Future()
        done.set_result(None)
        return done

    def hear(self, stream: str, label: Label, nth: int, ships: Ships) -> None:
        """Ships, by the stream's identifiers, that go east at 5 m/s."""
        rows = [
            report(
                name,
                11.0 + (east + 50.0 * nth) / 63_800,
                55.0 + north / 111_195,
                NOON_US + nth * 10 * SECOND_US,
                speed_mps=5.0,
                course_deg=90.0,
                position_std_m=10.0,
            )
            for name, (east, north) in ships.items()
        ]
        self.world.hear(*rows, stream=stream, label=label)

    def shown(self, audience: Audience | None = None) -> list[TrackState]:
        view = self.world.picture.view(audience or self.world.everything)
        return list(view.page(states=["live", "fading", "ended"]).items)


def play(sea: Sea, streams: dict[str, tuple[Label, Ships]], begin: int = 0) -> None:
    for nth in range(begin, begin + ROUNDS):
        sea.world.hand.time_us = NOON_US + nth * 10 * SECOND_US
        for stream, (label, ships) in streams.items():
            sea.hear(stream, label, nth, ships)
        sea.correlating.round()


ONE, TWO = (0.0, 0.0), (4_000.0, 3_000.0)


def test_what_two_nations_follow_is_one_object_under_both_labels() -> None:
    sea = Sea()
    play(
        sea,
        {"denmark": (DANISH, {"mmsi:1": ONE, "mmsi:2": TWO}), "france": (FRENCH, {"trk:7": ONE})},
    )
    joined, alone = sorted(sea.shown(), key=lambda one: -len(one.source_tracks))
    assert {one.identifier for one in joined.source_tracks} == {"mmsi:1", "trk:7"}
    assert alone.identifier == "mmsi:2"
    (said,) = sea.claims
    assert said.claim.property == SAME_AS
    assert said.stream == "correlator:denmark+france@1"
    assert sea.world.label_sets.labels_of(said.label_set) == {DANISH, FRENCH}
    assert said.claim.confidence > 0.95
    assert any(text.startswith("mean_distance_m=") for text in said.claim.evidence)


def test_by_how_much_two_streams_lie_apart_is_said_under_both_labels_and_once() -> None:
    ships = {f"mmsi:{n}": (4_000.0 * n, 3_000.0 * n) for n in range(4)}
    moved = {f"trk:{n}": (4_000.0 * n + 60.0, 3_000.0 * n) for n in range(4)}
    sea = Sea()
    for begin in range(0, 5 * ROUNDS, ROUNDS):
        play(sea, {"denmark": (DANISH, ships), "france": (FRENCH, moved)}, begin)
    (said,) = [one for one in sea.claims if one.claim.property == OFFSET]
    assert sea.world.label_sets.labels_of(said.label_set) == {DANISH, FRENCH}
    offset = Offset.of_text(str(said.claim.value))
    assert (offset.one, offset.other, offset.pairs) == ("denmark", "france", 4)
    assert abs(offset.figures["east_m"].value + 60.0) < 3.0 * offset.figures["east_m"].std
    assert {one.identifier for one in sea.shown()} == {f"mmsi:{n}" for n in range(4)}


def test_people_stand_over_it() -> None:
    sea = Sea()
    streams = {"denmark": (OPEN, {"mmsi:1": ONE}), "france": (OPEN, {"trk:7": ONE})}
    play(sea, streams)
    assert len(sea.shown()) == 1
    at_us = NOON_US - 3_600 * SECOND_US  # long before the machine's word
    person = Claim(new_claim_id(), "s", "trk:7", "Vessel", DIFFERENT, "mmsi:1", at_us)
    sea.world.picture.apply([sea.world.entry("claims", (person,), "person:anna", OPEN)])
    assert len(sea.shown()) == 2
    play(sea, streams, begin=ROUNDS)
    assert len(sea.shown()) == 2


def test_they_part_again_and_a_restart_does_not_repeat_what_stands() -> None:
    sea = Sea()
    streams = {"denmark": (OPEN, {"mmsi:1": ONE}), "france": (OPEN, {"trk:7": ONE})}
    play(sea, streams)
    sea.correlating = sea.started()
    play(sea, streams, begin=ROUNDS)
    assert [one.claim.property for one in sea.claims] == [SAME_AS]
    play(sea, {**streams, "france": (OPEN, {"trk:7": TWO})}, begin=2 * ROUNDS)
    assert [one.claim.property for one in sea.claims] == [SAME_AS, DIFFERENT]
    assert len(sea.shown()) == 2


def test_the_same_stream_people_and_what_is_left_out_are_never_compared() -> None:
    sea = Sea(config=CorrelationConfig(exclude=("sweden",)))
    names = [
        "denmark",
        "tracker:denmark@1",
        "tracker:denmark@2",
        "person:anna",
        "sweden",
        "tracker:sweden@1",
    ]
    play(sea, {name: (OPEN, {f"x:{n}": ONE}) for n, name in enumerate(names)})
    assert sea.claims == []
    assert origin_of("tracker:denmark@2") == "denmark"


def test_of_machines_the_surest_word_counts_and_of_one_its_newest() -> None:
    world = World()

    def say(stream: str, prop: str, confidence: float, at_us: int) -> None:
        claim = Claim(
            new_claim_id(), "s", "mmsi:1", "Vessel", prop, "trk:7", at_us, confidence=confidence
        )
        world.picture.apply([world.entry("claims", (claim,), stream, OPEN)])

    world.hear(report("mmsi:1"), report("trk:7"))
    shown = lambda: len(world.picture.view(world.everything).page().items)  # noqa: E731
    say("correlator:a+b@1", SAME_AS, 0.99, NOON_US)
    say("correlator:a+c@1", DIFFERENT, 0.8, NOON_US + 5)
    say("correlator:a+d@1", RIVAL, 0.4, NOON_US + 6)
    assert shown() == 1
    say("correlator:a+b@1", DIFFERENT, 0.7, NOON_US + 7)
    assert shown() == 2


SHIPS = st.dictionaries(
    st.integers(0, 3), st.sampled_from([ONE, TWO, (30.0, 20.0), (900.0, 0.0)]), min_size=1
)
STREAMS = st.dictionaries(
    st.sampled_from(["denmark", "france", "tracker:radar@1", "sweden"]),
    st.tuples(st.sampled_from([OPEN, DANISH, FRENCH]), SHIPS),
    min_size=1,
)
READERS: dict[str, Callable[[Label], bool]] = {
    "danish": lambda label: label in (OPEN, DANISH),
    "french": lambda label: label in (OPEN, FRENCH),
    "open": lambda label: label == OPEN,
}


@settings(max_examples=25, deadline=None)
@given(STREAMS, st.sampled_from(sorted(READERS)), st.booleans())
def test_hidden_streams_change_nothing_that_a_reader_sees(
    streams: dict[str, tuple[Label, dict[int, tuple[float, float]]]], who: str, shared_names: bool
) -> None:
    named = {}
    for stream, (label, ships) in sorted(streams.items()):
        scheme = "mmsi" if shared_names else stream[:3]
        named[stream] = (label, {f"{scheme}:{n}": at for n, at in ships.items()})
    visible = {name: one for name, one in named.items() if READERS[who](one[0])}
    seen = []
    for given_streams in (named, visible):
        sea = Sea()
        play(sea, given_streams)
        seen.append(sea.shown(Audience(who, READERS[who], sea.world.label_sets)))
    assert seen[0] == seen[1]


def test_a_node_writes_what_it_finds_and_reads_it_back(tmp_path: Path) -> None:
    home = make_home(tmp_path / "node")
    now_us = time.time_ns() // 1_000

    def take_in(node: Node, first: int, rounds: int) -> None:
        for nth in range(first, first + rounds):
            for stream, name in (("denmark", "mmsi:1"), ("sweden", "trk:7")):
                at_us = now_us + (nth - 40) * 10 * SECOND_US
                row = report(
                    name, 11.0 + nth * 50.0 / 63_800, 55.0, at_us, speed_mps=5.0, course_deg=90.0
                )
                drafts = node.streams.drafts_of(stream, frozenset([OPEN]))
                node.writer.submit(drafts.take(Decoded(batches=[batch([row])]))).result()
            node.machines.correlating.round()

    with opened(home) as node:
        take_in(node, 0, ROUNDS)
        everybody = machine_audience(node.log.label_sets)
        assert len(node.picture.view(everybody).page().items) == 1
    with opened(home) as node:
        take_in(node, ROUNDS, ROUNDS)
        entries = node.log.reader(machine_audience(node.log.label_sets)).read(
            kinds=["claims"], streams=[f"{CORRELATOR}denmark+sweden@1"]
        )
        assert sum(len(entry.claims()) for entry in entries) == 1
