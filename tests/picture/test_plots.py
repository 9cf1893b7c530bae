"""What sensors detected lately is kept for a minute, each stream and label by itself."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from alliage.ontology.audience import Audience
from alliage.ontology.box import Box
from alliage.ontology.label import Label
from alliage.ontology.observation import COMMON, PLOT, Kind, ObservationBatch
from alliage.picture.recent import KEPT_US, ROWS_AT_MOST
from tests.picture.support import DANISH, NOON_US, OPEN, SECOND_US, World, reader

TYPES = {column.name: column.type for column in (*COMMON, *PLOT)}


def plots(*at_us: int, **columns: Any) -> ObservationBatch:
    """One plot at each of these times, all alike."""
    said = {"latitude_deg": 55.0, "longitude_deg": 11.0, "bearing_deg": 90.0, **columns}
    rows = {
        "identifier": ["sensor:one"] * len(at_us),
        "schema": ["Sensor"] * len(at_us),
        "valid": list(at_us),
        "received": list(at_us),
        **{name: [value] * len(at_us) for name, value in said.items()},
    }
    arrays = {
        name: pa.array(values).dictionary_encode() if name in ("identifier", "schema")
        else pa.array(values, pa.int64()).cast(TYPES[name]) if name in ("valid", "received")
        else pa.array(values, TYPES[name])
        for name, values in rows.items()
    }  # fmt: skip
    return ObservationBatch(Kind.PLOT, pa.RecordBatch.from_pydict(arrays))


@pytest.fixture
def world() -> World:
    return World()


def detect(
    world: World, *at_us: int, stream: str = "radar", label: Label = OPEN, **columns: Any
) -> None:
    world.picture.apply(
        [world.entry(f"observations:{Kind.PLOT}", plots(*at_us, **columns), stream, label)]
    )


def seen(
    world: World,
    audience: Audience | None = None,
    now_us: int = NOON_US,
    box: Box | None = None,
    at_most: int = 100,
) -> tuple[dict[str, list[int]], bool]:
    found, complete = world.picture.plots(
        audience or world.everything, now_us, now_us - KEPT_US, box, at_most
    )
    return {one.key.stream: one.valid_us.tolist() for one in found}, complete


def test_the_newest_come_first_and_what_is_older_than_a_minute_is_gone(world: World) -> None:
    times = [NOON_US - age * SECOND_US for age in (70, 50, 10, 0)]
    for at_us in times:
        detect(world, at_us)
    assert seen(world) == ({"radar": times[:0:-1]}, True)


def test_of_more_than_are_wanted_the_newest_are_told_and_that_there_are_more(world: World) -> None:
    detect(world, NOON_US - SECOND_US, NOON_US)
    assert seen(world, at_most=1) == ({"radar": [NOON_US]}, False)


def test_a_row_that_ends_a_look_is_no_plot(world: World) -> None:
    detect(world, NOON_US, latitude_deg=None, longitude_deg=None, bearing_deg=None)
    assert seen(world) == ({}, True)


def test_a_bearing_lies_where_its_sensor_is(world: World) -> None:
    nowhere = {"latitude_deg": None, "longitude_deg": None}
    detect(world, NOON_US, **nowhere, sensor_latitude_deg=57.0, sensor_longitude_deg=18.0)
    assert seen(world, box=Box.of(17, 56, 19, 58))[0] == {"radar": [NOON_US]}
    assert seen(world, box=Box.of(10, 54, 12, 56))[0] == {}


def test_nothing_hidden_pushes_out_what_a_reader_may_see(world: World) -> None:
    few = reader(world.label_sets, "few", lambda label: label == OPEN)
    detect(world, NOON_US)
    before = seen(world, few)
    detect(world, *[NOON_US] * (ROWS_AT_MOST + 10), label=DANISH)
    detect(world, NOON_US + 2 * KEPT_US, stream="other", label=DANISH)
    assert seen(world, few) == before == ({"radar": [NOON_US]}, True)


def test_a_stream_whose_time_was_set_back_begins_anew(world: World) -> None:
    detect(world, NOON_US + 10 * KEPT_US)
    detect(world, NOON_US)
    assert seen(world)[0] == {"radar": [NOON_US]}


def test_what_was_forgotten_of_a_stream_takes_its_plots_along(world: World) -> None:
    detect(world, NOON_US)
    detect(world, NOON_US, stream="sonar")
    world.picture.forget_positions("radar")
    assert seen(world)[0] == {"sonar": [NOON_US]}


def test_an_entry_whose_label_was_raised_shows_its_plots_no_more(world: World) -> None:
    entry = world.entry(f"observations:{Kind.PLOT}", plots(NOON_US), "radar", OPEN)
    world.picture.apply([entry])
    world.picture.say_again([], [entry], [])
    assert seen(world)[0] == {}


def test_where_a_sensor_stands_is_known_of_one_that_says_so_and_does_not_move(
    world: World,
) -> None:
    for second in range(10):
        at_us = NOON_US + second * SECOND_US
        detect(world, at_us, sensor_latitude_deg=57.0, sensor_longitude_deg=18.0)
        moved = {"sensor_latitude_deg": 57.0 + second / 100, "sensor_longitude_deg": 18.0}
        detect(world, at_us, stream="ship", **moved)
        detect(world, at_us, stream="silent")
    assert {key.stream: place for key, place in world.picture.sensors().items()} == {
        "radar": (57.0, 18.0)
    }
