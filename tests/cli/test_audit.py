"""The audit in a file: as an auditor sees it, marked, and itself audited."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

from tests.cli.conftest import Run
from tests.cli.test_running import running, signed_in, until


def test_the_audit_is_exported_with_markings_and_the_export_is_audited(
    home: Path, tmp_path: Path, alliage: Run
) -> None:
    assert alliage("init").code == 0
    with running(home, "run", "--link", "admin") as (_, announced), signed_in(announced):
        pass
    lines, table = tmp_path / "audit.jsonl", tmp_path / "audit.csv"
    done = alliage("audit", "export", str(lines), "--as", "admin", "--json")
    assert done.code == 0, done.err
    rows = [json.loads(line) for line in lines.read_text().splitlines()]
    assert json.loads(done.out)["rows"] == len(rows)
    assert {"node.started", "session.started"} <= {row["act"] for row in rows}
    (started, *_) = [row for row in rows if row["act"] == "node.started"]
    assert len(started["details"]["configuration_sha256"]) == 64  # and no text of JSON
    assert (started["authority"]["rights"], started["changes"]) == (None, [])
    assert {row["marking"] for row in rows} == {"NODE UNMARKED / Handling: AUDIT"}
    done = alliage("audit", "export", str(table), "--as", "admin", "--act", "session")
    assert done.code == 0, done.err
    with table.open(newline="") as file:
        signed = list(csv.DictReader(file))
    assert {row["act"] for row in signed} == {"session.started"}
    assert isinstance(json.loads(signed[0]["authority"]), dict)
    assert {row["user"] for row in signed} == {"admin"}
    with running(home, "run"):
        until(lambda: not list((home / "audit").glob("*.json")))
    again = tmp_path / "again.jsonl"
    assert alliage("audit", "export", str(again), "--as", "admin", "--act", "audit").code == 0
    assert "audit.read" in again.read_text()


def test_a_command_whose_record_was_taken_away_is_found_by_doctor_and_told(
    home: Path, tmp_path: Path, alliage: Run
) -> None:
    assert alliage("init").code == 0
    assert "no record of a command is missing" in alliage("doctor").out
    assert alliage("keys", "rotate").code == 0
    for path in (home / "audit").glob("*.json"):
        path.unlink()
    found = alliage("doctor")
    assert found.code == 1
    assert "1 record of commands missing: number 1 to 1" in found.out
    with running(home, "run"):
        until(lambda: "no record of a command is missing" in alliage("doctor").out)
    file = tmp_path / "audit.jsonl"
    assert alliage("audit", "export", str(file), "--as", "admin", "--act", "audit").code == 0
    (row,) = [json.loads(line) for line in file.read_text().splitlines()]
    assert (row["act"], row["details"]) == ("audit.missing", {"first": 1, "last": 1})


def test_what_the_audit_cannot_say_leaves_no_file(
    home: Path, tmp_path: Path, alliage: Run, loaded: Path
) -> None:
    shutil.copytree(loaded, home)
    shutil.rmtree(home / "audit", ignore_errors=True)
    (home / "audit").write_text("in the way of every record")
    file = tmp_path / "rows.csv"
    for command in (["export", "observations"], ["audit", "export"]):
        refused = alliage(*command, str(file), "--as", "admin")
        assert refused.code == 1
        assert "taken away again" in refused.err
        assert not file.exists()


def test_only_an_auditor_and_only_two_formats(home: Path, tmp_path: Path, alliage: Run) -> None:
    assert alliage("init").code == 0
    assert alliage("audit", "export", str(tmp_path / "a.xml"), "--as", "admin").code == 2
    assert alliage("audit", "export", str(tmp_path / "a.csv"), "--as", "nobody").code == 5


def test_rights_given_on_the_command_line_are_audited_whether_the_node_runs_or_not(
    home: Path, tmp_path: Path, alliage: Run
) -> None:
    assert alliage("init", "--nation", "DNK").code == 0
    assert alliage("users", "add", "bent", "--clearance", "SECRET").code == 0
    with running(home, "run"):
        assert alliage("users", "change", "bent", "--community", "Compartment: NORTH").code == 0
        until(lambda: not list((home / "audit").glob("*.json")))
    file = tmp_path / "audit.jsonl"
    assert alliage("audit", "export", str(file), "--as", "admin", "--act", "account").code == 0
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    of_bent = [row for row in rows if row["details"]["user"] == "bent"]
    assert [row["act"] for row in of_bent] == ["account.added", "account.changed"]
    assert [row["program"] for row in of_bent] == ["alliage users add", "alliage users change"]
    assert all(row["user"].startswith("machine:") for row in of_bent)
    (change,) = of_bent[1]["changes"]
    assert change == {"what": "communities", "before": [], "after": ["Compartment: NORTH"]}
    assert of_bent[1]["authority"]["policy"]["version"]
