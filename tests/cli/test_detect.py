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
    assert "drifts: since" in done.stdout
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


@pytest.mark.parametrize(
    ("name", "reports"),
    [
        ("ais/SolentAIS_20160112_130211.csv", 18_623),
        pytest.param("adsb/paris-213-aircraft.json.gz", 284_505, marks=pytest.mark.soak),
        ("adsb/afr34zg-modes-2024-07-06.jsonl.gz", 8_324),
    ],
)
def test_nothing_is_told_of_recordings_of_every_day_that_were_decoded_already(
    data_dir: Path, name: str, reports: int
) -> None:
    done = detect(str(data_dir / name), "--json")
    told = json.loads(done.stdout)
    assert told["alerts"] == []
    assert told["rows"] >= reports


TURNS = "MMSI,time,lat,lon,sog,cog,note\n"
NOTE = "long enough that few rows are more than is read at once; " * 6


def table(mmsi: int, lat: float, knots: float, hours: int) -> str:
    """A ship that goes east, a report a minute."""
    return "".join(
        f"{mmsi},2026-01-01T{minute // 60:02d}:{minute % 60:02d}:00,{lat},"
        f"{5.0 + minute * 0.004:.5f},{knots},90,{NOTE}\n"
        for minute in range(60 * hours)
    )


def test_a_recording_that_is_sorted_by_ship_is_sorted_by_time(tmp_path: Path) -> None:
    rule = tmp_path / "near.rule"
    rule.write_text("rule Slower than usual\nspeed below 6 kn\nfor 5 min\n")
    ships = [table(219000000 + nth, 50 + nth / 10, 5.0, hours=3) for nth in range(99)]
    path = tmp_path / "by-ship.csv"
    path.write_text(TURNS + "".join(ships))
    done = detect(str(path), "--rule", str(rule), "--json")
    told = json.loads(done.stdout)
    assert "not in the order of time" in done.stderr
    assert len(told["alerts"]) == 99
    assert {alert["start"][:13] for alert in told["alerts"]} == {"2026-01-01T00"}
