"""Sensors that miss the same thing in look after look."""

from __future__ import annotations

import numpy as np
import pytest

from alliage.fusion import ByExistence, Hidden, Kind, Scan, Sensor, Settings, Tracker

RADAR = Sensor("radar", 0.95, 1e-8)
LIDAR = Sensor("lidar", 0.2, 1e-8, max_range_m=100.0)
HIDDEN = {"radar": Hidden(0.15, 20.0)}
NOTHING = np.empty((0, 2))


def a_tracker(hidden: dict[str, Hidden] | None = None) -> Tracker:
    return Tracker(
        Settings(
            confirmation=ByExistence(0.8, 0.4, 1e-7),
            speed_std_mps=1.0,
            mean_lifetime_s=600.0,
            hidden=hidden or {},
        )
    )


def look(tracker: Tracker, sensor: Sensor, time_s: float, *, sees: bool) -> int:
    """How many things are followed after a look that has the thing's plot or none."""
    plots = np.array([[50.0, 0.0]]) if sees else NOTHING
    return len(tracker.process(Scan(time_s, sensor, Kind.POSITION, plots, np.eye(2)))[-1])


def seen_by_the_radar(tracker: Tracker) -> None:
    for turn in range(5):
        look(tracker, RADAR, 2.0 * turn, sees=True)


def followed_while_only_the_lidar_sees(tracker: Tracker, seconds: int) -> list[int]:
    """The lidar sees it in every sixth of its looks, the radar not at all."""
    seen_by_the_radar(tracker)
    told = []
    for second in range(9, 9 + seconds):
        told.append(look(tracker, LIDAR, float(second), sees=second % 6 == 0))
        if second % 2:
            told.append(look(tracker, RADAR, second + 0.5, sees=False))
    return told


def test_what_one_sensor_sees_is_followed_though_another_misses_it_for_long() -> None:
    assert min(followed_while_only_the_lidar_sees(a_tracker(HIDDEN), 60)) == 1
    assert min(followed_while_only_the_lidar_sees(a_tracker(), 60)) == 0


def test_what_no_sensor_sees_is_given_up_all_the_same() -> None:
    tracker = a_tracker(HIDDEN)
    seen_by_the_radar(tracker)
    told = [look(tracker, LIDAR, 9.0 + second, sees=False) for second in range(40)]
    assert told[0] == 1
    assert told[-1] == 0


def test_misses_weigh_what_a_thing_that_is_seen_hidden_or_not_there_makes_of_them() -> None:
    """Against a hidden Markov chain of these three states."""
    tracker = a_tracker(HIDDEN)
    look(tracker, RADAR, 0.0, sees=True)
    tracks, error = tracker.tracks, HIDDEN["radar"]
    existence = tracks.existence[0]
    state = existence * np.array([1.0, 0.0, 0.0]) + (1.0 - existence) * np.array([0.0, 0.0, 1.0])
    stays = np.exp(-2.0 / 600.0)
    left = np.exp(-2.0 / error.time_constant_s)
    shown, hides = left + (1.0 - left) * (1.0 - error.share), (1.0 - left) * error.share
    moves = np.array(
        [
            [stays * shown, stays * hides, 1.0 - stays],
            [stays * (shown - left), stays * (hides + left), 1.0 - stays],
            [0.0, 0.0, 1.0],
        ]
    )
    missed = np.array([1.0 - 0.95 * tracker.settings.gate_probability, 1.0, 1.0])
    for turn in range(1, 4):
        look(tracker, RADAR, 2.0 * turn, sees=False)
        state = state @ moves * missed
        state /= state.sum()
        assert tracker.tracks.existence[0] == pytest.approx(state[:2].sum(), rel=1e-6)
        assert tracker.tracks.visible[0, 0] == pytest.approx(state[0] / state[:2].sum(), rel=1e-6)


def test_where_it_is_out_of_reach_a_sensor_learns_nothing() -> None:
    hidden = {"lidar": Hidden(0.4, 1e9)}
    tracker = a_tracker(hidden)
    tracker.process(Scan(0.0, RADAR, Kind.POSITION, np.array([[500.0, 0.0]]), np.eye(2)))
    before = tracker.tracks.existence[0]
    look(tracker, LIDAR, 0.0, sees=False)
    assert tracker.tracks.visible[0, 0] == pytest.approx(0.6)
    assert tracker.tracks.existence[0] == before


@pytest.mark.parametrize(("share", "time_constant_s"), [(0.0, 1.0), (1.0, 1.0), (0.5, 0.0)])
def test_what_is_never_or_always_hidden_is_refused(share: float, time_constant_s: float) -> None:
    with pytest.raises(ValueError, match="share"):
        Hidden(share, time_constant_s)
