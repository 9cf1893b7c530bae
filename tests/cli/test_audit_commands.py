"""verify, proof, keys: what the owner of a node can check, prove and replace."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_running import running


@pytest.fixture
def node(home: Path, loaded: Path) -> Path:
    """A copy of a node that holds a recording, where `alliage` looks for one."""
    shutil.copytree(loaded, home)
    return home


def test_verify_walks_the_whole_log(alliage: Run, node: Path) -> None:
    done = alliage("verify", "--json")
    assert done.code == 0
    said = done.data()
    assert said["ok"]
    assert said["good"] == said["total"] > 0
    assert said["checkpoints"] >= 1
    assert "All is as it was signed" in alliage("verify").err


def test_verify_names_the_first_bad_entry(alliage: Run, node: Path) -> None:
    with sqlite3.connect(node / "log/index.sqlite") as index:
        (entry_id,) = index.execute("SELECT entry_id FROM entries WHERE number = 2").fetchone()
        index.execute("UPDATE entries SET stream = 'forged' WHERE number >= 2")
    done = alliage("verify", "--json")
    assert done.code == 1
    assert done.data()["good"] == 1
    assert entry_id.hex() in done.data()["fault"]
    assert entry_id.hex() in alliage("verify").out


def test_verify_without_a_log_says_so(alliage: Run, home: Path) -> None:
    assert alliage("verify").code == 4
    alliage("init")
    done = alliage("verify")
    assert done.code == 4
    assert "alliage run" in done.err


def test_a_checkpoint_that_was_kept_still_holds_after_more_was_written(
    alliage: Run, node: Path, recording: Path, tmp_path: Path
) -> None:
    kept, proof = tmp_path / "kept.txt", tmp_path / "proof.json"
    kept.write_text(alliage("proof", "checkpoint").out)
    arguments = ("--again", "--stream", "coast", "--label", "SECRET:DNK")
    assert alliage("ingest", str(recording), *arguments).code == 0
    assert alliage("verify", "--checkpoint", str(kept)).code == 0
    proof.write_text(alliage("proof", "checkpoint", "--since", str(kept)).out)
    (key,) = alliage("keys", "list", "--json").data()["keys"]
    check = ("proof", "check", str(proof), "--key", key["public"])
    assert alliage(*check, "--since", str(kept)).code == 0
    assert alliage(*check).code == 2
    other = kept.read_text().splitlines()
    other[1] = str(int(other[1]) - 1)
    kept.write_text("\n".join(other) + "\n")
    assert alliage(*check, "--since", str(kept)).code == 1
    assert alliage("verify", "--checkpoint", str(kept)).code == 1


def test_a_checkpoint_of_another_log_is_refused(alliage: Run, node: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(alliage("proof", "checkpoint").out)
    other = str(tmp_path / "other")
    alliage("init", "--home", other)
    alliage("keys", "rotate", "--home", other)
    done = alliage("verify", "--home", other, "--checkpoint", str(kept))
    assert done.code == 1
    kept.write_text("not a checkpoint")
    assert alliage("verify", "--checkpoint", str(kept)).code == 2


def test_an_entry_is_proved_to_somebody_without_the_node(
    alliage: Run, node: Path, tmp_path: Path
) -> None:
    with sqlite3.connect(node / "log/index.sqlite") as index:
        (entry_id,) = index.execute("SELECT entry_id FROM entries WHERE number = 3").fetchone()
    (key,) = alliage("keys", "list", "--json").data()["keys"]
    proof = tmp_path / "proof.json"
    proof.write_text(alliage("proof", "entry", entry_id.hex()).out)
    shutil.rmtree(node)
    done = alliage("proof", "check", str(proof), "--key", key["public"], "--json")
    assert done.code == 0
    assert "is number 3" in done.data()["proved"]
    forged = json.loads(proof.read_text())
    forged["header"]["stream"] = "forged"
    proof.write_text(json.dumps(forged))
    assert alliage("proof", "check", str(proof), "--key", key["public"]).code == 1
    assert alliage("proof", "check", str(proof), "--key", "00").code == 2


def test_an_entry_that_is_not_there_has_no_proof(alliage: Run, node: Path) -> None:
    done = alliage("proof", "entry", "0" * 32)
    assert done.code == 1
    assert "there is no entry" in done.err


def test_keys_are_rotated_and_everything_still_verifies(
    alliage: Run, node: Path, recording: Path
) -> None:
    before = (node / "keys/signing.pem").read_bytes()
    done = alliage("keys", "rotate", "--algorithm", "p-384", "--json")
    assert done.code == 0
    arguments = ("--again", "--stream", "coast", "--label", "SECRET:DNK")
    assert alliage("ingest", str(recording), *arguments).code == 0
    old, new = alliage("keys", "list", "--json").data()["keys"]
    assert [old["algorithm"], new["algorithm"]] == ["Ed25519", "P-384"]
    assert [old["in_force"], new["in_force"]] == [False, True]
    assert new["key_id"] == done.data()["key_id"]
    assert new["first_entry"] == old["last_entry"] + 1
    assert alliage("verify").code == 0
    assert before not in [path.read_bytes() for path in (node / "keys").iterdir()]


def test_a_node_can_begin_with_p_384(alliage: Run, recording: Path) -> None:
    assert alliage("init", "--algorithm", "P-384").code == 0
    arguments = ("--stream", "coast", "--label", "SECRET:DNK")
    assert alliage("ingest", str(recording), *arguments).code == 0
    (key,) = alliage("keys", "list", "--json").data()["keys"]
    assert key["algorithm"] == "P-384"
    assert alliage("verify").code == 0
    assert alliage("init", "--algorithm", "RSA").code == 2


def test_a_running_node_keeps_its_key_and_can_be_verified(alliage: Run, home: Path) -> None:
    with running(home, "demo", "--ships", "5"):
        done = alliage("keys", "rotate")
        assert done.code == 6
        assert "another process" in done.err
        assert alliage("verify").code == 0


def test_a_key_file_that_is_not_the_log_s_is_told(alliage: Run, node: Path, tmp_path: Path) -> None:
    alliage("init", "--home", str(tmp_path / "other"))
    shutil.copy(tmp_path / "other/keys/signing.pem", node / "keys/signing.pem")
    done = alliage("verify")
    assert done.code == 1
    assert "the log goes on with" in done.out
    assert alliage("run", "--port", "0").code == 4
    assert "the log goes on with key" in alliage("doctor").out
