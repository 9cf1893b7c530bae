"""The log's Merkle tree: kept over restarts, checked against its checkpoints, proved to others."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from alliage.log import Draft, Log, NodeKeys
from alliage.log.checkpoint import Checkpoint, CheckpointError, SignedCheckpoint
from alliage.log.index import MIGRATIONS
from alliage.log.merkle import fold, leaf_hash
from alliage.log.proofs import ConsistencyProof, InclusionProof, ProofError, proof_from_json
from alliage.log.signing import place
from alliage.log.tree import LogTree, TreeError
from alliage.ontology.audience import machine_audience
from tests.log.support import DANES, TickingClock, claim


def fill(log: Log, count: int, group: int = 100) -> None:
    drafts = [Draft("denmark", DANES, (claim(number),)) for number in range(count)]
    for at in range(0, count, group):
        log.append(drafts[at : at + group])


def reopen(log: Log, tmp_path: Path, keys: NodeKeys) -> Log:
    log.close()
    return Log.open(tmp_path / "log", keys, "node-1", TickingClock())


def root_of_entries(log: Log) -> bytes:
    entries = log.reader(machine_audience(log.label_sets)).read(limit=10_000)
    return fold([leaf_hash(place(e.number, e.known_us, e.header, e.signature)) for e in entries])


def newest(log: Log) -> SignedCheckpoint:
    found = log.audit().latest_checkpoint()
    assert found is not None
    return found


def sizes_of_checkpoints(log: Log) -> list[int]:
    signed = LogTree(log._index.engine, "", log._keys.signing).checkpoints()
    return [one.checkpoint.size for one in signed]


def fault_of(log: Log, *witnessed: SignedCheckpoint) -> str | None:
    return list(log.audit().verify(witnessed))[-1].fault


def execute(log: Log, statement: str) -> None:
    with log._index._engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_checkpoint_at_the_end_covers_every_entry_over_restarts(
    log: Log, tmp_path: Path, keys: NodeKeys
) -> None:
    sizes = []
    for count in (3, 250, 10, 300):
        fill(log, count)
        log = reopen(log, tmp_path, keys)
        head = newest(log)
        assert head.is_signed_by(keys.public)
        assert head.checkpoint.root == root_of_entries(log)
        sizes.append(head.checkpoint.size)
    assert sizes == [3, 253, 263, 563]
    assert newest(log).checkpoint.origin == f"alliage/{keys.key_id}"
    assert fault_of(log) is None
    log.close()


def test_checkpoints_come_with_the_commits_when_time_has_passed(log: Log) -> None:
    fill(log, 3, group=1)  # a second each
    log._clock.moment_us += 600_000_000
    fill(log, 3, group=1)
    assert sizes_of_checkpoints(log) == [1, 4]
    log.checkpoint()
    log.checkpoint()  # nothing new to say
    assert sizes_of_checkpoints(log) == [1, 4, 6]


def test_a_log_of_an_older_version_gets_its_tree_when_it_is_opened(
    log: Log, tmp_path: Path, keys: NodeKeys
) -> None:
    fill(log, 600)
    log = reopen(log, tmp_path, keys)
    head = newest(log).checkpoint
    log.close()
    old = sa.create_engine(f"sqlite:///{tmp_path / 'log' / 'index.sqlite'}")
    with old.begin() as connection:  # as version 0001 left it, with its entries
        for statement in (
            "DROP TABLE tiles",
            "DROP TABLE checkpoints",
            "DROP TABLE parts",
            "DROP INDEX entries_gone",
            "DROP INDEX entries_dropped",
            "DROP INDEX entries_superseded",
            "ALTER TABLE entries DROP COLUMN gone",
            "ALTER TABLE entries DROP COLUMN signed_set",
            "ALTER TABLE entries DROP COLUMN superseded",
            "UPDATE alembic_version SET version_num = '0001'",
        ):
            connection.exec_driver_sql(statement)
    old.dispose()
    assert sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py")) == [
        "0001",
        "0002",
        "0003",
        "0004",
        "0005",
        "0006",
        "0007",
    ]
    looking = Log.open(tmp_path / "log", keys, "node-1", TickingClock(), read_only=True)
    assert fault_of(looking) is None
    assert looking.audit().latest_checkpoint() is None
    looking.close()
    again = Log.open(tmp_path / "log", keys, "node-1", TickingClock())
    again.checkpoint()
    assert newest(again).checkpoint == head
    assert fault_of(again) is None
    again.close()


def test_a_proof_is_checked_with_nothing_but_the_public_key(log: Log, keys: NodeKeys) -> None:
    fill(log, 300)
    entries = log.reader(machine_audience(log.label_sets)).read()
    log.checkpoint()
    for number in (1, 255, 256, 257, 300):
        proof = log.audit().prove_inclusion(entries[number - 1].entry_id)
        sent = json.loads(json.dumps(proof.to_json()))
        read = proof_from_json(sent)
        assert isinstance(read, InclusionProof)
        assert read.check(keys.public).checkpoint.size == 300
        for change in (
            {"number": number - 1},
            {"known_us": sent["known_us"] + 1},
            {"header": {**sent["header"], "stream": "forged"}},
            {"path": sent["path"][1:]},
        ):
            with pytest.raises(ProofError):
                proof_from_json({**sent, **change}).check(keys.public)  # type: ignore[call-arg]
        with pytest.raises(ProofError, match="not signed"):
            read.check(NodeKeys.generate().public)


def test_who_kept_a_checkpoint_sees_that_nothing_of_it_is_gone(log: Log, keys: NodeKeys) -> None:
    fill(log, 100)
    log.checkpoint()
    kept = newest(log)
    fill(log, 200)
    log.checkpoint()
    proof = proof_from_json(log.audit().prove_consistency(kept.checkpoint.size).to_json())
    assert isinstance(proof, ConsistencyProof)
    assert proof.check(kept, keys.public).checkpoint.size == 300
    other = Checkpoint(kept.checkpoint.origin, 100, bytes(32)).sign(keys.signing)
    with pytest.raises(ProofError, match="not what they were"):
        proof.check(SignedCheckpoint.parse(other), keys.public)
    assert fault_of(log, kept) is None


def test_a_log_is_verified_and_proved_while_another_process_writes_it(
    log: Log, tmp_path: Path, keys: NodeKeys
) -> None:
    fill(log, 200)
    log.checkpoint()
    kept = newest(log)
    looking = Log.open(tmp_path / "log", keys, "node-1", TickingClock(), read_only=True)
    writing = threading.Thread(target=fill, args=(log, 1_500, 60))
    writing.start()
    rounds = 0
    while writing.is_alive() or rounds == 0:
        assert fault_of(looking, kept) is None
        looking.audit().prove_consistency(200).check(kept, keys.public)
        rounds += 1
    writing.join()
    looking.close()


def test_an_entry_that_no_checkpoint_covers_says_when_one_will(log: Log) -> None:
    log.append([Draft("denmark", DANES, (claim(1),))])
    (entry,) = log.append([Draft("denmark", DANES, (claim(2),))])
    with pytest.raises(ProofError, match="ten minutes"):
        log.audit().prove_inclusion(entry.entry_id)
    with pytest.raises(ProofError, match="no entry"):
        log.audit().prove_inclusion("0" * 32)


def test_a_log_that_was_written_anew_does_not_hold_against_a_kept_checkpoint(
    log: Log, tmp_path: Path, keys: NodeKeys
) -> None:
    fill(log, 50)
    log.checkpoint()
    kept = newest(log)
    other = Log.open(tmp_path / "other", keys, "node-1", TickingClock())
    fill(other, 60)
    assert fault_of(other) is None  # whoever has the keys can write a log that is right in itself
    fault = fault_of(other, kept)
    assert fault is not None
    assert "checkpoint of 50 entries does not hold" in fault
    other.close()


def test_entries_cut_from_the_end_are_missed_by_a_kept_checkpoint(
    log: Log, tmp_path: Path, keys: NodeKeys
) -> None:
    fill(log, 50, group=10)
    log.checkpoint()
    kept = newest(log)
    execute(log, "DELETE FROM entries WHERE number > 40")
    execute(log, "DELETE FROM checkpoints WHERE size > 40")
    log._tip.close()
    cut = Log.open(tmp_path / "log", keys, "node-1", TickingClock(), read_only=True)
    assert fault_of(cut) is None
    fault = fault_of(cut, kept)
    assert fault is not None
    assert "tells of 50 entries, the log has 40" in fault
    cut.close()


def test_a_log_that_lost_entries_is_not_written_on(
    log: Log, tmp_path: Path, keys: NodeKeys
) -> None:
    fill(log, 50)
    log.close()
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'log' / 'index.sqlite'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM entries WHERE number = 50")
    engine.dispose()
    with pytest.raises(TreeError, match="entries were taken away"):
        Log.open(tmp_path / "log", keys, "node-1", TickingClock())


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        (
            "UPDATE tiles SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB)",
            "entry number 1 ",
        ),
        (
            "UPDATE tiles SET hashes = substr(hashes, 1, 32 * 200)",
            "entry number 201 ",
        ),
        ("UPDATE tiles SET hashes = hashes || 'more'", "index cannot be read"),
        ("UPDATE checkpoints SET note = 'nothing'", "index cannot be read"),
        ("UPDATE entries SET entry_id = 'x' WHERE number = 9", "index cannot be read"),
        ("UPDATE tiles SET root = zeroblob(32)", "root of tile 0 of level 0"),
        ("DELETE FROM tiles", "tile 0 of level 0 is missing"),
        ("UPDATE checkpoints SET note = replace(note, '300', '299')", "not signed by the key"),
        ("UPDATE checkpoints SET note = replace(note, 'alliage/', 'other/')", "another log"),
    ],
)
def test_verify_finds_what_was_changed_in_the_tree(log: Log, tampering: str, fault: str) -> None:
    fill(log, 300, group=300)
    execute(log, tampering)
    assert fault in (fault_of(log) or "")


def test_a_checkpoint_that_another_key_signed_is_refused(log: Log) -> None:
    fill(log, 10, group=10)
    head = newest(log).checkpoint
    forged = SignedCheckpoint.parse(head.sign(NodeKeys.generate().signing))
    assert "not signed by the key" in (fault_of(log, forged) or "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "alliage/1\n5\nAAAA\n",
        "alliage/1\n5\nAAAA\n\n— alliage/1 AAAA\n",
        "alliage/1\n-5\n" + "A" * 43 + "=\n\n— alliage/1 AAAA\n",
        "alliage/1\n5\n" + "A" * 43 + "=\n\nalliage/1 AAAA\n",
        "alliage/1\n5\n" + "*" * 43 + "=\n\n— alliage/1 AAAA\n",
        "x" * 20_000,
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(CheckpointError):
        SignedCheckpoint.parse(text)


def test_the_note_is_what_the_standard_s_example_is() -> None:
    """The example of C2SP's tlog-checkpoint has these three lines and this form of signature."""
    note = Checkpoint("example.com/behind-the-sofa", 20852163, bytes(32)).sign(
        NodeKeys.generate().signing
    )
    head, _, signatures = note.partition("\n\n")
    assert head.split("\n") == ["example.com/behind-the-sofa", "20852163", "A" * 43 + "="]
    assert signatures.startswith("— example.com/behind-the-sofa ")
    assert signatures.endswith("\n")
    assert SignedCheckpoint.parse(note).note == note
