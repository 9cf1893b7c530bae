"""A clock that is off is told as surely as its pairs allow, and one that is right is not told."""

from __future__ import annotations

import numpy as np
import pytest

from alliage.fusion.correlation import PairCorrelator, Systematic
from tests.fusion.correlation.sea import Stream, open_sea, watch

SURELY = 12.12
"""What 99.95 % of squared deviations lie below (chi-square, one dimension)."""


def learned(seed: int, clock_s: float = 0.0, middle_m: float = 0.0) -> Systematic:
    """What is known of a radar beside AIS after two minutes with forty ships."""
    correlator, ships = PairCorrelator(), open_sea(40, seed=100 + seed)
    own = (30_000.0, 30_000.0)
    radar = Stream("se", clock_s=clock_s, sensor_m=own, noise_m=30.0, seed=seed, middle_m=middle_m)
    watch(correlator, (Stream("dk", seed=1), ships), (radar, ships), 12)
    return correlator.systematic


def sureness(found: Systematic) -> float:
    return float(found.time_offset_s / found.std[2]) ** 2


@pytest.mark.parametrize("seed", range(4))
def test_a_clock_of_two_and_a_half_seconds_is_sure_within_two_minutes(seed: int) -> None:
    assert sureness(learned(seed, clock_s=2.5)) > 2.0 * SURELY


@pytest.mark.parametrize("middle_m", [0.0, 20.0, 50.0])
def test_how_sure_it_is_follows_how_far_apart_the_middles_of_ships_are_seen(
    middle_m: float,
) -> None:
    away = [
        (found.time_offset_s - 1.0) / found.std[2]
        for found in (learned(seed, 1.0, middle_m) for seed in range(8))
    ]
    assert np.abs(away).max() < 3.48
    assert np.sqrt(np.mean(np.square(away))) < 1.4


def test_who_sees_the_middles_of_ships_elsewhere_is_less_sure() -> None:
    near, far = learned(1), learned(1, middle_m=50.0)
    assert far.std[2] > 2.0 * near.std[2]
