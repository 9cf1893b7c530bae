"""Sources are checked against the formats and transports there are."""

from pathlib import Path

import pytest

from alliage.config import Config, ConfigError
from alliage.config_sources import ResolvedSource, further_problems, resolve_sources
from alliage.exercise.transport import SimulationConfig
from alliage.feeds.registry import load_feeds
from alliage.feeds.transports.file import FileConfig


def resolve(*lines: str) -> list[ResolvedSource]:
    text = "\n".join(["[[sources]]", 'name = "a"', *lines])
    return resolve_sources(Config.from_text(text, Path("/x/config.toml"), {}), load_feeds())


def problems(*lines: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        resolve(*lines)
    return caught.value.problems


def test_a_source_gets_its_feed_its_transport_and_its_options() -> None:
    (source,) = resolve(
        'format = "nmea_position"', 'transport = { kind = "file", path = "a.nmea", pace = 2.0 }'
    )
    assert source.feed.manifest.name == "nmea_position"
    assert source.transport == FileConfig(path="/x/a.nmea", pace=2.0)


def test_the_simulation_is_one_of_the_transports() -> None:
    (source,) = resolve('format = "nmea_position"', 'transport = { kind = "simulation", seed = 7 }')
    assert source.transport == SimulationConfig(seed=7)


EXERCISE = """
[[sources]]
name = "exercise"
format = "ais"
transport = { kind = "simulation", speed_factor = 2.0 }
"""


def test_a_sensor_belongs_to_the_exercise_that_another_source_plays() -> None:
    transport = 'transport = { kind = "exercise", sensor = "EX RADAR GEDSER" }'
    sensor, played = resolve('format = "asterix"', transport, EXERCISE)
    assert sensor.transport.is_exercise
    assert sensor.replay_pace == played.replay_pace == 2.0
    names = [one.value for one in sensor.transport.statements(0) if one.property == "name"]
    assert names == ["EX RADAR GEDSER"]


@pytest.mark.parametrize(
    ("transport", "said"),
    [
        ('sensor = "EX RADAR"', "transport.sensor: 'EX RADAR' is no sensor of 'exercise': use"),
        (
            'sensor = "EX RADAR", exercise = "b"',
            "transport.exercise: 'b' plays no exercise: use",
        ),
    ],
)
def test_a_sensor_of_no_exercise_is_refused(transport: str, said: str) -> None:
    (line,) = problems(
        'format = "asterix"', f'transport = {{ kind = "exercise", {transport} }}', EXERCISE
    )
    assert line.startswith(f"source 'a': {said}")


def test_an_unknown_format_is_refused_and_the_known_ones_are_named() -> None:
    (line,) = problems('format = "aiss"', 'transport = { kind = "udp", port = 1 }')
    assert line.startswith("source 'a': format: 'aiss': use one of ")
    assert "nmea_position" in line


def test_an_unknown_kind_of_transport_is_refused_and_the_known_ones_are_named() -> None:
    (line,) = problems('format = "nmea_position"', 'transport = { kind = "pigeon" }')
    assert "'pigeon'" in line
    assert "tcp_client" in line
    assert "simulation" in line


def test_every_mistake_of_transport_and_options_is_named_at_once() -> None:
    lines = problems(
        'format = "nmea_position"',
        'transport = { kind = "tcp_client", host = "h", port = 70000 }',
        "options = { nonsense = 1 }",
    )
    assert any(line.startswith("source 'a': transport.port: 70000: ") for line in lines)
    assert any(line.startswith("source 'a': options.nonsense: no such key") for line in lines)


def test_mistakes_of_sources_are_told_together_with_all_others() -> None:
    text = """
        node = { nation = "Denmark" }
        [[sources]]
        name = "A!"
        format = "nmea_position"
        transport = { kind = "file", path = "a.nmea", pace = "quick" }
        [[sources]]
        name = "b"
        format = "aiss"
        transport = { kind = "tcp_client", host = "h", port = "many" }
        label = { policy = "ALLIAGE", classification = "PUBLIC" }
        [[sources]]
        name = "whole"
        format = "nmea_position"
        transport = { kind = "udp", port = 4000 }
    """
    with pytest.raises(ConfigError) as caught:
        Config.from_text(text, Path("/x/config.toml"), {})
    own = "\n".join(caught.value.problems)
    assert "node.nation" in own
    assert "sources[0].name" in own
    assert "sources[1].label.classification" in own
    further = "\n".join(further_problems(caught.value, load_feeds()))
    assert "source 'A!': transport.pace" in further
    assert "source 'b': format: 'aiss'" in further
    assert "source 'b': transport.port: 'many': a whole number is needed" in further
    assert "whole'" not in further


def test_a_table_that_is_none_is_left_to_the_errors_before() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_data({"sources": ["denmark", {"name": "a"}, {"format": "ais"}]})
    assert further_problems(caught.value, load_feeds()) == []
