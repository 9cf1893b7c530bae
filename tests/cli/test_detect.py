"""``alliage detect``: a recording in, what wants attention out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from alliage.cli.main import app
from alliage.cli.output import CommandError

FRIO = "ais/frio-drift-2014-09-28.nmea"


def detect(*words: str) -> Result:
    return CliRunner().invoke(app, ["detect", *words])


def test_a_recording_is_told_of_with_times_reasons_and_evidence(data_dir: Path) -> None:
    done = detect(str(data_dir / FRIO), "--only", "drifting", "--json")
    told = json.loads(done.stdout)
    first = told["alerts"][0]
    assert first["detector"] == "drifting"
    assert first["start"].startswith("2014-09-28T16:3")
    assert "drifts" in first["reason"]["en"]
    assert "dérive" in first["reason"]["fr"]
    assert {one["identifier"] for one in first["evidence"]} == {"mmsi:538004030"}


def test_people_read_a_table(data_dir: Path) -> None:
    done = detect(str(data_dir / FRIO), "--only", "drifting")
    assert "drifts: for" in done.stdout
    assert "alerts in 945 reports" in done.stderr


def test_settings_of_a_file_count(data_dir: Path, tmp_path: Path) -> None:
    settings = tmp_path / "detectors.toml"
    settings.write_text("[drifting]\nleast_angle_deg = 120\n")
    done = detect(str(data_dir / FRIO), "--settings", str(settings), "--only", "drifting", "--json")
    assert json.loads(done.stdout)["alerts"] == []


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("[drift]\nlasts_s = 1\n", "is no detector"),
        ("[drifting]\nlasts_s = 1\n", "lasts_s"),
        ("[drifting\n", "detectors.toml"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(
    data_dir: Path, tmp_path: Path, written: str, says: str
) -> None:
    settings = tmp_path / "detectors.toml"
    settings.write_text(written)
    done = detect(str(data_dir / FRIO), "--settings", str(settings))
    assert isinstance(done.exception, CommandError)
    assert says in str(done.exception)


def test_a_watch_rule_of_a_file_is_looked_for_alone(data_dir: Path, tmp_path: Path) -> None:
    rule = tmp_path / "slow.rule"
    rule.write_text("rule Slower than usual\nspeed below 6 kn\nfor 5 min\n")
    told = json.loads(detect(str(data_dir / FRIO), "--rule", str(rule), "--json").stdout)
    assert {alert["detector"] for alert in told["alerts"]} == {"rule:slow"}
    assert "slower than 6.0 kn" in told["alerts"][0]["reason"]["en"]


def test_a_file_that_is_no_rule_is_refused_with_its_line(data_dir: Path, tmp_path: Path) -> None:
    rule = tmp_path / "slow.rule"
    rule.write_text("rule Slow\nspeed belo 6 kn\n")
    done = detect(str(data_dir / FRIO), "--rule", str(rule))
    assert isinstance(done.exception, CommandError)
    assert "line 2" in str(done.exception)
