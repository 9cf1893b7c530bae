"""What `config check` and `doctor` find in the files that a configuration names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

BASEMAP = """
[[basemaps]]
name = "charts"
title = "Charts"
label = { policy = "ALLIAGE", classification = "UNCLASSIFIED" }
tiles = { kind = "pmtiles", path = "charts.pmtiles" }
"""
EXERCISE = """
[[sources]]
name = "exercise"
format = "ais"
transport = { kind = "simulation", scenario = "night.yaml" }
label = { policy = "ALLIAGE", classification = "UNCLASSIFIED" }
"""


def add(home: Path, text: str) -> None:
    with (home / "config.toml").open("a") as file:
        file.write(text)


@pytest.mark.parametrize(
    ("content", "why"), [(None, "cannot be read"), (b"no archive" * 20, "is no PMTiles archive")]
)
def test_a_basemap_that_cannot_be_used_is_told_with_its_file(
    alliage: Run, home: Path, content: bytes | None, why: str
) -> None:
    alliage("init")
    add(home, BASEMAP)
    if content is not None:
        (home / "charts.pmtiles").write_bytes(content)
    for command in (["config", "check"], ["doctor"]):
        done = alliage(*command)
        assert done.code != 0
        said = done.err + done.out
        assert "basemap 'charts'" in said
        assert str(home / "charts.pmtiles") in said
        assert why in said


def test_mistakes_of_a_scenario_name_its_path_once_and_speak_plainly(
    alliage: Run, home: Path
) -> None:
    alliage("init")
    add(home, EXERCISE)
    done = alliage("config", "check")
    assert done.err.count("night.yaml") == 1
    (home / "night.yaml").write_text(
        "title: EX\nfleet: {merchant: 10}\ninfrastructure:\n  lines:\n"
        "    - {name: CABLE, kind: cable, carries: power, waypoints: [[10, 57], [11, 57]]}\n"
    )
    done = alliage("config", "check")
    assert done.code == 3
    assert done.err.count("night.yaml") == 1
    assert "night.yaml:5: infrastructure.lines.0.name: 'CABLE': allowed are EX, a space" in done.err
    assert "pattern" not in done.err


def test_a_rule_of_a_kind_that_does_not_exist_is_named_by_file_and_number(
    alliage: Run, home: Path
) -> None:
    alliage("init")
    rule = (
        '\n[[ontology.affiliations]]\naffiliation = "friend"\nnations = ["DNK"]\nkinds = ["{}"]\n'
    )
    add(home, rule.format("Vessel") + rule.format("Wessel"))
    done = alliage("config", "check")
    assert "config.toml: ontology.affiliations[1].kinds: no kind of thing is called 'Wessel'" in (
        done.err
    )
