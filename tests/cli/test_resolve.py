"""``alliage resolve``: files in, pairs with their reasons out."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alliage.cli.main import app
from alliage.cli.output import CommandError

REGISTER = """imo,ship_name,callsign,flag,length
9074729,BALTIC STAR,OXYZ,DK,90
9074731,NORDIC WIND,SABC,SE,120
"""
SEEN = """id,SHIP,callsign,length
r1,M/V Baltic Star,OXYZ,91
r2,NORDIC WINDS,,120
r3,ANOTHER ONE,LAAA,20
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    for name, text in (("register.csv", REGISTER), ("seen.csv", SEEN)):
        (tmp_path / name).write_text(text)
    return tmp_path / "register.csv", tmp_path / "seen.csv"


def test_two_registers_give_pairs_with_reasons_and_groups(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    pairs, groups = tmp_path / "pairs.csv", tmp_path / "groups.csv"
    line = ["resolve", *map(str, files), "--pairs", str(pairs), "--clusters", str(groups)]
    done = CliRunner().invoke(app, [*line, "--column", "SHIP=name", "--review", "0.2", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["rows"], told["one_thing"], told["perhaps"]) == (5, 1, 1)
    first, second = csv.DictReader(pairs.read_text().splitlines())
    assert (first["one"], first["other"], first["verdict"]) == ("register/1", "seen/1", "one thing")
    assert "call_sign same +" in first["why"]
    assert second["verdict"] == "perhaps"
    assert "name nearly same +" in second["why"]
    assert {row["cluster"] for row in csv.DictReader(groups.read_text().splitlines())} == {
        "register/1"
    }


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--join", "0.4"], "review <= join"),
        (["--column", "SHIP"], "say COLUMN=PROPERTY"),
        (["--id", "number"], "there is no column number"),
        (["--as", "Organisation"], "is a property by which Organisation"),
    ],
)
def test_what_cannot_be_done_is_said(
    files: tuple[Path, Path], tmp_path: Path, options: list[str], said: str
) -> None:
    line = ["resolve", str(files[1]), "--pairs", str(tmp_path / "p.csv"), *options]
    done = CliRunner().invoke(app, line)
    assert isinstance(done.exception, CommandError)
    assert said in str(done.exception)


def test_without_splink_nothing_is_learned_and_it_is_said_how_to_get_it(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    line = ["resolve", str(files[0]), "--pairs", str(tmp_path / "p.csv"), "--learn"]
    done = CliRunner().invoke(app, line)
    assert isinstance(done.exception, CommandError)
    assert "alliage[resolution]" in str(done.exception)
