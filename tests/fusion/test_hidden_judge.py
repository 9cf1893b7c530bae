"""The judge of the benchmark with hidden identities, on tracks whose faults are known."""

from __future__ import annotations

import numpy as np

from benchmarks.hidden_judge import Figures, Told, judge
from benchmarks.hidden_ships import Hidden, Look

LOOKS = 10
PLACES = np.array([[0.0, 0.0], [1000.0, 0.0]])


def judged(told: list[Told]) -> Figures:
    ships = np.array([4, 7])
    looks = [Look(float(n), PLACES, ships, ships, PLACES) for n in range(LOOKS)]
    return judge(Hidden(looks, {4: LOOKS, 7: LOOKS}, {4: True, 7: False}), told)


def followed(*numbers: int) -> Told:
    return np.array(numbers, np.int64), PLACES[: len(numbers)] + 10.0


def test_ships_that_are_followed_all_the_time_are_recovered() -> None:
    found = judged([followed(1, 2)] * LOOKS)
    assert (found.moving.recovered, found.at_rest.recovered) == (1, 1)
    assert (found.moving.switches, found.moving.breaks, found.false_tracks) == (0, 0, 0)


def test_a_ship_that_two_tracks_follow_half_the_time_each_is_not_recovered() -> None:
    found = judged([followed(1, 2)] * 5 + [followed(3, 2)] * 5)
    assert (found.moving.recovered, found.moving.followed, found.moving.switches) == (0, LOOKS, 1)
    assert found.at_rest.recovered == 1


def test_a_ship_that_is_lost_for_a_while_is_cut_and_not_switched() -> None:
    found = judged([followed(1, 2)] * 4 + [followed(1)] * 2 + [followed(1, 2)] * 4)
    assert (found.at_rest.breaks, found.at_rest.switches, found.at_rest.followed) == (1, 0, 8)


def test_a_track_where_no_ship_is_is_false() -> None:
    far = np.array([1, 9], np.int64), np.array([[10.0, 0.0], [500.0, 500.0]])
    found = judged([far] * LOOKS)
    assert (found.tracks, found.false_tracks, found.false_share) == (2, 1, 0.5)
