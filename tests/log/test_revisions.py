"""A label can be raised and a body destroyed, and the log still verifies."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from alliage.log import Draft, Entry, Log, NodeKeys
from alliage.log.entry import BodyGoneError
from alliage.log.revisions import REVISIONS_STREAM, Destroy, Drop, Raise
from alliage.log.snapshot import copying
from alliage.log.verify import Verified
from alliage.ontology.audience import Audience, machine_audience
from alliage.ontology.label import Label, LabelSet
from tests.log.support import DANES, TickingClock, claim, positions

SECRET = frozenset([Label.make("ALLIAGE", "SECRET", ["DNK"])])


def machines(log: Log) -> Audience:
    return machine_audience(log.label_sets)


def readers_of(log: Log, labels: LabelSet) -> Audience:
    return Audience("test", lambda label: label in labels, log.label_sets)


def verified(log: Log) -> Verified:
    return list(log.verify())[-1]


def decide(log: Log, revision: Raise | Destroy | Drop) -> Entry:
    (entry,) = log.append([Draft(REVISIONS_STREAM, DANES, revision)])
    return entry


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_raised_entry_is_gone_for_those_who_may_not_see_the_new_label(log: Log) -> None:
    first, other = log.append([Draft("a", DANES, (claim(1),)), Draft("a", DANES, (claim(2),))])
    decide(log, Raise((first.entry_id,), SECRET))
    low, high = readers_of(log, DANES), readers_of(log, DANES | SECRET)
    seen = [entry.entry_id for entry in log.reader(low).read(kinds=["claims"])]
    assert seen == [other.entry_id]
    (raised, _) = log.reader(high).read(kinds=["claims"])
    assert raised.labels == DANES | SECRET
    assert raised.header.labels == DANES  # what was signed stays as it was
    assert raised.claims() == (claim(1),)
    assert verified(log).fault is None


def test_a_label_that_was_changed_without_a_decision_is_found(log: Log, tmp_path: Path) -> None:
    first, _ = log.append([Draft("a", DANES, (claim(1),)), Draft("a", SECRET, (claim(2),))])
    with sqlite3.connect(tmp_path / "log" / "index.sqlite") as connection:
        # Somebody with access to the file hides an entry from those who may see it.
        connection.execute(
            "UPDATE entries SET signed_set = label_set, label_set = 1 WHERE number = ?",
            (first.number,),
        )
    fault = verified(log).fault
    assert fault is not None
    assert first.entry_id in fault


def test_a_destroyed_body_is_nowhere_on_the_disk_and_the_log_verifies(
    log: Log, tmp_path: Path
) -> None:
    secret = "the yacht of Mr Exampleson"
    kept, doomed = log.append(
        [Draft("a", DANES, (claim(1),)), Draft("a", DANES, (claim(2, value=secret),))]
    )
    assert secret.encode() in on_disk(tmp_path)
    decision = decide(log, Destroy((doomed.entry_id,), ("anna", "bent"), "a private person"))
    assert secret.encode() not in on_disk(tmp_path)
    assert doomed.salt not in on_disk(tmp_path)
    entry = log.reader(machines(log)).entry(doomed.entry_id)
    assert entry is not None
    assert entry.header == doomed.header
    assert entry.gone == decision.entry_id
    with pytest.raises(BodyGoneError, match=decision.entry_id):
        entry.claims()
    found = log.reader(machines(log)).read(kinds=["claims"])
    assert [one.entry_id for one in found] == [kept.entry_id]
    last = verified(log)
    assert (last.good, last.total, last.fault, last.gone) == (3, 3, None, 1)


def test_a_body_that_is_noted_as_gone_without_a_decision_is_found(log: Log, tmp_path: Path) -> None:
    doomed, other = log.append([Draft("a", DANES, (claim(1),)), Draft("a", DANES, (claim(2),))])
    with sqlite3.connect(tmp_path / "log" / "index.sqlite") as connection:
        change = "UPDATE entries SET gone = ? WHERE number = ?"
        connection.execute(change, (other.entry_id, doomed.number))
    fault = verified(log).fault
    assert fault is not None
    assert "no entry decided" in fault


def test_old_observations_of_one_stream_are_dropped_and_claims_and_others_stay(log: Log) -> None:
    hour_us = 3_600_000_000
    old, new, words, others = log.append(
        [
            Draft("ais", DANES, positions(["mmsi:1"], 0)),
            Draft("ais", DANES, positions(["mmsi:1"], 2 * hour_us)),
            Draft("ais", DANES, (claim(1),)),
            Draft("radar", DANES, positions(["track:1"], 0)),
        ]
    )
    decide(log, Drop("ais", hour_us, log.last_number))
    left = log.reader(machines(log)).read(limit=10)
    assert {new.entry_id, words.entry_id, others.entry_id} <= {entry.entry_id for entry in left}
    assert old.entry_id not in {entry.entry_id for entry in left}
    assert verified(log).gone == 1
    # What is as old and comes in later is for the next decision.
    (late,) = log.append([Draft("ais", DANES, positions(["mmsi:1"], 0))])
    assert late.entry_id in {entry.entry_id for entry in log.reader(machines(log)).read()}
    assert verified(log).fault is None


def test_a_drop_that_reaches_less_far_takes_nothing_back_from_an_earlier_one(
    log: Log, tmp_path: Path, keys: NodeKeys
) -> None:
    _, lately, new = log.append(
        [Draft("ais", DANES, positions(["mmsi:1"], start)) for start in (0, 10**10, 10**11)]
    )
    decide(log, Drop("ais", 10**9, log.last_number))  # as versions before wrote it
    (late,) = log.append([Draft("ais", DANES, positions(["mmsi:1"], 0))])
    decide(log, Drop("ais", 2 * 10**10, lately.number, lately.known_us))
    log.close()
    with sqlite3.connect(tmp_path / "log" / "index.sqlite") as connection:
        connection.execute("UPDATE entries SET gone = NULL")  # cut short before it was noted
    again = Log.open(tmp_path / "log", keys, "node-1", TickingClock())
    try:
        left = {one.entry_id for one in again.reader(machines(again)).read(streams=["ais"])}
        assert left == {new.entry_id, late.entry_id}
        last = verified(again)
        assert (last.fault, last.gone) == (None, 2)
    finally:
        again.close()


def test_a_body_that_went_after_its_entry_was_handed_out_is_gone_and_not_damaged(log: Log) -> None:
    log.append([Draft("ais", DANES, positions(["mmsi:1"], 0))])
    (read_before,) = log.reader(machines(log)).read(streams=["ais"])
    decide(log, Drop("ais", 10**12, 1))
    log.destroy_what_is_gone()
    with pytest.raises(BodyGoneError, match="by the decision"):
        read_before.content()


def test_a_destruction_that_was_cut_short_is_finished_when_the_log_is_opened(
    log: Log, tmp_path: Path, keys: NodeKeys
) -> None:
    secret = "cut short"
    (doomed,) = log.append([Draft("a", DANES, (claim(2, value=secret),))])
    with copying(tmp_path / "log"):  # a backup runs: nothing may vanish under it
        decide(log, Destroy((doomed.entry_id,), ("anna", "bent"), "private"))
        assert secret.encode() in on_disk(tmp_path)
        entry = log.reader(machines(log)).entry(doomed.entry_id)
        assert entry is not None
        with pytest.raises(BodyGoneError):
            entry.claims()
    log.close()
    again = Log.open(tmp_path / "log", keys, "node-1", TickingClock())
    try:
        assert secret.encode() not in on_disk(tmp_path)
        last = verified(again)
        assert (last.good, last.total, last.fault, last.gone) == (2, 2, None, 1)
    finally:
        again.close()


def test_what_is_not_kept_is_told_by_stream_to_who_sees_the_decision(log: Log) -> None:
    low, high = readers_of(log, DANES), readers_of(log, DANES | SECRET)
    assert log.reader(high).not_kept() == {}
    decide(log, Drop("a", 1_000, 1))
    log.append([Draft(REVISIONS_STREAM, SECRET, Drop("a", 5_000, 1))])
    log.append([Draft(REVISIONS_STREAM, SECRET, Drop("b", 2_000, 1))])
    assert log.reader(low).not_kept() == {"a": 1_000}
    assert log.reader(high).not_kept() == {"a": 5_000, "b": 2_000}
    decide(log, Drop("a", 3_000, 4))
    assert log.reader(low).not_kept() == {"a": 3_000}


def test_from_when_on_something_was_is_told_to_who_could_see_it(
    log: Log, tmp_path: Path, keys: NodeKeys
) -> None:
    low, high = readers_of(log, DANES), readers_of(log, DANES | SECRET)
    (older,) = log.append([Draft("a", DANES, positions(["mmsi:1"], 100))])
    log.append([Draft("a", DANES, positions(["mmsi:1"], 300))])
    log.append([Draft("a", DANES, (claim(1),))])  # of the same stream, and kept
    decide(log, Raise((older.entry_id,), SECRET))
    assert log.reader(high).dropped_since() == {}
    decide(log, Drop("a", 10**12, log.last_number))
    assert log.reader(low).dropped_since() == {"a": 300}
    assert log.reader(high).dropped_since() == {"a": 100}
    log.append([Draft("a", DANES, positions(["mmsi:1"], 200))])
    decide(log, Drop("a", 2 * 10**12, log.last_number))
    decide(log, Drop("b", 10**12, log.last_number))  # of which there was nothing
    assert log.reader(low).dropped_since() == {"a": 200}
    log.close()
    again = Log.open(tmp_path / "log", keys, "node-1", TickingClock(), read_only=True)
    assert again.reader(readers_of(again, DANES)).dropped_since() == {"a": 200}
    again.close()


def test_a_decision_whose_label_was_raised_is_told_to_fewer(log: Log) -> None:
    low, high = readers_of(log, DANES), readers_of(log, DANES | SECRET)
    dropped = decide(log, Drop("a", 1_000, 1))
    assert log.reader(low).not_kept() == {"a": 1_000}
    decide(log, Raise((dropped.entry_id,), SECRET))
    assert log.reader(low).not_kept() == {}
    assert log.reader(high).not_kept() == {"a": 1_000}
