"""Simulated plots with known truth, for the comparison of trackers.

10 x 10 km, a look every two seconds, things that come and go and move with nearly constant
velocity, a detection probability of 0.9, 20 m of noise in each direction and Poisson clutter.
Needs NumPy alone, so that a peer's environment can use it too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SIDE_M = 10_000.0
PERIOD_S = 2.0
DETECTION = 0.9
NOISE_M = 20.0
SPEED_STD_MPS = 10.0
ACCELERATION_PSD = 0.1
MEAN_LIFE_S = 240.0


@dataclass(frozen=True)
class Scenario:
    """Plots (k, 2) of each scan, and true numbers (t,) and positions (t, 2) at the same times."""

    times_s: list[float]
    plots: list[np.ndarray]
    numbers: list[np.ndarray]
    positions: list[np.ndarray]
    clutter: float
    births: float

    @property
    def clutter_per_m2(self) -> float:
        """Expected false plots in a look and square metre."""
        return self.clutter / SIDE_M**2

    @property
    def share_of_births(self) -> float:
        """Of the plots that belong to nothing yet: how many begin something."""
        return self.births * DETECTION / (self.births * DETECTION + self.clutter)


def make_scenario(things: int, scans: int = 60, clutter: float = 50.0, seed: int = 0) -> Scenario:
    """About so many things at any time: as many are born as go."""
    chance = np.random.default_rng([seed, things])
    state = _born(chance, things)
    number = np.arange(things)
    born = things
    stay = np.exp(-PERIOD_S / MEAN_LIFE_S)
    births = float(things * (1.0 - stay) + _leaving(things))
    scenario = Scenario([], [], [], [], clutter, births)
    for scan in range(scans):
        if scan:
            state = _moved(chance, state)
            inside = (np.abs(state[:, :2] - SIDE_M / 2) <= SIDE_M / 2).all(axis=1)
            left = inside & (chance.random(len(state)) < stay)
            state, number = state[left], number[left]
            new = chance.poisson(births)
            state = np.concatenate([state, _born(chance, new)])
            number = np.concatenate([number, np.arange(born, born + new)])
            born += new
        seen = state[chance.random(len(state)) < DETECTION, :2]
        true_plots = seen + chance.normal(0.0, NOISE_M, seen.shape)
        false_plots = chance.uniform(0.0, SIDE_M, (chance.poisson(clutter), 2))
        plots = chance.permutation(np.concatenate([true_plots, false_plots]))
        scenario.times_s.append(scan * PERIOD_S)
        scenario.plots.append(plots)
        scenario.numbers.append(number)
        scenario.positions.append(state[:, :2].copy())
    return scenario


def _leaving(things: int) -> float:
    """How many cross the border in a period: density, mean speed outward, length of the border."""
    outward_mps = SPEED_STD_MPS / np.sqrt(2.0 * np.pi)
    return float(things / SIDE_M**2 * outward_mps * 4.0 * SIDE_M * PERIOD_S)


def _born(chance: np.random.Generator, count: int) -> np.ndarray:
    place = chance.uniform(0.0, SIDE_M, (count, 2))
    return np.concatenate([place, chance.normal(0.0, SPEED_STD_MPS, (count, 2))], axis=1)


def _moved(chance: np.random.Generator, state: np.ndarray) -> np.ndarray:
    """Exact discretisation of white noise of acceleration."""
    t, q = PERIOD_S, ACCELERATION_PSD
    root = np.linalg.cholesky(q * np.array([[t**3 / 3, t**2 / 2], [t**2 / 2, t]]))
    kick = chance.normal(size=(len(state), 2, 2)) @ root.T  # (thing, axis, position or velocity)
    place = state[:, :2] + t * state[:, 2:] + kick[..., 0]
    return np.concatenate([place, state[:, 2:] + kick[..., 1]], axis=1)
