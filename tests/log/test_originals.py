"""Original bytes are entries like others, and a newer version takes the place of an older one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.log import Draft, Log
from alliage.log.bodies import decode, encode
from alliage.log.original import ORIGINAL, Event, Happened, Original
from alliage.log.originals import originals_of
from alliage.log.revisions import REVISIONS_STREAM, Destroy, Drop, Supersede
from alliage.log.writer import Writer, coalesce
from alliage.ontology.audience import machine_audience
from tests.log.support import DANES, claim, positions

SECOND = 1_000_000

events = st.builds(
    Event,
    st.sampled_from(Happened),
    st.integers(0, 2**60),
    st.text(max_size=12),
    st.binary(max_size=200),
)
originals = st.builds(
    Original,
    st.sampled_from(["ais", "nmea_position"]),
    st.integers(1, 3),
    st.booleans(),
    st.lists(events, min_size=1, max_size=20).map(tuple),
)


def heard(second: int, data: bytes, feed: str = "ais") -> Original:
    event = Event(Happened.BYTES, second * SECOND, "10.0.0.7:4001", data)
    return Original(feed, 1, False, (event,))


def reader(log: Log):
    return log.reader(machine_audience(log.label_sets))


def decide(log: Log, revision: Destroy | Drop | Supersede) -> None:
    log.append([Draft(REVISIONS_STREAM, DANES, revision)])


@given(original=originals)
def test_what_came_is_read_back_as_it_came(original: Original) -> None:
    encoded = encode(original)
    assert decode(encoded.kind, encoded.data) == original
    times = [event.received_us for event in original.events]
    assert (encoded.valid_min_us, encoded.valid_max_us) == (min(times), max(times))


def test_bytes_of_one_input_become_one_entry_in_their_order() -> None:
    drafts = [
        Draft("a", DANES, heard(1, b"one")),
        Draft("b", DANES, heard(1, b"other")),
        Draft("a", DANES, (claim(1),)),
        Draft("a", DANES, heard(2, b"two")),
        Draft("a", DANES, heard(3, b"three", feed="nmea_position")),
    ]
    joined = [draft for draft in coalesce(drafts) if isinstance(draft.body, Original)]
    said = [
        (draft.stream, draft.body.feed, [event.data for event in draft.body.events])
        for draft in joined
        if isinstance(draft.body, Original)
    ]
    assert said == [
        ("a", "ais", [b"one", b"two"]),
        ("b", "ais", [b"other"]),
        ("a", "nmea_position", [b"three"]),
    ]


def test_what_is_destroyed_takes_the_bytes_of_its_moment_along(log: Log, tmp_path: Path) -> None:
    writer = Writer(log, flush_s=0.0)
    for second in (1_000, 2_000):
        drafts = [
            Draft("a", DANES, positions([f"mmsi:{second}"], second * SECOND)),
            Draft("a", DANES, heard(second, b"the very words of %d" % second)),
        ]
        writer.submit(drafts).result()
    writer.close()
    first, _ = reader(log).read(kinds=["observations:position"])
    (found,) = originals_of(reader(log), [first])
    decide(log, Destroy((first.entry_id, found.entry_id), ("anna", "bent"), "private"))
    (kept,) = reader(log).read(kinds=[ORIGINAL])
    assert kept.original().events[0].data == b"the very words of 2000"
    assert list(log.verify())[-1].gone == 2


def test_what_a_source_keeps_no_longer_goes_with_its_bytes(log: Log) -> None:
    log.append(
        [
            Draft("a", DANES, positions(["mmsi:1"], 10 * SECOND)),
            Draft("a", DANES, heard(10, b"old")),
            Draft("a", DANES, heard(90, b"new")),
            Draft("b", DANES, heard(10, b"of another")),
        ]
    )
    decide(log, Drop("a", 50 * SECOND, log.last_number))
    kept = [one.original().events[0].data for one in reader(log).read(kinds=[ORIGINAL])]
    assert kept == [b"new", b"of another"]
    assert list(log.verify())[-1].fault is None


def test_a_newer_version_stands_in_the_place_of_the_older_and_both_stay(log: Log) -> None:
    (old,) = log.append([Draft("a", DANES, positions(["mmsi:1"]))])
    drafts = [Draft("a", DANES, positions(["mmsi:2"]))]
    new, _ = log.append([*drafts, _superseding(old.entry_id)])
    kinds = ["observations:position"]
    assert [one.entry_id for one in reader(log).read(kinds=kinds)] == [new.entry_id]
    known_then = reader(log).read(kinds=kinds, up_to=old.number)
    assert [one.entry_id for one in known_then] == [old.entry_id]
    ever = reader(log).read(kinds=kinds, with_gone=True)
    assert [one.rows for one in ever] == [1, 1]
    assert ever[0].observations().rows.column("identifier").to_pylist() == ["mmsi:1"]
    assert list(log.verify())[-1].fault is None


@pytest.mark.parametrize("number", ["NULL", "1", "3"])
def test_that_something_is_superseded_otherwise_than_was_decided_is_found(
    log: Log, tmp_path: Path, number: str
) -> None:
    (old,) = log.append([Draft("a", DANES, positions(["mmsi:1"]))])
    log.append([Draft("a", DANES, positions(["mmsi:2"])), Draft("a", DANES, (claim(1),))])
    log.append([_superseding(old.entry_id)])
    with sqlite3.connect(tmp_path / "log" / "index.sqlite") as connection:
        connection.execute(
            f"UPDATE entries SET superseded = {number} WHERE number = ?",
            (old.number,),
        )
    fault = list(log.verify())[-1].fault
    assert fault is not None
    assert old.entry_id in fault


def _superseding(entry_id: str) -> Draft:
    return Draft(REVISIONS_STREAM, DANES, Supersede((entry_id,), "ais@2", "mended"))
