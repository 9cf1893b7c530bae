"""Motion models: against each other, against numerical integration, and as laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from alliage.fusion import (
    ConstantVelocity,
    CoordinatedTurn,
    KnownTurn,
    Modes,
    OrnsteinUhlenbeck,
    StraightAhead,
)
from alliage.fusion.modes import combined

LINEAR = [
    ConstantVelocity(0.3),
    OrnsteinUhlenbeck(7.0, 300.0),
    OrnsteinUhlenbeck(7.0, 300.0, (3.0, -2.0)),
    KnownTurn(0.04, 0.3),
    StraightAhead(0.3),
]
ALL = [*LINEAR, CoordinatedTurn(0.3)]
SECONDS = st.floats(0.0, 120.0)


def some_states(dimensions: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(3)
    scale = np.array([5000.0, 5000.0, 10.0, 10.0, 0.03])[:dimensions]
    root = chance.normal(size=(8, dimensions, dimensions)) * scale * 0.05
    spread = root @ root.swapaxes(1, 2) + np.diag(scale**2 * 1e-4)
    return chance.normal(size=(8, dimensions)) * scale, spread


@pytest.mark.parametrize("model", LINEAR, ids=lambda model: type(model).__name__)
@given(first_s=SECONDS, second_s=SECONDS)
def test_two_steps_are_one(model, first_s: float, second_s: float) -> None:
    states, spread = some_states(model.dimensions)
    twice = model.predict(*model.predict(states, spread, first_s), second_s)
    once = model.predict(states, spread, first_s + second_s)
    if isinstance(model, KnownTurn):  # its noise is that of a straight course, to first order
        np.testing.assert_allclose(twice[0], once[0], rtol=1e-9, atol=1e-6)
        return
    np.testing.assert_allclose(twice[0], once[0], rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(twice[1], once[1], rtol=1e-7, atol=1e-6)


@pytest.mark.parametrize("model", ALL, ids=lambda model: type(model).__name__)
@given(elapsed_s=st.floats(0.0, 600.0))
def test_covariances_stay_symmetric_and_positive_definite(model, elapsed_s: float) -> None:
    _, spread = model.predict(*some_states(model.dimensions), elapsed_s)
    np.testing.assert_array_equal(spread, spread.swapaxes(1, 2))
    assert (np.linalg.eigvalsh(spread)[:, 0] > 0.0).all()


@pytest.mark.parametrize("model", ALL, ids=lambda model: type(model).__name__)
def test_no_time_changes_nothing(model) -> None:
    states, spread = some_states(model.dimensions)
    moved, after = model.predict(states, spread, 0.0)
    np.testing.assert_allclose(moved, states)
    np.testing.assert_allclose(after, spread)


@pytest.mark.parametrize("elapsed_s", [1e-3, 0.2, 5.0, 900.0])
def test_the_ornstein_uhlenbeck_noise_is_the_integral_of_its_definition(elapsed_s: float) -> None:
    model = OrnsteinUhlenbeck(6.0, 400.0)
    drift = np.kron(np.array([[0.0, 1.0], [0.0, -1.0 / 400.0]]), np.eye(2))
    power = np.diag([0.0, 0.0, 1.0, 1.0]) * 2.0 * 6.0**2 / 400.0
    block = expm(np.block([[-drift, power], [np.zeros((4, 4)), drift.T]]) * elapsed_s)  # Van Loan
    transition = block[4:, 4:].T
    np.testing.assert_allclose(model.transition(elapsed_s), transition, atol=1e-12)
    noise = transition @ block[:4, 4:]
    np.testing.assert_allclose(model.noise(elapsed_s), noise, rtol=1e-6, atol=1e-15)


def test_a_ships_velocity_forgets_itself_and_its_uncertainty_stays_bounded() -> None:
    model = OrnsteinUhlenbeck(6.0, 400.0, (4.0, 0.0))
    states, spread = model.predict(*some_states(4), 40_000.0)
    np.testing.assert_allclose(states[:, 2:], [[4.0, 0.0]] * 8, atol=1e-6)
    np.testing.assert_allclose(spread[:, 2, 2], 36.0, rtol=1e-6)


def test_a_coordinated_turn_follows_its_circle() -> None:
    rate = 0.05
    start = np.array([100.0, 200.0, 12.0, 5.0, rate])

    def motion(_time: float, x: np.ndarray) -> list[float]:
        return [x[2], x[3], -x[4] * x[3], x[4] * x[2], 0.0]

    wanted = solve_ivp(motion, (0.0, 30.0), start, rtol=1e-10, atol=1e-10).y[:, -1]
    moved, _ = CoordinatedTurn().predict(start[None], np.eye(5)[None], 30.0)
    np.testing.assert_allclose(moved[0], wanted, rtol=1e-6, atol=1e-5)
    known, _ = KnownTurn(rate).predict(start[None, :4], np.eye(4)[None], 30.0)
    np.testing.assert_allclose(known[0], wanted[:4], rtol=1e-6, atol=1e-5)


@pytest.mark.parametrize("rate", [0.0, 1e-9, 1e-6, 3e-5, 0.05, -0.2])
def test_the_slope_of_a_turn_is_that_of_its_motion(rate: float) -> None:
    model = CoordinatedTurn(0.0, 0.0)
    start = np.array([0.0, 0.0, 12.0, -7.0, rate])
    step = 1e-6
    apart = np.eye(5) * step
    ahead, _ = model.predict(start + apart, np.broadcast_to(np.eye(5), (5, 5, 5)), 4.0)
    behind, _ = model.predict(start - apart, np.broadcast_to(np.eye(5), (5, 5, 5)), 4.0)
    slope = (ahead - behind).T / (2 * step)
    _, spread = model.predict(start[None], np.eye(5)[None], 4.0)
    np.testing.assert_allclose(spread[0], slope @ slope.T, rtol=1e-5, atol=1e-4)


def test_switching_settles_where_the_stays_say() -> None:
    modes = Modes([ConstantVelocity(0.01), ConstantVelocity(5.0)], mean_stay_s=[90.0, 30.0])
    np.testing.assert_allclose(modes.switching(0.0), np.eye(2))
    np.testing.assert_allclose(modes.switching(1e5), [[0.75, 0.25]] * 2, atol=1e-9)
    np.testing.assert_allclose(modes.switching(3.0) @ modes.switching(4.0), modes.switching(7.0))


def test_mixing_modes_of_one_kind_changes_no_moment() -> None:
    modes = Modes([ConstantVelocity(0.3), ConstantVelocity(0.3)])
    states, spread = some_states(4)
    mixture = np.stack([states, states + 5.0], axis=1), np.stack([spread, 2.0 * spread], axis=1)
    weights = np.tile([0.3, 0.7], (8, 1))
    mean, covariance = combined(*modes.predict(*mixture, weights, 2.0))
    wanted = ConstantVelocity(0.3).predict(*combined(*mixture, weights), 2.0)
    np.testing.assert_allclose(mean, wanted[0])
    np.testing.assert_allclose(covariance, wanted[1], rtol=1e-9)


def test_modes_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(ValueError, match="same dimensions"):
        Modes([ConstantVelocity(), CoordinatedTurn()])
    with pytest.raises(ValueError, match="mean_stay_s"):
        Modes([ConstantVelocity(), KnownTurn(0.1)], mean_stay_s=[1.0])
