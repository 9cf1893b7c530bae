"""Boxes of longitudes and latitudes: the one in which most of some points lie."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliage.ontology.box import Box


def middle(lon: list[float], lat: list[float], share: float = 0.9) -> Box | None:
    return Box.of_middle(np.array(lon), np.array(lat), share)


def test_no_points_have_no_middle() -> None:
    assert middle([], []) is None


def test_one_wrong_position_among_many_does_not_widen_the_middle() -> None:
    box = middle([*np.linspace(10.0, 11.0, 100).tolist(), 179.0], [55.0] * 100 + [-80.0])
    assert box is not None
    assert (box.west, box.east) == pytest.approx((10.05, 10.95), abs=0.02)
    assert (box.south, box.north) == (55.0, 55.0)


def test_points_on_both_sides_of_180_degrees_have_a_small_middle_across_it() -> None:
    box = middle([179.0, 179.5, -179.5, -179.0], [0.0, 1.0, 2.0, 3.0], share=1.0)
    assert box is not None
    assert (box.west, box.east) == pytest.approx((179.0, -179.0))


@given(
    st.lists(st.tuples(st.floats(-180.0, 180.0), st.floats(-90.0, 90.0)), min_size=1, max_size=30)
)
def test_the_middle_of_all_points_holds_every_one(points: list[tuple[float, float]]) -> None:
    lon, lat = np.array(points).T
    box = Box.of_middle(lon, lat, 1.0)
    assert box is not None
    spans = box.east - box.west if box.west <= box.east else box.east - box.west + 360.0
    beyond = (lon - box.west + 1e-6) % 360.0
    assert (beyond <= spans + 2e-6).all()
    assert box.south <= lat.min()
    assert lat.max() <= box.north


def test_a_widened_box_holds_what_is_near_it_also_across_180_degrees_and_at_a_pole() -> None:
    box = Box.of(11.0, 55.0, 12.0, 56.0).widened(40_000.0)
    assert box.mask(np.array([10.5, 9.9, 11.5]), np.array([55.5, 55.5, 56.3])).tolist() == [
        True,
        False,
        True,
    ]
    over = Box.of(179.0, 0.0, 179.9, 1.0).widened(40_000.0)
    assert over.mask(np.array([-179.8, -179.0]), np.array([0.5, 0.5])).tolist() == [True, False]
    polar = Box.of(0.0, 89.9, 1.0, 90.0).widened(40_000.0)
    assert polar.mask(np.array([-120.0]), np.array([89.8])).all()
