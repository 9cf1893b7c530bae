"""Places have names in two languages, and are those of the map."""

from __future__ import annotations

import numpy as np
import pytest

from alliage.search.distance import bearing_deg, distances_m
from alliage.search.gazetteer import Gazetteer
from scripts.places import GAZETTEER, gazetteer


def test_the_gazetteer_is_made_of_the_basemaps_names() -> None:
    assert GAZETTEER.read_text(encoding="utf-8") == gazetteer(), "run python -m scripts.places"


@pytest.mark.parametrize("name", ["Gulf of Gdansk", "golfe de gdańsk", "GOLFE DE GDANSK"])
def test_a_place_is_found_in_either_language(name: str) -> None:
    place = Gazetteer.packaged().find(name)
    assert place is not None
    assert (place.latitude_deg, place.longitude_deg) == (54.62, 19.2)


def test_places_that_begin_so_come_in_order() -> None:
    found = Gazetteer.packaged().beginning("born", 5)
    assert "Bornholm" in [place.names[0] for place in found]
    assert Gazetteer.packaged().beginning("", 5) == []


def test_distance_and_bearing_are_those_of_a_sphere() -> None:
    # A quarter of the equator, and from there to the pole.
    quarter_m = 6_371_008.8 * np.pi / 2
    away = distances_m(0.0, 0.0, np.array([0.0, 90.0, np.nan]), np.array([90.0, 0.0, 0.0]))
    assert away[:2] == pytest.approx([quarter_m, quarter_m])
    assert np.isnan(away[2])
    assert bearing_deg(0, 0, 0, 90) == pytest.approx(90)
    assert bearing_deg(0, 0, -10, 0) == pytest.approx(180)
    # Across the line of change of date the way is short.
    assert distances_m(0, 179.5, np.array([0.0]), np.array([-179.5]))[0] < 112_000
