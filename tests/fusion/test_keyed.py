"""The filter of things whose names are known, and covariance intersection."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from alliage.fusion.covariance_intersection import agree, intersect
from alliage.fusion.frame import LocalFrame, metres_per_degree
from alliage.fusion.keyed import Moving, corrected, predicted
from alliage.fusion.motion import ConstantVelocity

seeds = st.integers(0, 10_000)


def some(rng: np.random.Generator, count: int) -> Moving:
    root = rng.normal(size=(count, 4, 4))
    return Moving(rng.normal(size=(count, 4)) * 50, root @ root.swapaxes(1, 2) + np.eye(4))


@given(seeds, st.floats(0, 500), st.floats(0.001, 5))
def test_each_row_is_predicted_as_the_motion_model_predicts_it(
    seed: int, elapsed_s: float, psd: float
) -> None:
    before = some(np.random.default_rng(seed), 5)
    mine = predicted(before, np.full(5, elapsed_s), np.full(5, psd))
    states, covariances = ConstantVelocity(psd).predict(*before, elapsed_s)
    assert_allclose(mine.states, states, rtol=1e-9, atol=1e-9)
    assert_allclose(mine.covariances, covariances, rtol=1e-9, atol=1e-9)


def test_rows_have_times_of_their_own() -> None:
    before = some(np.random.default_rng(1), 2)
    after = predicted(before, np.array([0.0, 10.0]), np.ones(2))
    assert_allclose(after.states[0], before.states[0])
    assert_allclose(after.states[1, :2], before.states[1, :2] + 10.0 * before.states[1, 2:])


@given(seeds, st.sampled_from([slice(0, 2), slice(2, 4)]))
def test_a_correction_is_bayes_rule_for_gaussians(seed: int, part: slice) -> None:
    rng = np.random.default_rng(seed)
    before, values = some(rng, 3), rng.normal(size=(3, 2)) * 20
    noise = some(rng, 3).covariances[:, :2, :2]
    after, _ = corrected(before, part, values, noise)
    reads = np.eye(4)[part]  # in information form, which shares no step with the gain's
    for row in range(3):
        certainty = np.linalg.inv(noise[row])
        information = np.linalg.inv(before.covariances[row]) + reads.T @ certainty @ reads
        mean = np.linalg.inv(before.covariances[row]) @ before.states[row]
        mean = np.linalg.solve(information, mean + reads.T @ certainty @ values[row])
        assert_allclose(after.states[row], mean, rtol=1e-6, atol=1e-6)
        assert_allclose(after.covariances[row], np.linalg.inv(information), rtol=1e-6, atol=1e-6)


@given(seeds, st.integers(2, 6))
def test_the_order_of_sources_does_not_matter(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    moving, order = some(rng, count), rng.permutation(count)
    of = np.zeros(count, np.int64)
    one = intersect(moving, of, 1)
    two = intersect(Moving(moving.states[order], moving.covariances[order]), of, 1)
    assert_allclose(one.moving.states, two.moving.states, rtol=1e-8, atol=1e-8)
    assert_allclose(one.moving.covariances, two.moving.covariances, rtol=1e-8, atol=1e-8)
    assert_allclose(one.share[order], two.share)


@given(seeds)
def test_saying_it_twice_makes_nobody_surer(seed: int) -> None:
    moving = some(np.random.default_rng(seed), 1)
    twice = Moving(np.repeat(moving.states, 2, axis=0), np.repeat(moving.covariances, 2, axis=0))
    fused = intersect(twice, np.zeros(2, np.int64), 1)
    assert_allclose(fused.moving.states, moving.states, rtol=1e-8, atol=1e-8)
    assert_allclose(fused.moving.covariances, moving.covariances, rtol=1e-8, atol=1e-8)
    assert_allclose(fused.share, [0.5, 0.5])


@given(seeds, st.floats(-0.99, 0.99))
def test_the_result_is_never_surer_than_it_may_be(seed: int, correlation: float) -> None:
    """Whatever the two have in common, what they make together covers its true error."""
    rng = np.random.default_rng(seed)
    moving = some(rng, 2)
    roots = np.linalg.cholesky(moving.covariances)
    both = correlation * roots[0] @ roots[1].T
    fused = intersect(moving, np.zeros(2, np.int64), 1)
    inverse = np.linalg.inv(moving.covariances)
    gains = [fused.moving.covariances[0] @ (fused.share[i] * inverse[i]) for i in (0, 1)]
    true = sum(gains[i] @ moving.covariances[i] @ gains[i].T for i in (0, 1))
    cross = gains[0] @ both @ gains[1].T
    least = np.linalg.eigvalsh(fused.moving.covariances[0] - true - cross - cross.T)[0]
    assert least > -1e-6 * np.trace(true)


def test_places_that_are_far_apart_do_not_agree() -> None:
    here = Moving(np.zeros((2, 4)), np.tile(np.eye(4) * 100.0, (2, 1, 1)))
    there = Moving(np.array([[30.0, 0, 0, 0], [3000.0, 0, 0, 0]]), here.covariances)
    assert agree(here, there, 50.0).tolist() == [True, False]


@given(st.floats(-85, 85), st.floats(-500, 500), st.floats(-500, 500))
def test_a_degree_is_as_long_as_the_local_frame_says(
    latitude_deg: float, east_m: float, north_m: float
) -> None:
    north, east = metres_per_degree(np.array([latitude_deg]))
    frame = LocalFrame(latitude_deg, 10.0)
    lat, lon = np.array([latitude_deg]) + north_m / north, 10.0 + east_m / east
    assert_allclose(frame.to_local(lat, lon), [[east_m, north_m]], atol=0.6)
