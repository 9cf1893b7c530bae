"""The local frame: there and back, and against geodesics on the ellipsoid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.fusion import LocalFrame

NEAR = st.floats(-200_000.0, 200_000.0)


@given(st.floats(-89.0, 89.0), st.floats(-180.0, 180.0), NEAR, NEAR)
def test_there_and_back_is_where_one_was(
    latitude: float, longitude: float, east: float, north: float
) -> None:
    frame = LocalFrame(latitude, longitude)
    place = np.array([[east, north]])
    np.testing.assert_allclose(frame.to_local(*frame.to_degrees(place)), place, atol=1e-4)


@pytest.mark.parametrize(
    ("latitude", "longitude", "distance_m", "azimuth_deg"),
    # From 55 N 11 E on WGS 84, by Vincenty's formula as pymap3d 3.2 has it.
    [(55.1, 11.2, 16_950.917, 48.8659), (54.5, 10.0, 85_111.537, 229.5692)],
)
def test_distances_and_bearings_are_those_of_geodesics(
    latitude: float, longitude: float, distance_m: float, azimuth_deg: float
) -> None:
    frame = LocalFrame(55.0, 11.0)
    ((east, north),) = frame.to_local(np.array([latitude]), np.array([longitude]))
    assert np.hypot(east, north) == pytest.approx(distance_m, rel=5e-5)
    assert np.degrees(np.arctan2(east, north)) % 360.0 == pytest.approx(azimuth_deg, abs=1e-3)


def test_true_north_leans_where_meridians_converge() -> None:
    frame = LocalFrame(60.0, 10.0)
    lean = np.degrees(frame.true_north_rad(np.array([60.0, 60.0]), np.array([10.0, 11.0])))
    np.testing.assert_allclose(lean, [0.0, -np.sin(np.radians(60.0))], atol=1e-3)
    # A little step along the meridian goes that way in the frame.
    places = frame.to_local(np.array([60.0, 60.001]), np.array([11.0, 11.0]))
    step = places[1] - places[0]
    assert np.degrees(np.arctan2(*step)) == pytest.approx(lean[1], abs=1e-3)


def test_places_beyond_the_edge_of_the_earth_are_not_a_number() -> None:
    latitude, _ = LocalFrame(0.0, 0.0).to_degrees(np.array([[7_000_000.0, 0.0]]))
    assert np.isnan(latitude[0])


def test_the_other_half_of_the_earth_does_not_fall_onto_this_one() -> None:
    places = LocalFrame(10.0, 20.0).to_local(np.array([-10.0, 11.0]), np.array([-160.0, 21.0]))
    assert np.isnan(places[0]).all()
    assert np.isfinite(places[1]).all()


def test_an_origin_off_the_earth_is_refused() -> None:
    with pytest.raises(ValueError, match="not on the earth"):
        LocalFrame(91.0, 0.0)
