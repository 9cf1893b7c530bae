"""Metrics against Stone Soup's own classes, and as laws.

``golden_metrics.json`` is written by ``benchmarks/golden_metrics.py`` with Stone Soup 1.9.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from alliage.fusion.metrics import (
    Points,
    consistency,
    gospa,
    gospa_over_time,
    nees,
    ospa,
    siap,
)
from alliage.fusion.metrics.over_time import moments

GOLDEN = json.loads(Path(__file__).with_name("golden_metrics.json").read_text(encoding="utf-8"))
CUTOFF_M = 100.0
PLACES = st.integers(0, 6).flatmap(
    lambda n: arrays(np.float64, (n, 2), elements=st.floats(-300.0, 300.0))
)


def points(rows: list[list[float]]) -> Points:
    columns = np.array(rows, float).reshape(-1, 4)
    return Points(columns[:, 0], columns[:, 1].astype(np.int64), columns[:, 2:])


@pytest.mark.parametrize("scene", GOLDEN, ids=range(len(GOLDEN)))
def test_gospa_and_its_parts_are_stone_soups(scene: dict) -> None:
    tracks, truths, wanted = points(scene["tracks"]), points(scene["truths"]), scene["stone_soup"]
    found = gospa_over_time(tracks, truths, CUTOFF_M)
    np.testing.assert_allclose([one.distance_m for one in found], wanted["distance"])
    np.testing.assert_allclose([one.localisation for one in found], wanted["localisation"])
    np.testing.assert_allclose([one.missed for one in found], wanted["missed"])
    np.testing.assert_allclose([one.false for one in found], wanted["false"])
    first = gospa_over_time(tracks, truths, CUTOFF_M, order=1.0)
    np.testing.assert_allclose([one.distance_m for one in first], wanted["distance_of_order_1"])


@pytest.mark.parametrize("scene", GOLDEN, ids=range(len(GOLDEN)))
def test_ospa_is_stone_soups_or_its_true_minimum(scene: dict) -> None:
    def found(order: float) -> list[float]:
        return [
            ospa(here.position_m, there.position_m, CUTOFF_M, order)
            for _, here, there in moments(points(scene["tracks"]), points(scene["truths"]))
        ]

    wanted = scene["stone_soup"]
    np.testing.assert_allclose(found(1.0), wanted["ospa_of_order_1"])
    # Stone Soup 1.9 assigns by the distances, not their powers, so it may miss the least sum.
    second = np.array(found(2.0))
    assert (second <= np.array(wanted["ospa"]) + 1e-9).all()
    assert np.isclose(second, wanted["ospa"]).mean() >= 0.5


@pytest.mark.parametrize("scene", GOLDEN, ids=range(len(GOLDEN)))
def test_siap_is_stone_soups(scene: dict) -> None:
    found = siap(points(scene["tracks"]), points(scene["truths"]), CUTOFF_M)._asdict()
    for key in ("completeness", "ambiguity", "spuriousness", "position_error_m"):
        np.testing.assert_allclose(found[key], scene["stone_soup"][key], err_msg=key)


@given(PLACES, PLACES, PLACES)
def test_gospa_is_a_metric(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> None:
    def distance(here: np.ndarray, there: np.ndarray) -> float:
        return gospa(here, there, CUTOFF_M).distance_m

    assert distance(a, a) == 0.0
    assert np.isclose(distance(a, b), distance(b, a))
    assert distance(a, c) <= distance(a, b) + distance(b, c) + 1e-6
    found = gospa(a, b, CUTOFF_M)
    assert np.isclose(found.distance_m**2, found.localisation + found.missed + found.false)


def test_a_switch_is_counted_when_another_track_takes_over() -> None:
    truths = points([[t, 1, 0.0, 0.0] for t in range(6)])
    tracks = points([[0, 7, 1, 0], [1, 7, 1, 0], [3, 8, 1, 0], [4, 8, 2, 0], [5, 7, 1, 0]])
    found = siap(tracks, truths, CUTOFF_M)
    assert found.switches == 2
    assert found.completeness == pytest.approx(5 / 6)


def test_nothing_against_nothing_is_perfect_and_says_nothing() -> None:
    nothing = np.empty((0, 2))
    assert gospa(nothing, nothing, CUTOFF_M).distance_m == ospa(nothing, nothing, CUTOFF_M) == 0.0
    assert np.isnan(siap(points([]), points([]), CUTOFF_M).completeness)
    assert consistency(np.array([np.nan]), 2).holds
    with pytest.raises(ValueError, match="cutoff_m must be positive"):
        gospa(nothing, nothing, 0.0)


def test_an_overconfident_filter_is_found_out() -> None:
    chance = np.random.default_rng(0)
    spread = np.diag([4.0, 9.0, 1.0])
    errors = chance.multivariate_normal(np.zeros(3), spread, 500)
    all_spreads = np.broadcast_to(spread, (500, 3, 3))
    assert consistency(nees(errors, all_spreads), 3, 0.999).holds
    found = consistency(nees(errors, 0.7 * all_spreads), 3, 0.999)
    assert not found.holds
    assert found.mean > found.high
