"""Lines of bearing are shown for a minute, each as it was told last, and are never a thing."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from alliage.ontology.box import Box
from alliage.ontology.label import Label
from alliage.ontology.observation import COMMON, LINE, Kind, ObservationBatch
from alliage.picture.recent import KEPT_US
from tests.picture.support import DANISH, NOON_US, OPEN, SECOND_US, World, reader

TYPES = {column.name: column.type for column in (*COMMON, *LINE)}


def lines(*rows: dict[str, Any]) -> ObservationBatch:
    """Lines of one mast, each with a name and a time of its own."""
    usual = {
        "identifier": "line:mast-1",
        "schema": "Platform",
        "valid": NOON_US,
        "bearing_deg": 40.0,
        "bearing_std_deg": 0.5,
        "bearing_rate_degps": 0.02,
        "bearing_rate_std_degps": 0.01,
        "sensor_latitude_deg": 57.0,
        "sensor_longitude_deg": 18.0,
        "existence": 0.97,
        "receivers": ["sensor:mast"],
    }
    said = [usual | row for row in rows]
    said = [row | {"received": row["valid"]} for row in said]
    arrays = {}
    for name in said[0]:
        values = [row[name] for row in said]
        if name in ("identifier", "schema"):
            arrays[name] = pa.array(values).dictionary_encode()
        elif name in ("valid", "received"):
            arrays[name] = pa.array(values, pa.int64()).cast(TYPES[name])
        else:
            arrays[name] = pa.array(values, TYPES[name])
    return ObservationBatch(Kind.LINE, pa.RecordBatch.from_pydict(arrays))


@pytest.fixture
def world() -> World:
    return World()


def tell(
    world: World, *rows: dict[str, Any], stream: str = "tracker:mast@1", label: Label = OPEN
) -> None:
    world.picture.apply([world.entry(f"observations:{Kind.LINE}", lines(*rows), stream, label)])


def seen(world: World, now_us: int = NOON_US, box: Box | None = None) -> dict[str, float]:
    found, _ = world.picture.lines(world.everything, now_us, now_us - KEPT_US, box, 100)
    return {
        name: bearing
        for one in found
        for name, bearing in zip(one.rows.identifier, one.rows.columns["bearing_deg"], strict=True)
    }


def test_a_line_stands_as_it_was_told_last_also_where_an_older_word_comes_late(
    world: World,
) -> None:
    tell(world, {"bearing_deg": 40.0, "valid": NOON_US - 10 * SECOND_US})
    tell(world, {"bearing_deg": 42.0}, {"identifier": "line:mast-2", "bearing_deg": 90.0})
    tell(world, {"bearing_deg": 41.0, "valid": NOON_US - 5 * SECOND_US})
    assert seen(world) == {"line:mast-1": 42.0, "line:mast-2": 90.0}
    assert seen(world, NOON_US - 4 * SECOND_US) == {"line:mast-1": 41.0}, "as it then was"


def test_a_line_that_is_told_no_more_is_gone_within_a_minute(world: World) -> None:
    tell(world, {})
    assert seen(world, NOON_US + KEPT_US)
    assert not seen(world, NOON_US + KEPT_US + SECOND_US)


def test_a_line_is_no_thing_of_the_picture(world: World) -> None:
    tell(world, {})
    view = world.picture.view(world.everything)
    assert not view.tracks_in(states=("live", "fading", "ended"))
    assert not world.picture.stream_names()


def test_a_line_is_seen_by_those_who_may_see_its_label(world: World) -> None:
    few = reader(world.label_sets, "few", lambda label: label == OPEN)
    tell(world, {"identifier": "line:mast-1"})
    tell(world, {"identifier": "line:mast-1", "bearing_deg": 77.0}, label=DANISH)
    found, _ = world.picture.lines(few, NOON_US, NOON_US - KEPT_US, None, 100)
    (one,) = found
    assert one.rows.columns["bearing_deg"].tolist() == [40.0]


def test_a_line_may_cross_a_box_within_forty_kilometres_of_its_sensor(world: World) -> None:
    tell(world, {})
    assert seen(world, box=Box.of(18.3, 57.1, 18.4, 57.2))
    assert not seen(world, box=Box.of(19.5, 57.1, 19.6, 57.2))


def test_what_was_forgotten_of_a_stream_takes_its_lines_along(world: World) -> None:
    tell(world, {})
    world.picture.forget_positions("tracker:mast@1")
    assert not seen(world)


def test_an_entry_whose_label_was_raised_shows_its_lines_no_more(world: World) -> None:
    entry = world.entry(f"observations:{Kind.LINE}", lines({}), "tracker:mast@1", OPEN)
    world.picture.apply([entry])
    world.picture.say_again([], [entry], [])
    assert not seen(world)
