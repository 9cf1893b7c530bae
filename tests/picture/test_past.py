"""Looking back: the picture of another time, from the log."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.history.claims import ClaimStore
from alliage.log import Draft, Log, NodeKeys
from alliage.log.revisions import REVISIONS_STREAM, Drop
from alliage.ontology.audience import Audience
from alliage.ontology.claim import RETRACTION, Claim
from alliage.ontology.label import Label
from alliage.picture.clock import PictureClock
from alliage.picture.messages import Moment, ProtocolError
from alliage.picture.pasts import Pasts
from alliage.picture.picture import Picture
from alliage.picture.session import Session
from tests.picture.support import (
    DANISH,
    FRENCH,
    MINUTE_US,
    NOON_US,
    OPEN,
    SECOND_US,
    Hand,
    batch,
    decoded,
    ontology,
    report,
    subject_of,
)

BOX = [-10.0, 50.0, 20.0, 60.0]
KEYS = NodeKeys.generate()


class Memory:
    """A log, its claims and the live picture of them, on a clock that tests move."""

    def __init__(self, folder: Path) -> None:
        self.hand = Hand()
        self.log = Log.open(folder / "log", KEYS, "node-1", self.hand)
        self.claims = ClaimStore(folder / "claims.sqlite")
        self.picture = self._empty()
        empty = partial(self._empty, PictureClock("past"))
        self.pasts = Pasts(self.log, self.claims, empty, budget_s=3_600)  # however slow the machine

    def _empty(self, clock: PictureClock | None = None) -> Picture:
        return Picture(ontology(), self.log.label_sets, subject_of, self.hand, clock=clock)

    def close(self) -> None:
        self.log.close()
        self.claims.close()

    def write(self, body: Any, stream: str = "denmark", label: Label = OPEN) -> None:
        entries = self.log.append([Draft(stream, frozenset([label]), body)])
        self.picture.apply(entries)
        self.claims.apply(entries)
        self.pasts.tell_committed(entries[-1].number)

    def hear(self, *rows: dict[str, Any], stream: str = "denmark", label: Label = OPEN) -> None:
        self.write(batch(rows), stream, label)

    def claim(self, claim_id: str, property_: str, value: str, at_us: int) -> None:
        ship = "mmsi:219000001"
        subject = subject_of("denmark", ship)
        self.write((Claim(claim_id, subject, ship, "Vessel", property_, value, at_us),))

    def audience(self, may_see: Callable[[Label], bool] = lambda _label: True) -> Audience:
        return Audience(f"reader {id(may_see)}", may_see, self.log.label_sets)


class Client:
    """Somebody who looks at the picture, and back."""

    def __init__(self, memory: Memory, audience: Audience | None = None) -> None:
        self.memory = memory
        self.session = Session(memory.picture, audience or memory.audience(), memory.pasts.of)
        self.ships: dict[int, float] = {}

    def look(self, **past: Any) -> None:
        view = {"type": "view", "bbox": BOX, "zoom": 5.0, "trails": True}
        self.session.receive(json.dumps(view | ({"past": past} if past else {})))

    def tick(self, seconds: float = 1.0) -> tuple[dict[str, Any], dict[str, Any]]:
        """The tracks of the next batch, after so many seconds of real time."""
        self.memory.hand.time_us += round(seconds * SECOND_US)
        frames = decoded(self.session.tick(self.memory.hand.time_us))
        (frame,) = [frame for frame in frames if frame[0]["type"] == "tracks"]
        self.session.receive(json.dumps({"type": "ack", "seq": frame[0]["seq"]}))
        header, columns = frame
        if header["reset"]:
            self.ships.clear()
        for number in header["removed"]:
            self.ships.pop(number, None)
        self.ships.update(zip(columns["id"].tolist(), columns["lon"].tolist(), strict=True))
        return frame

    def loaded(self) -> dict[str, Any]:
        """Tick until everything is there; return the last header."""
        for _ in range(50):
            header, _ = self.tick()
            if header["past"]["loaded"] == 1:
                return header
        raise AssertionError("the past was not loaded in fifty ticks")


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    memory = Memory(tmp_path)
    yield memory
    memory.close()


def sail(memory: Memory, minutes: int = 30) -> None:
    """A ship that goes one degree east every minute, heard until noon."""
    for minute in range(-minutes, 1):
        at_us = NOON_US + minute * MINUTE_US
        memory.hear(report(lon=10 + minute / 10, at_us=at_us))


def test_a_reader_sees_where_things_were(memory: Memory) -> None:
    sail(memory)
    client = Client(memory)
    client.look()
    header, _ = client.tick()
    assert (header["clock"], list(client.ships.values())) == ("live", [10.0])
    client.look(at_us=NOON_US - 10 * MINUTE_US, pace=0.0)
    header, columns = client.tick()
    assert header["reset"] is True
    assert (header["clock"], header["clock_us"]) == ("past", NOON_US - 10 * MINUTE_US)
    client.loaded()
    assert list(client.ships.values()) == [9.0]
    assert columns["valid"].tolist() == [NOON_US - 10 * MINUTE_US]


def test_the_past_runs_on_at_its_pace_and_ends_at_the_present(memory: Memory) -> None:
    sail(memory)
    client = Client(memory)
    client.look(at_us=NOON_US - 10 * MINUTE_US, pace=60.0)
    began_us = client.loaded()["clock_us"]
    header, _ = client.tick(2.0)
    assert header["clock_us"] == began_us + 2 * MINUTE_US
    assert header["past"] == {"pace": 60.0, "loaded": 1.0, "at_edge": False, "not_kept": {}}
    for _ in range(40):
        header, _ = client.tick(2.0)
    assert header["past"]["at_edge"] is True
    assert header["clock_us"] == memory.hand.time_us
    assert list(client.ships.values()) == [10.0]


def test_the_streams_that_lack_some_of_the_time_are_named_while_it_is_shown(memory: Memory) -> None:
    sail(memory)
    before_us = NOON_US - 30 * MINUTE_US
    memory.log.append([Draft(REVISIONS_STREAM, frozenset([OPEN]), Drop("denmark", before_us, 1))])
    secret = frozenset([DANISH])
    memory.log.append([Draft(REVISIONS_STREAM, secret, Drop("net", before_us, 1))])
    client = Client(memory, memory.audience(lambda label: label == OPEN))
    client.look(at_us=NOON_US - 10 * MINUTE_US, pace=0.0)
    assert client.loaded()["past"]["not_kept"] == {"denmark": before_us}
    client.look(at_us=before_us + 61 * MINUTE_US, pace=0.0)
    assert client.loaded()["past"]["not_kept"] == {}


def test_a_pause_keeps_the_picture_and_stands(memory: Memory) -> None:
    sail(memory)
    client = Client(memory)
    client.look(at_us=NOON_US - 10 * MINUTE_US, pace=10.0)
    at_us = client.loaded()["clock_us"]
    client.look(at_us=at_us, pace=0.0)
    header, _ = client.tick(5.0)
    assert (header["clock_us"], header["reset"]) == (at_us, False)


def test_the_way_back_is_a_new_view(memory: Memory) -> None:
    sail(memory)
    client = Client(memory)
    client.look(at_us=NOON_US - 20 * MINUTE_US, pace=0.0)
    client.loaded()
    client.look(at_us=NOON_US - 25 * MINUTE_US, pace=0.0)
    header, _ = client.tick()
    assert header["reset"] is True
    client.loaded()
    assert list(client.ships.values()) == [7.5]
    client.look()
    header, _ = client.tick()
    assert (header["clock"], header["reset"], "past" in header) == ("live", True, False)
    assert list(client.ships.values()) == [10.0]


def test_a_step_forward_plays_on_without_a_new_view(memory: Memory) -> None:
    sail(memory)
    client = Client(memory)
    client.look(at_us=NOON_US - 20 * MINUTE_US, pace=0.0)
    client.loaded()
    client.look(at_us=NOON_US - 15 * MINUTE_US, pace=0.0)
    header, _ = client.tick()
    assert header["reset"] is False
    assert list(client.ships.values()) == [8.5]


def test_a_late_report_stands_where_it_belongs(memory: Memory) -> None:
    memory.hear(report(lon=10.0))
    memory.hand.time_us += 60 * MINUTE_US
    memory.hear(report(lon=9.0, at_us=NOON_US - 10 * MINUTE_US))
    client = Client(memory)
    client.look(at_us=NOON_US - 5 * MINUTE_US, pace=0.0)
    client.loaded()
    assert list(client.ships.values()) == [9.0]


def test_a_report_that_comes_late_is_shown_to_who_stands_there_already(memory: Memory) -> None:
    memory.hear(report(lon=10.0))
    memory.hand.time_us += 60 * MINUTE_US
    client, then = Client(memory), Client(memory)
    client.look(at_us=NOON_US + 5 * MINUTE_US, pace=0.0)
    then.look(at_us=NOON_US + 5 * MINUTE_US, pace=0.0, known="then")
    for one in (client, then):
        one.loaded()
    memory.hear(report(lon=9.0, at_us=NOON_US + 4 * MINUTE_US))
    memory.hear(report(lon=8.0, at_us=NOON_US + 6 * MINUTE_US))
    for one in (client, then):
        one.tick()
    assert list(client.ships.values()) == [9.0]
    assert list(then.ships.values()) == [10.0]


def test_names_are_those_of_the_time_and_what_was_taken_back_is_not_there(memory: Memory) -> None:
    memory.hear(report(at_us=NOON_US - 20 * MINUTE_US), report(at_us=NOON_US - 5 * MINUTE_US))
    memory.claim("c1", "name", "FRIO", NOON_US - 20 * MINUTE_US)
    memory.claim("c2", "name", "WRONG", NOON_US - 15 * MINUTE_US)
    memory.claim("c3", RETRACTION, "c2", NOON_US)
    memory.claim("c4", "name", "FRIO II", NOON_US - 10 * MINUTE_US)
    names = {}
    for minutes in (12, 2):
        client = Client(memory)
        client.look(at_us=NOON_US - minutes * MINUTE_US, pace=0.0)
        header, _ = client.tick()
        names[minutes] = [words["name"] for words in header["strings"].values()]
    assert names == {12: ["FRIO"], 2: ["FRIO II"]}


def test_what_came_late_is_not_there_for_who_asks_what_was_known_then(memory: Memory) -> None:
    memory.hear(report(lon=10.0, at_us=NOON_US - 20 * MINUTE_US))
    memory.hand.time_us += 60 * MINUTE_US
    memory.hear(report(lon=9.0, at_us=NOON_US - 10 * MINUTE_US))
    client = Client(memory)
    client.look(at_us=NOON_US, pace=0.0, known="then")
    client.loaded()
    assert list(client.ships.values()) == [10.0]
    client.look(at_us=NOON_US, pace=0.0)
    client.loaded()
    assert list(client.ships.values()) == [9.0]
    client.look(at_us=NOON_US, pace=0.0, known=NOON_US + 59 * MINUTE_US)
    client.loaded()
    assert list(client.ships.values()) == [10.0]


def test_what_was_taken_back_later_still_stands_then(memory: Memory) -> None:
    memory.hear(report(at_us=NOON_US))
    memory.claim("c1", "name", "WRONG", NOON_US)
    memory.hand.time_us += 10 * MINUTE_US
    memory.claim("c2", RETRACTION, "c1", memory.hand.time_us)
    memory.hand.time_us += 10 * MINUTE_US
    client = Client(memory)

    def name(minutes: int) -> str | None:
        client.look(at_us=NOON_US + minutes * MINUTE_US, pace=0.0, known="then")
        header, _ = client.tick()
        return next((words["name"] for words in header["strings"].values()), "as before")

    assert name(5) == "WRONG"
    assert name(11) is None


def test_more_readers_than_the_node_can_serve_are_refused_with_the_reason(memory: Memory) -> None:
    clients = [Client(memory) for _ in range(25)]
    for client in clients[:24]:
        client.look(at_us=NOON_US, pace=1.0)
    with pytest.raises(ProtocolError, match="24 readers look back"):
        clients[24].look(at_us=NOON_US, pace=1.0)
    clients[0].look()
    clients[24].look(at_us=NOON_US, pace=1.0)


def test_a_question_that_takes_too_long_is_told_so_and_the_next_goes_on_with_it(
    memory: Memory,
) -> None:
    sail(memory)
    empty = partial(memory._empty, PictureClock("past"))
    pasts = Pasts(memory.log, memory.claims, empty, patience_s=0)
    moment, audience = Moment(at_us=NOON_US, pace=0.0), memory.audience()
    for _ in range(3):
        with pytest.raises(ProtocolError, match=r"ask for the same moment again, it goes on$"):
            pasts.at(audience, moment)
    (ship,) = pasts.at(audience, moment).tracks_in()
    assert ship.longitude_deg == 10.0


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["denmark", "france"]),
        st.sampled_from([OPEN, DANISH, FRENCH]),
        st.integers(0, 3),  # ship
        st.integers(-50, 0),  # minutes
        st.integers(0, 100),  # tenths of a degree
    ),
    max_size=25,
)


def told(rows: list[Any], may_see: Callable[[Label], bool], minutes: int) -> list[Any]:
    """All that a reader is told who looks back from noon, and plays on for a while."""
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory(Path(folder))
        try:
            for stream, label, ship, minute, tenths in rows:
                at_us = NOON_US + minute * MINUTE_US
                row = report(f"mmsi:{219_000_000 + ship}", lon=tenths / 10, at_us=at_us)
                memory.hear(row, stream=stream, label=label)
            client = Client(memory, memory.audience(may_see))
            client.look(at_us=NOON_US - minutes * MINUTE_US, pace=300.0)
            client.loaded()
            return [client.tick()[0] | {"seq": 0} for _ in range(3)] + [
                sorted(client.ships.items())
            ]
        finally:
            memory.close()


@settings(deadline=None, max_examples=12)
@given(rows=ROWS, minutes=st.integers(0, 40))
def test_what_a_reader_may_not_see_changes_nothing_in_the_past(
    rows: list[Any], minutes: int
) -> None:
    def may_see(label: Label) -> bool:
        return label in (OPEN, DANISH)

    visible = [row for row in rows if may_see(row[1])]
    assert told(rows, may_see, minutes) == told(visible, may_see, minutes)


@settings(deadline=None, max_examples=12)
@given(rows=ROWS, minutes=st.integers(0, 40))
def test_the_past_is_the_picture_that_only_what_was_valid_makes(
    rows: list[Any], minutes: int
) -> None:
    """However the way there: at once, or played from ten minutes before."""
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory(Path(folder))
        try:
            for stream, label, ship, minute, tenths in rows:
                at_us = NOON_US + minute * MINUTE_US
                row = report(f"mmsi:{219_000_000 + ship}", lon=tenths / 10, at_us=at_us)
                memory.hear(row, stream=stream, label=label)
            at_us = NOON_US - minutes * MINUTE_US
            jumped, played = Client(memory), Client(memory)
            jumped.look(at_us=at_us, pace=0.0)
            played.look(at_us=at_us - 10 * MINUTE_US, pace=0.0)
            played.loaded()
            played.look(at_us=at_us, pace=0.0)
            jumped.loaded()
            for _ in range(3):
                header, _ = played.tick()
            expected = memory._empty()
            for entry in memory.log.reader(memory.audience()).read():
                if entry.header.valid_min_us <= at_us:
                    expected.apply([entry])
            states = expected.view(memory.audience(), at_us).tracks_in()
            where = sorted(state.longitude_deg for state in states)
            assert header["clock_us"] == at_us
            assert sorted(jumped.ships.values()) == where
            assert sorted(played.ships.values()) == where
        finally:
            memory.close()


DELAYS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-50, 0), st.integers(0, 30)), max_size=20
)


@settings(deadline=None, max_examples=12)
@given(rows=DELAYS, minutes=st.integers(0, 40))
def test_what_was_known_then_is_what_was_in_the_log_then(rows: list[Any], minutes: int) -> None:
    """However the way there: at once, or played from ten minutes before."""
    at_us = NOON_US - minutes * MINUTE_US
    coming = sorted((minute + delay, ship, minute) for ship, minute, delay in rows)
    with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as part:
        memory, then = Memory(Path(whole)), Memory(Path(part))
        try:
            for number, (known, ship, minute) in enumerate(coming):
                row = report(
                    f"mmsi:{219_000_000 + ship}",
                    lon=number / 10,
                    at_us=NOON_US + minute * MINUTE_US,
                )
                for one in (memory, then):
                    one.hand.time_us = NOON_US + known * MINUTE_US
                    if one is memory or one.hand.time_us <= at_us:
                        one.hear(row)
            for one in (memory, then):
                one.hand.time_us = NOON_US + 60 * MINUTE_US
            jumped, played, hindsight = Client(memory), Client(memory), Client(then)
            hindsight.look(at_us=at_us, pace=0.0)
            jumped.look(at_us=at_us, pace=0.0, known="then")
            played.look(at_us=at_us - 10 * MINUTE_US, pace=0.0, known="then")
            played.loaded()
            played.look(at_us=at_us, pace=0.0, known="then")
            for client in (hindsight, jumped):
                client.loaded()
            for _ in range(3):
                played.tick()
            expected = sorted(hindsight.ships.values())
            assert sorted(jumped.ships.values()) == expected
            assert sorted(played.ships.values()) == expected
        finally:
            memory.close()
            then.close()
