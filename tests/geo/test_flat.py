"""The plane beside the geodesics."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from alliage.geo.flat import distance_m, distance_to_line_m, moved, turn_deg
from alliage.geo.geodesic import destination

LATITUDES = st.floats(-75, 75)
LONGITUDES = st.floats(-180, 179.999)
BEARINGS = st.floats(0, 359.999)


@given(LATITUDES, LONGITUDES, BEARINGS, st.floats(1.0, 100_000.0))
def test_near_distances_are_those_of_the_geodesics(
    lat: float, lon: float, bearing: float, length_m: float
) -> None:
    to_lat, to_lon = destination(lat, lon, bearing, length_m)
    assert abs(float(distance_m(lat, lon, to_lat, to_lon)) / length_m - 1.0) < 0.007


@given(LATITUDES, LONGITUDES, st.floats(-5e3, 5e3), st.floats(-5e3, 5e3))
def test_what_is_moved_is_as_far_away_as_it_was_moved(
    lat: float, lon: float, east_m: float, north_m: float
) -> None:
    to_lat, to_lon = moved(lat, lon, east_m, north_m)
    length_m = np.hypot(east_m, north_m)
    assert abs(float(distance_m(lat, lon, to_lat, to_lon)) - length_m) <= 0.01 * length_m + 0.01


def test_a_line_is_as_far_as_its_nearest_part() -> None:
    line = np.array([[18.0, 57.0], [19.0, 57.0]])
    found = distance_to_line_m([57.1, 57.0, 57.0], [18.5, 18.5, 19.1], line)
    straight = distance_m(
        [57.0, 57.0, 57.0], [18.5, 18.5, 19.0], [57.1, 57.0, 57.0], [18.5, 18.5, 19.1]
    )
    assert np.allclose(found, straight, rtol=0.01, atol=1.0)


def test_a_turn_to_starboard_is_positive_across_north() -> None:
    assert turn_deg([350.0, 10.0, 0.0], [10.0, 350.0, 180.0]).tolist() == [20.0, -20.0, -180.0]
