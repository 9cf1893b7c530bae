"""What is appended lasts, and comes back as it was."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pyarrow as pa
import pytest

from alliage.log import (
    BodyError,
    Draft,
    Entry,
    EntryDamagedError,
    Log,
    LogClosedError,
    LogInUseError,
    NodeKeys,
    SourceChange,
)
from alliage.log.segments import SegmentError
from alliage.ontology.audience import machine_audience
from alliage.ontology.observation import ObservationBatch
from tests.log.support import BOTH, DANES, FRENCH, TickingClock, claim, draft, positions


def all_of(log: Log) -> list[Entry]:
    return log.reader(machine_audience(log.label_sets)).read(limit=10_000)


def reopen(log: Log, folder: Path, keys: NodeKeys) -> Log:
    log.close()
    return Log.open(folder, keys, "node-1", TickingClock())


def test_observations_come_back_as_they_were_written(log: Log) -> None:
    batch = positions(["mmsi:1", "mmsi:2", "mmsi:3", "mmsi:1"], urgent=True)
    log.append([Draft("denmark", DANES, batch)])
    (entry,) = all_of(log)
    read = entry.observations()
    assert read.rows.to_pylist() == batch.rows.to_pylist()
    assert read.rows.schema.equals(batch.rows.schema)
    assert (read.kind, read.urgent) == (batch.kind, True)
    assert (entry.rows, entry.kind, entry.stream) == (4, "observations:position", "denmark")
    assert (entry.valid_min_us, entry.valid_max_us) == (0, 3_000_000)


def test_claims_and_source_changes_come_back_as_they_were_written(log: Log) -> None:
    claims = (claim(1), claim(2, prop="length_m", value=12.5))
    change = SourceChange(
        {"source": "denmark", "change": "configured", "options": {"b": 1, "a": 2}}
    )
    log.append([Draft("denmark", DANES, claims), Draft("denmark", DANES, change)])
    first, second = all_of(log)
    assert first.claims() == claims
    assert first.valid_max_us is None  # until further notice
    assert second.source_change() == change


def test_numbers_are_dense_and_known_times_never_go_back(log: Log) -> None:
    log.append([draft(DANES), draft(FRENCH)])
    log._clock.moment_us -= 3_600_000_000  # the machine's clock is set back an hour
    log.append([draft(BOTH)])
    entries = all_of(log)
    assert [entry.number for entry in entries] == [1, 2, 3]
    known = [entry.known_us for entry in entries]
    assert known == sorted(known)


def test_everything_is_there_after_reopening(log: Log, tmp_path: Path, keys: NodeKeys) -> None:
    log.append([draft(DANES, "mmsi:1"), draft(BOTH, "mmsi:2")])
    before = [(entry.to_json(), entry.label_set, entry.chain) for entry in all_of(log)]
    again = reopen(log, tmp_path / "log", keys)
    assert [(entry.to_json(), entry.label_set, entry.chain) for entry in all_of(again)] == before
    assert again.label_sets.labels_of(1) == BOTH
    (third,) = again.append([draft(FRENCH)])
    assert third.number == 3
    assert [step.fault for step in again.verify()] == [None]
    again.close()


def test_label_set_numbers_outlast_the_process_even_without_an_entry(
    log: Log, tmp_path: Path, keys: NodeKeys
) -> None:
    number = log.label_sets.intern(FRENCH)
    again = reopen(log, tmp_path / "log", keys)
    assert again.label_sets.intern(FRENCH) == number
    assert again.label_sets.intern(DANES) == number + 1
    again.close()


def test_a_torn_tail_is_cut_off_and_the_log_goes_on(
    log: Log, tmp_path: Path, keys: NodeKeys
) -> None:
    log.append([draft(DANES, "mmsi:1")])
    log.close()
    segments = tmp_path / "log" / "segments"
    with (segments / "00000000.seg").open("ab") as file:
        file.write(b"half of an entry that nobody was told of")
    (segments / "00000001.seg").write_bytes(b"and a segment that was never indexed")
    again = Log.open(tmp_path / "log", keys, "node-1", TickingClock())
    again.append([draft(DANES, "mmsi:2")])
    found = [entry.observations().rows["identifier"][0].as_py() for entry in all_of(again)]
    assert found == ["mmsi:1", "mmsi:2"]
    assert [path.name for path in segments.iterdir()] == ["00000000.seg"]
    assert list(again.verify())[-1].fault is None
    again.close()


def test_a_segment_that_lost_acknowledged_bytes_is_refused(
    log: Log, tmp_path: Path, keys: NodeKeys
) -> None:
    log.append([draft(DANES)])
    log.close()
    os.truncate(tmp_path / "log" / "segments" / "00000000.seg", 10)
    with pytest.raises(SegmentError, match="entries are lost"):
        Log.open(tmp_path / "log", keys, "node-1", TickingClock())


def test_segments_roll_and_stay_readable(tmp_path: Path, keys: NodeKeys) -> None:
    log = Log.open(tmp_path / "log", keys, "node-1", TickingClock(), segment_bytes=5_000)
    for number in range(12):
        log.append([draft(DANES, f"mmsi:{number}")])
    assert len(list((tmp_path / "log" / "segments").iterdir())) > 2
    again = reopen(log, tmp_path / "log", keys)
    found = [entry.observations().rows["identifier"][0].as_py() for entry in all_of(again)]
    assert found == [f"mmsi:{number}" for number in range(12)]
    again.close()


def test_a_bad_draft_leaves_nothing_of_its_group_behind(log: Log) -> None:
    log.append([draft(DANES, "mmsi:1")])
    empty = ObservationBatch(positions(["x"]).kind, positions(["x"]).rows.slice(0, 0))
    with pytest.raises(BodyError, match="empty"):
        log.append([draft(DANES, "mmsi:2"), Draft("denmark", DANES, empty)])
    (second,) = log.append([draft(DANES, "mmsi:3")])
    assert second.number == 2
    assert len(all_of(log)) == 2
    assert list(log.verify())[-1].fault is None


def test_after_the_disk_refused_the_next_append_succeeds(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.append([draft(DANES, "mmsi:1")])

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("alliage.log.segments.os.fsync", full)
        with pytest.raises(OSError, match="No space left"):
            log.append([draft(DANES, "mmsi:2")])
    (entry,) = log.append([draft(DANES, "mmsi:3")])
    assert entry.number == 2
    assert list(log.verify())[-1].fault is None


def test_a_full_index_refuses_the_whole_group_and_recovers(log: Log) -> None:
    log.append([draft(DANES, "mmsi:1")])

    def allow_pages(pages: int) -> None:
        with log._index._engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    allow_pages(1)  # SQLite takes the present size for the least: it is full now
    with pytest.raises(OSError, match="full"):
        log.append([draft(DANES, f"mmsi:{number}") for number in range(500)])
    assert len(all_of(log)) == 1
    allow_pages(1_000_000)
    (entry,) = log.append([draft(DANES, "mmsi:2")])
    assert entry.number == 2
    assert list(log.verify())[-1].fault is None


def test_an_entry_without_labels_is_refused(log: Log) -> None:
    with pytest.raises(ValueError, match="UNLABELLED"):
        log.append([Draft("denmark", frozenset(), positions(["mmsi:1"]))])


def test_only_one_process_writes(log: Log, tmp_path: Path, keys: NodeKeys) -> None:
    with pytest.raises(LogInUseError):
        Log.open(tmp_path / "log", keys, "node-1", TickingClock())


def test_another_process_may_look_on_but_not_write(
    log: Log, tmp_path: Path, keys: NodeKeys
) -> None:
    log.append([draft(DANES)])
    looking = Log.open(tmp_path / "log", keys, "node-1", TickingClock(), read_only=True)
    assert len(all_of(looking)) == 1
    with pytest.raises(LogClosedError):
        looking.append([draft(DANES)])
    looking.close()


def test_looking_at_no_log_says_so(tmp_path: Path, keys: NodeKeys) -> None:
    with pytest.raises(FileNotFoundError, match="no log here"):
        Log.open(tmp_path / "nothing", keys, "node-1", TickingClock(), read_only=True)


def test_verify_names_a_body_that_was_changed(log: Log, tmp_path: Path) -> None:
    entries = log.append([draft(DANES, f"mmsi:{number}") for number in range(5)])
    path = tmp_path / "log" / "segments" / "00000000.seg"
    data = bytearray(path.read_bytes())
    place = data.index(b"mmsi:3")
    data[place + 5 : place + 6] = b"9"
    path.write_bytes(data)
    last = list(log.verify())[-1]
    assert last.good == 3
    assert last.fault is not None
    assert last.fault.count(entries[3].entry_id) == 1
    with pytest.raises(EntryDamagedError, match=entries[3].entry_id):
        all_of(log)[3].observations()


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE entries SET stream = 'forged' WHERE number = 2",
        "UPDATE entries SET label_set = 1 WHERE number = 2",
        "UPDATE entries SET known_us = known_us - 1 WHERE number = 2",
        "UPDATE entries SET signature = zeroblob(64) WHERE number = 2",
        "DELETE FROM entries WHERE number = 2",
        "DELETE FROM entries WHERE number = 3",
    ],
)
def test_verify_finds_what_was_changed_in_the_index(log: Log, tampering: str) -> None:
    log.append([draft(DANES), draft(DANES), draft(FRENCH)])
    with log._index._engine.begin() as connection:
        connection.exec_driver_sql(tampering)
    steps = list(log.verify())
    assert steps[-1].fault is not None
    assert steps[-1].good < 3


def test_a_body_does_not_carry_words_of_other_rows(log: Log) -> None:
    batch = positions([f"mmsi:{number}" for number in range(1000)])
    few = ObservationBatch(batch.kind, batch.rows.slice(10, 3))
    (entry,) = log.append([Draft("denmark", DANES, few)])
    body = entry.body_bytes().to_pybytes()
    assert b"mmsi:10" in body
    assert b"mmsi:999" not in body
    assert all_of(log)[0].observations().rows.to_pylist() == few.rows.to_pylist()
    assert isinstance(entry.body_bytes(), pa.Buffer)


def test_segments_beside_an_index_that_knows_no_entry_are_set_aside_and_not_cut_off(
    log: Log, tmp_path: Path, keys: NodeKeys
) -> None:
    log.append([draft(DANES, "mmsi:1")])
    folder = tmp_path / "log"
    (segment,) = folder.glob("segments/*.seg")
    written = segment.read_bytes()
    log.close()
    for part in folder.glob("index.sqlite*"):
        part.unlink()
    again = Log.open(folder, keys, "node-1", TickingClock())
    assert again.last_number == 0
    assert segment.with_suffix(".seg.unclaimed").read_bytes() == written
    again.append([draft(DANES, "mmsi:2")])
    assert list(again.verify())[-1].fault is None
    again.close()
