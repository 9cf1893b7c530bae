"""What lies on the sea bed of an exercise, as other rooms get it."""

import json

import pytest
from pydantic import ValidationError

from alliage.exercise.infrastructure import Infrastructure, Line
from alliage.exercise.scenario import load_scenario

BALTIC = load_scenario("baltic").infrastructure


def test_everything_built_says_that_it_is_an_exercise() -> None:
    collection = BALTIC.to_geojson()
    assert collection["type"] == "FeatureCollection"
    assert len(collection["features"]) == len(BALTIC.lines) + len(BALTIC.installations) >= 12
    for feature in collection["features"]:
        assert feature["properties"]["exercise"] is True
        assert feature["properties"]["name"].startswith("EX ")


def test_polygons_are_closed_and_lines_are_lines() -> None:
    for feature in BALTIC.to_geojson()["features"]:
        geometry = feature["geometry"]
        if geometry["type"] == "Polygon":
            assert geometry["coordinates"][0][0] == geometry["coordinates"][0][-1]
        elif geometry["type"] == "LineString":
            assert len(geometry["coordinates"]) >= 2


def test_each_thing_is_stated_with_name_and_geometry() -> None:
    statements = list(BALTIC.to_statements(valid_from_us=5))
    amber = [one for one in statements if one.identifier == "exercise:cable-amber"]
    assert {one.property for one in amber} == {"name", "geometry"}
    assert {one.schema for one in amber} == {"Cable"}
    geometry = next(one.value for one in amber if one.property == "geometry")
    assert json.loads(str(geometry))["type"] == "LineString"
    assert all(one.valid_from_us == 5 for one in statements)


def test_a_name_without_the_mark_is_refused() -> None:
    with pytest.raises(ValidationError):
        Line(name="CABLE", kind="cable", carries="data", waypoints=((10.0, 55.0), (11.0, 55.0)))
    assert Infrastructure().to_geojson()["features"] == []
