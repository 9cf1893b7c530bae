"""Distances and directions on the ellipsoid, against what GeographicLib says.

`golden_geodesics.json` was written with geographiclib 2.1 (MIT): where one starts, bearing and
metres, where one comes to.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.geo.geodesic import destination, distance_and_bearing

GOLDEN = np.array(json.loads((Path(__file__).parent / "golden_geodesics.json").read_text()))


def test_one_comes_to_where_geographiclib_says() -> None:
    lat, lon, bearing, distance, end_lat, end_lon = GOLDEN.T
    found_lat, found_lon = destination(lat, lon, bearing, distance)
    assert found_lat == pytest.approx(end_lat, abs=1e-8)
    apart = (found_lon - end_lon + 180) % 360 - 180
    assert np.abs(apart).max() < 2e-8


def test_the_way_between_two_points_is_the_one_that_led_there() -> None:
    lat, lon, bearing, distance, end_lat, end_lon = GOLDEN.T
    metres, degrees = distance_and_bearing(lat, lon, end_lat, end_lon)
    assert metres == pytest.approx(distance, abs=2e-3)
    apart = (degrees - bearing + 180) % 360 - 180
    assert np.abs(apart * distance).max() < 0.2  # a millimetre to the side, in degrees times metres


def test_a_point_is_no_distance_from_itself() -> None:
    metres, degrees = distance_and_bearing([0.0, 55.0], [0.0, 12.0], [0.0, 55.0], [0.0, 12.0])
    assert metres.tolist() == [0.0, 0.0]
    assert np.isfinite(degrees).all()


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(0, 360), st.floats(1.0, 400_000))
def test_there_and_back_is_where_one_was(
    lat: float, lon: float, bearing: float, distance: float
) -> None:
    end = destination(lat, lon, bearing, distance)
    metres, _ = distance_and_bearing(lat, lon, *end)
    assert float(metres) == pytest.approx(distance, abs=2e-3)
