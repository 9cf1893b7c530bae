"""Ranges that are too long are told from what else may be wrong, where the data can tell."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from alliage.fusion.correlation import PairCorrelator, Systematic
from alliage.fusion.correlation.systematic import RangeError
from tests.fusion.correlation.sea import Ship, Stream, open_sea, pairs, watch

AIS = Stream("dk", seed=1)
MIDDLE_M = (30_000.0, 30_000.0)


def learned(ships: dict[str, Ship], radar: Stream, other: Stream = AIS) -> Systematic:
    """What is known of a radar beside another stream after some rounds; all ships are joined."""
    correlator = PairCorrelator()
    said = watch(correlator, (other, ships), (radar, ships), 20)
    assert pairs(said) == {(name, name) for name in ships}
    return correlator.systematic


def too_long(found: RangeError, range_m: float, stretch: float) -> float:
    """By how many standard deviations an estimate is wrong where it is known best."""
    return (found.m - range_m - stretch * found.at_m) / found.std_m


def many(
    range_m: float = 0.0, stretch: float = 0.0, turned_deg: float = 0.0
) -> Iterator[RangeError]:
    """What is learned of one radar's ranges on several seas."""
    for seed in range(12):
        radar = Stream(
            "se", 40.0, -60.0, 1.0, turned_deg, range_m, stretch, MIDDLE_M, noise_m=30.0, seed=seed
        )
        yield learned(open_sea(40, seed=100 + seed), radar).ranges[1]


@pytest.mark.parametrize(
    ("range_m", "stretch", "turned_deg"),
    [
        (0.0, 0.0, 0.0),
        (120.0, 0.0, 0.0),
        (-200.0, 0.0, 0.2),
        (0.0, 0.004, 0.0),
        (90.0, -0.003, -0.2),
    ],
)
def test_ranges_are_wrong_by_what_is_said_within_what_is_said_of_it(
    range_m: float, stretch: float, turned_deg: float
) -> None:
    found = list(many(range_m, stretch, turned_deg))
    away = np.array([too_long(one, range_m, stretch) for one in found])
    stretched = np.array([(one.stretch - stretch) / one.stretch_std for one in found])
    assert max(one.std_m for one in found) < 12.0
    for scores in (away, stretched):
        assert np.abs(scores).max() < 3.5
        assert np.sqrt(np.mean(scores**2)) < 1.3


def test_long_ranges_are_no_shift_no_clock_and_no_turn() -> None:
    radar = Stream("se", range_m=250.0, sensor_m=MIDDLE_M, noise_m=30.0, seed=2)
    found = learned(open_sea(60, seed=5), radar)
    assert (found.east_m, found.north_m) == pytest.approx((0.0, 0.0), abs=25.0)
    assert found.time_offset_s == pytest.approx(0.0, abs=2.5)
    assert found.turns_deg == pytest.approx((0.0, 0.0), abs=0.05)
    mine, its = found.ranges
    assert its.m == pytest.approx(250.0, abs=25.0)
    assert (mine.m, mine.std_m) == pytest.approx((0.0, 0.0), abs=1e-3)


def test_of_two_radars_the_one_with_long_ranges_is_found() -> None:
    right = Stream("dk", sensor_m=(20_000.0, 20_000.0), noise_m=30.0)
    wrong = Stream("se", range_m=300.0, sensor_m=(45_000.0, 40_000.0), noise_m=30.0, seed=2)
    mine, its = learned(open_sea(60, seed=6), wrong, right).ranges
    assert abs(mine.m) < 4.0 * mine.std_m
    assert its.m > 4.0 * its.std_m
    assert abs(too_long(its, 300.0, 0.0)) < 3.5


def test_where_all_lies_to_one_side_the_shift_there_is_known_and_its_cause_is_not() -> None:
    """A strait, seen from 40 km: nobody can say whether ranges are long or the radar is moved."""
    strait = {
        name: Ship(ship.east_m, 40_000.0 + ship.north_m, ship.speed_mps, ship.course_deg)
        for name, ship in open_sea(30, seed=7, size_m=6_000.0).items()
    }
    radar = Stream("se", range_m=150.0, sensor_m=(3_000.0, 0.0), noise_m=10.0, seed=2)
    correlator = PairCorrelator()
    watch(correlator, (AIS, strait), (radar, strait), 20)
    found = correlator.systematic
    its = found.ranges[1]
    assert its.std_m > 40.0
    assert abs(too_long(its, 150.0, 0.0)) < 3.0
    middle = found.in_the_middle()
    assert middle is not None
    shift, covariance = middle
    assert shift == pytest.approx((0.0, -150.0), abs=15.0)
    assert np.sqrt(np.diag(covariance)).max() < 10.0
