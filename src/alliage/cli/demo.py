"""``alliage demo``: a node with a simulated feed, in one command."""

from __future__ import annotations

import json as json_text
import math
from pathlib import Path
from typing import Annotated, Final

import typer

from alliage.cli.home import load_config
from alliage.cli.output import Json, say

SCENARIO: Final = "baltic"
USER: Final = "demo"
NATION: Final = "DNK"

SOURCE: Final = """
# Ships that do not exist, on waters that do. Everything they say is marked EXERCISE.
[[sources]]
name = "exercise"
format = "ais"
transport = {{ kind = "simulation", scenario = "{scenario}", seed = {seed}, ships = {ships} }}
label = {{ policy = "ALLIAGE", classification = "UNCLASSIFIED", releasable_to = ["DNK", "FRA"] }}
"""

SENSORS: Final = """
# Sensors of three nations see the same ships, and each nation says who is told what its own see.
# `options` and `tracker` are what is believed of a sensor; two of these radars are not quite so.
"""
RADAR: Final = """
[[sources]]
name = "{name}"
format = "asterix"
transport = {{ kind = "exercise", sensor = "{sensor.name}" }}
options = {{ range_std_m = {sensor.range_std_m}, bearing_std_deg = {sensor.bearing_std_deg} }}
label = {{ policy = "ALLIAGE", classification = "UNCLASSIFIED", releasable_to = {nations} }}

[sources.tracker]
detection_probability = {sensor.detection}
clutter_per_km2 = {clutter_per_km2:.2g}
max_range_m = {range_m}
"""
FINDER: Final = """
[[sources]]
name = "{name}"
format = "asterix"
transport = {{ kind = "exercise", sensor = "{sensor.name}" }}
options = {{ finder_std_deg = {sensor.bearing_std_deg} }}
label = {{ policy = "ALLIAGE", classification = "UNCLASSIFIED", releasable_to = {nations} }}

[sources.tracker]   # bearings alone become lines: which way a ship is, and not how far
detection_probability = {sensor.detection}
clutter_per_degree = {clutter_per_degree:.2g}
lines_beyond_m = 3000
max_range_m = {range_m}
"""
AIRCRAFT: Final = """
# Aircraft that do not exist, as one receiver hears them.
[[sources]]
name = "{name}"
format = "aircraft_json"
transport = {{ kind = "exercise", sensor = "{receiver.name}" }}
label = {{ policy = "ALLIAGE", classification = "UNCLASSIFIED", releasable_to = ["DNK", "FRA"] }}
"""
RELEASED: Final = {
    "EX RADAR GEDSER": ["DNK", "DEU", "FRA"],
    "EX RADAR STEVNS": ["DNK"],
    "EX RADAR ARKONA": ["DEU", "DNK"],
    "EX FINDER FEHMARN": ["FRA", "DNK"],
    "EX CAMERA DARSS": ["FRA", "DNK"],
}
"""Who is told what the scenario's sensors see; the owner comes first."""


def demo(
    home: Annotated[
        Path | None,
        typer.Option(
            "--home",
            envvar="ALLIAGE_HOME",
            help="The node's folder. Default: ./.alliage.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; 0: any.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another number: another fleet.")] = 1,
    ships: Annotated[int, typer.Option(min=1, max=20_000, help="How many ships.")] = 1_500,
    json: Json = False,
) -> None:
    """Run a node with a simulated feed, in a folder of its own.

    Seed and ships count when the folder is made; afterwards its config.toml says them.
    """
    from alliage.cli.serving import serve

    folder = (home or Path(".alliage")).expanduser().absolute()
    if not (folder / "config.toml").exists():
        _make(folder, seed, ships)
    config = load_config(folder)
    if port is not None:
        server = config.server.model_copy(update={"port": port})
        config = config.model_copy(update={"server": server})
    if not json:
        say("EXERCISE: every ship is invented.")
    serve(config, folder, [USER], json)


def _make(folder: Path, seed: int, ships: int) -> None:
    """A home whose configuration a newcomer can read and change."""
    from alliage.cli.init import make
    from alliage.config import Config

    template = Config.default_text("demo", NATION, "EXERCISE")
    exercise = SOURCE.format(scenario=SCENARIO, seed=seed, ships=ships)
    make(folder, template + exercise + _sensors(), USER, None)


def _sensors() -> str:
    """A source for each sensor and receiver of the scenario. Of their faults nothing is told."""
    from alliage.exercise.scenario import load_scenario
    from alliage.exercise.sensors import Radar

    text, scenario = SENSORS, load_scenario(SCENARIO)
    if scenario.air is not None:
        receiver = scenario.air.receiver
        text = AIRCRAFT.format(name=_named(receiver.name), receiver=receiver) + text
    for _, sensor in scenario.sensors.each():
        text += (RADAR if isinstance(sensor, Radar) else FINDER).format(
            name=_named(sensor.name),
            sensor=sensor,
            nations=json_text.dumps(RELEASED[sensor.name]),
            clutter_per_km2=sensor.clutter / (math.pi * sensor.range_km**2),
            clutter_per_degree=sensor.clutter / 360.0,
            range_m=sensor.range_km * 1_000,
        )
    return text


def _named(sensor: str) -> str:
    """The source's name after that of its sensor."""
    return sensor.removeprefix("EX ").lower().replace(" ", "-")
