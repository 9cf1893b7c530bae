"""The picture kept on the disk: a start that has it shows what the log says, and nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliage.log import Draft, Log, NodeKeys
from alliage.log.entry import Entry
from alliage.log.revisions import REVISIONS_STREAM, Destroy, Drop, Raise, Supersede
from alliage.ontology.audience import Audience
from alliage.ontology.claim import REPORT, RETRACTION, Claim
from alliage.ontology.label import Label
from alliage.ontology.observation import Kind
from alliage.picture.kept import KeptPicture
from alliage.picture.kept_rows import KeptRows
from alliage.picture.picture import Picture
from alliage.picture.restore import restore_picture
from alliage.picture.staleness import STATES
from tests.picture.support import (
    DANISH,
    FRENCH,
    MINUTE_US,
    NOON_US,
    OPEN,
    SECOND_US,
    Hand,
    batch,
    ontology,
    report,
    subject_of,
)

KEYS = NodeKeys.generate()
READERS: list[Callable[[Label], bool]] = [
    lambda _label: True,
    lambda label: label in (OPEN, FRENCH),
    lambda label: label == OPEN,
]


class Memory:
    """A log, the picture of it, and what is kept of that; on a clock that tests move."""

    def __init__(self, folder: Path) -> None:
        self.hand = Hand()
        self.file = folder / "picture.arrow"
        self.log = Log.open(folder / "log", KEYS, "node-1", self.hand)
        self.reader = self.log.reader(Audience("machines", lambda _: True, self.log.label_sets))
        self.picture = self._empty()
        self.kept = KeptPicture(self.file, self.reader)

    def _empty(self) -> Picture:
        return Picture(ontology(), self.log.label_sets, subject_of, self.hand)

    def write(self, body: Any, stream: str = "denmark", label: Label = OPEN) -> Entry:
        entries = self.log.append([Draft(stream, frozenset([label]), body)])
        self.picture.apply(entries)
        self.kept.apply(entries)
        return entries[0]

    def hear(self, *rows: dict[str, Any], stream: str = "denmark", **how: Any) -> Entry:
        kind = how.pop("kind", Kind.POSITION)
        return self.write(batch(rows, kind), stream, **how)

    def claim(self, claim_id: str, property_: str, value: str, stream: str, at_us: int) -> Entry:
        ship = report()["identifier"]
        subject = subject_of(stream, ship)
        said = Claim(claim_id, subject, ship, "Vessel", property_, value, at_us)
        return self.write((said,), stream)

    def keep(self) -> None:
        assert self.kept.keep(self.picture)

    def begun(self) -> KeptRows | None:
        """What another start of the node finds."""
        return KeptPicture(self.file, self.reader).begin(self.log.last_number)

    def restored(self, kept: KeptRows | None) -> Picture:
        picture = self._empty()
        restore_picture(picture, self.reader, kept=kept)
        return picture

    def shown(self, picture: Picture) -> list[Any]:
        """Everything that readers get of it."""
        found = []
        for number, may_see in enumerate(READERS):
            view = picture.view(Audience(f"reader {number}", may_see, self.log.label_sets))
            states = view.page(states=STATES, limit=100).items
            trails = [view.trail(state.track_id) for state in states]
            found.append((view.totals(), states, trails, view.stream_qualities()))
        return found


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    memory = Memory(tmp_path)
    yield memory
    memory.log.close()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["denmark", "france", "person:7"]),
        st.sampled_from([OPEN, DANISH, FRENCH]),
        st.sampled_from([*Kind, "name", "status"]),
        st.lists(
            st.tuples(
                st.integers(0, 3),
                st.sampled_from([0, 5, 20, 60, 600, 4000, 90_000]),
                st.one_of(st.none(), st.floats(-12, 12)),
                st.floats(0, 20, width=32),
            ),
            min_size=1,
            max_size=4,
        ),
        st.sampled_from([0.0, 1.0, 30.0, 700.0]),
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(steps=STEPS, kept_after=st.integers(1, 12))
def test_the_picture_that_was_kept_and_went_on_is_the_one_that_the_log_makes(
    steps: list[Any], kept_after: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory(Path(folder))
        for number, (stream, label, kind, rows, wait_s) in enumerate(steps, 1):
            now_us = memory.hand.time_us
            if isinstance(kind, Kind):
                reports = [
                    report(f"mmsi:{ship}", lon, 55.0, now_us - ago_s * SECOND_US, speed_mps=speed)
                    for ship, ago_s, lon, speed in rows
                ]
                memory.hear(*reports, stream=stream, label=label, kind=kind)
            else:
                said = [
                    Claim(
                        f"{number}.{place}",
                        subject_of(stream, name),
                        name,
                        "Vessel",
                        kind,
                        kind,
                        now_us,
                    )
                    for place, name in enumerate(f"mmsi:{ship}" for ship, *_ in rows)
                ]
                memory.write(tuple(said), stream, label)
            memory.hand.time_us += round(wait_s * SECOND_US)
            if number == min(kept_after, len(steps)):
                memory.keep()
        kept = memory.begun()
        assert kept is not None
        found = memory.shown(memory.restored(kept))
        assert found == memory.shown(memory.restored(None))
        memory.log.close()


def test_only_what_came_later_is_read_again(memory: Memory) -> None:
    memory.hear(report(lon=10.0))
    memory.keep()
    memory.hear(report("mmsi:219000002", lon=12.0))
    kept = memory.begun()
    assert kept is not None
    assert kept.rows.column("identifier").to_pylist() == ["mmsi:219000001"]
    states = memory.restored(kept).view(memory.reader.audience).page().items
    assert [state.longitude_deg for state in states] == [10.0, 12.0]


@pytest.mark.parametrize(
    "decision",
    [
        lambda named: Raise(named, frozenset([DANISH])),
        lambda named: Destroy(named, ("anna", "chief"), "private"),
        lambda named: Supersede(named, "ais@2", "read with the wrong sign"),
    ],
)
def test_what_was_decided_otherwise_since_takes_the_file_away(
    memory: Memory, decision: Callable[[tuple[str, ...]], Any]
) -> None:
    told = memory.hear(report())
    memory.keep()
    # The node dies before anybody follows the decision.
    memory.log.append([Draft(REVISIONS_STREAM, frozenset([OPEN]), decision((told.entry_id,)))])
    assert memory.begun() is None
    assert not memory.file.exists()


def test_a_decision_takes_the_file_away_at_once(memory: Memory) -> None:
    told = memory.hear(report())
    memory.keep()
    memory.write(Raise((told.entry_id,), frozenset([DANISH])), REVISIONS_STREAM)
    assert not memory.file.exists()


def test_rows_in_place_of_others_are_kept_from_the_next_start_on(memory: Memory) -> None:
    told = memory.hear(report())
    memory.write(Supersede((told.entry_id,), "ais@2", "a mended decoder"), REVISIONS_STREAM)
    assert not memory.kept.keep(memory.picture)
    again = KeptPicture(memory.file, memory.reader)
    again.begin(memory.log.last_number)
    assert again.keep(memory.restored(None))


def test_what_its_stream_keeps_no_longer_does_not_come_back(memory: Memory) -> None:
    memory.hear(report("mmsi:219000001", at_us=NOON_US - 120 * MINUTE_US))
    memory.hear(report("mmsi:219000002", at_us=NOON_US))
    memory.keep()
    dropped = Drop("denmark", NOON_US - 60 * MINUTE_US, memory.log.last_number)
    memory.log.append([Draft(REVISIONS_STREAM, frozenset([OPEN]), dropped)])
    kept = memory.begun()
    assert kept is not None
    states = memory.restored(kept).view(memory.reader.audience).page(states=STATES).items
    assert [state.identifier for state in states] == ["mmsi:219000002"]


def test_an_old_recording_that_came_after_what_was_dropped_comes_back(memory: Memory) -> None:
    old = NOON_US - 120 * MINUTE_US
    memory.hear(report("mmsi:219000001", at_us=old))
    up_to = memory.log.last_number
    memory.hear(report("mmsi:219000002", at_us=old))
    dropped = Drop("denmark", NOON_US, up_to, NOON_US)
    memory.log.append([Draft(REVISIONS_STREAM, frozenset([OPEN]), dropped)])
    memory.keep()
    kept = memory.begun()
    assert kept is not None
    states = memory.restored(kept).view(memory.reader.audience).page(states=STATES).items
    assert [state.identifier for state in states] == ["mmsi:219000002"]


def test_a_position_that_was_reported_by_hand_and_taken_back_stays_away(memory: Memory) -> None:
    memory.claim("r1", REPORT, "", "person:7", NOON_US)
    memory.hear(report(), stream="person:7")
    memory.keep()
    memory.claim("r2", RETRACTION, "r1", "person:7", NOON_US)
    kept = memory.begun()
    assert kept is not None
    assert memory.shown(memory.restored(kept)) == memory.shown(memory.restored(None))
    states = memory.restored(kept).view(memory.reader.audience).page(states=STATES).items
    assert [state.longitude_deg for state in states if state.longitude_deg is not None] == []


def test_a_replay_is_not_kept(memory: Memory) -> None:
    memory.picture.start_replay("recording", 1.0)
    memory.hear(report(), stream="recording")
    memory.keep()
    kept = memory.begun()
    assert kept is not None
    assert (kept.left_out, kept.rows.num_rows) == (frozenset(["recording"]), 0)


@pytest.mark.parametrize("keep", [0, 100, 900])
def test_a_damaged_file_is_no_loss(memory: Memory, keep: int) -> None:
    memory.hear(report())
    memory.keep()
    memory.file.write_bytes(memory.file.read_bytes()[:keep])
    assert memory.begun() is None
    assert not memory.file.exists()


def test_a_file_of_another_log_or_version_is_not_read(
    memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    other = Memory(tmp_path / "other")
    other.hear(report())
    memory.hear(report())
    other.keep()
    memory.file.write_bytes(other.file.read_bytes())
    other.log.close()
    assert memory.begun() is None
    memory.keep()
    monkeypatch.setattr("alliage.picture.kept_rows.__version__", "0.0.0")
    assert memory.begun() is None


def test_a_file_of_a_build_with_other_columns_is_not_read(memory: Memory) -> None:
    memory.hear(report())
    memory.keep()
    kept = KeptRows.read(memory.file)
    replace(kept, rows=kept.rows.drop_columns(["had_us"])).write(memory.file)
    assert memory.begun() is None
