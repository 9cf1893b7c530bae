"""Scenarios are files that people write: what is wrong is said with file, line and key."""

from pathlib import Path
from typing import get_args

import pytest

from alliage.exercise.fleet import Afloat
from alliage.exercise.incidents import IncidentKind
from alliage.exercise.infrastructure import Infrastructure, Installation, Line
from alliage.exercise.scenario import (
    Inject,
    Recurring,
    Scenario,
    ScenarioError,
    load_scenario,
    parse_scenario,
    scenario_names,
)
from alliage.exercise.sensors import Finder, Radar, Sensors
from alliage.exercise.simulation import Simulation
from alliage.exercise.waters import Station
from alliage.ontology.times import from_text

SMALL = """\
title: "EXERCISE small"
seed: 7
start: 2026-03-01T06:00:00Z
area: [9, 54, 13, 58]
fleet: {merchant: 40, ferry: 5}
stations:
  - {name: EXHERE, position: [11.0, 56.0], range_km: 100}
incidents:
  goes_dark: {every: "01:00:00", lasts: ["00:30:00", "01:00:00"]}
injects:
  - {at: "+00:10:00", kind: distress, near: [11.0, 56.0]}
"""


def test_every_scenario_that_comes_along_is_sound() -> None:
    assert "baltic" in scenario_names()
    for name in scenario_names():
        assert load_scenario(name).title.startswith("EXERCISE")


def test_the_default_scenario_has_1500_ships_and_every_kind_of_incident() -> None:
    baltic = load_scenario("baltic")
    assert sum(baltic.ships.values()) == 1_500
    assert set(baltic.incidents) == set(IncidentKind)


def test_a_scenario_from_a_file_is_played(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    scenario = load_scenario(str(path))
    assert scenario.injects[0].at == 600
    simulation = Simulation(scenario, from_text("2026-03-01T06:00:00Z"))
    lines = [line for _ in range(60) for line in simulation.step()]
    assert len(simulation.fleet) == 45
    assert {line.split(b",")[0] for line in lines} == {b"\\s:EXHERE"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seed: 7", "sead: 7", "small.yaml:2: sead: 7: is not known here; leave it out"),
        ("merchant: 40", "merchants: 40", "small.yaml:5: fleet.merchants"),
        ("kind: distress", "kind: storm", "small.yaml:11: injects.0.kind: 'storm'"),
        ('at: "+00:10:00"', "at: soon", "small.yaml:11: injects.0.at: 'soon': write a time"),
        ('["00:30:00", ', '["01:30:00", ', "small.yaml:9: incidents.goes_dark"),
        ("name: EXHERE", "name: HERE", "small.yaml:7: stations.0.name: 'HERE': allowed are EX, "),
        ("near: [11.0, 56.0]", "near: [11.2, 157.3]", "small.yaml:11: injects.0.near: [11.2, 157"),
        ("position: [11.0, 56.0]", "position: [.nan, 56.0]", "small.yaml:7: stations.0.position"),
        ("[9, 54, 13, 58]", "[9, 58, 13, 54]", "small.yaml:4: area: [9, 58, 13, 54]: an area is"),
        ("range_km: 100", "range_km: -1", "small.yaml:7: stations.0.range_km: -1"),
        ("06:00:00Z", "06:00:00", "small.yaml:3: start"),
        ("title: ", "- ", "small.yaml:2: no YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_line_and_key(old: str, new: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(SMALL.replace(old, new), "small.yaml")
    assert any(problem.startswith(said) for problem in caught.value.problems), caught.value.problems


@pytest.mark.parametrize("waypoint", ["[210.95, 57.4]", "[10.95, -90.5]", "[.inf, 57.4]"])
def test_nothing_is_built_at_a_place_that_does_not_exist(waypoint: str) -> None:
    line = f"{{name: EX A, kind: cable, carries: data, waypoints: [[10, 57], {waypoint}]}}"
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(f"{SMALL}infrastructure:\n  lines:\n    - {line}\n", "small.yaml")
    problem = caught.value.problems[0]
    assert problem.startswith("small.yaml:14: infrastructure.lines.0.waypoints.1: [")
    assert "longitude (-180 to 180)" in problem


RADAR = """\
sensors:
  radars:
    - {name: EX RADAR, nation: DNK, position: [11.0, 56.0], range_km: 50, period_s: 5,
       detection: 0.9, range_std_m: 30, bearing_std_deg: 0.2}
  finders:
    - {name: EX FINDER, nation: DNK, position: [11.0, 56.0], range_km: 50, period_s: 5,
       detection: 0.9, bearing_std_deg: 2}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("EX RADAR", "RADAR", "small.yaml:14: sensors.radars.0.name: 'RADAR': "),
        ("nation: DNK", "nation: Denmark", "small.yaml:14: sensors.radars.0.nation: 'Denmark': "),
        ("detection: 0.9, range", "detection: 1.9, range", "small.yaml:15: sensors.radars.0.detec"),
        ("range_std_m: 30, ", "", "small.yaml:14: sensors.radars.0.range_std_m:"),
        (
            "std_deg: 2}",
            "std_deg: 2, clutter: -1}",
            "small.yaml:18: sensors.finders.0.clutter: -1",
        ),
        (
            "std_deg: 2}",
            "std_deg: 2, range_std_m: 9}",
            "small.yaml:18: sensors.finders.0.range_",
        ),
        ("EX FINDER", "EX RADAR", "small.yaml:12: sensors: "),
    ],
)
def test_a_mistake_in_a_sensor_is_named_as_well(old: str, new: str, said: str) -> None:
    assert parse_scenario(SMALL + RADAR, "small.yaml").sensors.names() == ["EX RADAR", "EX FINDER"]
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(SMALL + RADAR.replace(old, new, 1), "small.yaml")
    assert any(problem.startswith(said) for problem in caught.value.problems), caught.value.problems


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario("title: x\nfleet: {merchant: -1}\nseed: many\n", "x.yaml")
    assert len(caught.value.problems) == 2


def test_a_scenario_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(ScenarioError, match="baltic"):
        load_scenario("atlantis")
    with pytest.raises(ScenarioError, match="a scenario is a table"):
        parse_scenario("just words", "x.yaml")


def test_incidents_keep_to_the_area() -> None:
    scenario = parse_scenario(SMALL.replace("merchant: 40", "merchant: 600"), "small.yaml")
    simulation = Simulation(scenario, from_text("2026-03-01T06:00:00Z"))
    now_s = simulation.seconds(simulation.start_us)
    found = simulation.schedule.between(now_s, now_s + 2 * 86_400)
    assert len(found) > 5
    assert all(9 <= one.place[0] <= 13 and 54 <= one.place[1] <= 58 for one in found)


def test_what_an_inject_of_the_file_could_not_do_is_told() -> None:
    scenario = parse_scenario(SMALL.replace("merchant: 40", "merchant: 0"), "small.yaml")
    simulation = Simulation(scenario, from_text("2026-03-01T06:00:00Z"))
    assert str(simulation.refused[0]).startswith("no ship can do 'distress' now")
    assert simulation.refused[0].refusal == "no_ship_fits"


DOCS = Path(__file__).parents[2] / "docs"


def test_every_key_of_a_scenario_is_in_the_reference() -> None:
    page = (DOCS / "reference/scenario.md").read_text(encoding="utf-8")
    models = (Scenario, Recurring, Inject, Station, Infrastructure, Line, Installation)
    models += (Sensors, Radar, Finder)
    keys = {key for model in models for key in model.model_fields}
    words = keys | set(IncidentKind) | set(get_args(Afloat))
    assert not [word for word in sorted(words) if f"`{word}`" not in page]


def test_the_scenario_of_the_guide_is_sound() -> None:
    page = (DOCS / "how-to/write-a-scenario.md").read_text(encoding="utf-8")
    text = page.split("```yaml\n")[1].split("```")[0]
    assert parse_scenario(text, "night-watch.yaml").title == "EXERCISE NIGHT WATCH"
    broken = text.replace('every: "00:40:00"', "every: often")
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(broken, "night-watch.yaml")
    assert caught.value.problems[0] in page
