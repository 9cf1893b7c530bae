"""What one sensor of bearings alone follows: lines, and never a place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from alliage.fusion import (
    Association,
    ByCount,
    Estimates,
    Kind,
    Recording,
    Scan,
    Sensor,
    Settings,
    Tracker,
    track_scans,
)
from tests.fusion.bearings import PERIOD_S, bearings, finder

HERE = [(0.0, 0.0)]
EITHER = pytest.mark.parametrize("association", list(Association))


def followed(settings: Settings | None = None, **of_scans: object) -> list[Estimates]:
    scans = [scan for scan, _ in bearings(**of_scans)]  # type: ignore[arg-type]
    return list(track_scans(scans, settings))


def bearing_of(place: np.ndarray, true: np.ndarray) -> float:
    return float(np.arctan2(*(true - place)))


@EITHER
@pytest.mark.parametrize("own_mps", [(0.0, 0.0), (6.0, -4.0)], ids=["stands", "moves"])
def test_bearings_of_one_sensor_give_lines_and_no_place(
    association: Association, own_mps: tuple[float, float]
) -> None:
    things = [(4000.0, 6000.0, 5.0, -3.0), (-7000.0, 2000.0, 0.0, 6.0)]
    looks = list(bearings(HERE, things, own_mps=own_mps, looks=40))
    told = list(track_scans([scan for scan, _ in looks], Settings(association=association)))
    assert not any(len(one) for one in told)
    assert len({number for one in told[8:] for number in one.lines.number.tolist()}) <= 3
    (scan, true), last = looks[-1], told[-1].lines
    np.testing.assert_allclose(last.sensor_position_m, scan.sensor_position_m)
    expected = sorted(bearing_of(scan.sensor_position_m, one) for one in true)
    np.testing.assert_allclose(sorted(last.states[:, 0]), expected, atol=np.radians(3.0))
    assert (last.existence > 0.9).all()


def test_errors_of_a_line_are_no_larger_than_it_says() -> None:
    errors = []
    for seed in range(60):
        chance = np.random.default_rng(seed)
        thing = (*chance.uniform(1500.0, 4000.0, 2), *chance.normal(0.0, 7.0, 2))
        looks = list(bearings(HERE, [thing], looks=12, seed=seed, misses=False))
        (*_, last) = track_scans([scan for scan, _ in looks])
        (true,) = looks[-1][1]
        away = last.lines.states[0, 0] - bearing_of(np.zeros(2), true)
        errors.append(away**2 / last.lines.covariances[0, 0, 0])
    assert 0.4 < np.mean(errors) < 1.4


def test_a_line_goes_on_across_south() -> None:
    told = followed(places=HERE, things=[(600.0, -5000.0, -8.0, 0.0)], looks=30, misses=False)
    assert {number for one in told[3:] for number in one.lines.number.tolist()} == {1}
    said = np.array([one.lines.states[0, 0] for one in told[3:]])
    assert (np.abs(said) <= np.pi).all()
    assert said[0] > 3.0
    assert said[-1] < -3.0


def test_clutter_alone_gives_hardly_any_line() -> None:
    told = followed(places=HERE, things=[], looks=300)
    assert np.mean([len(one.lines) for one in told]) < 0.1


@EITHER
def test_a_line_that_is_seen_no_more_ends(association: Association) -> None:
    tracker = Tracker(Settings(association=association))
    for scan, _ in bearings(HERE, [(4000.0, 6000.0, 5.0, -3.0)], looks=10, misses=False):
        (said,) = tracker.process(scan)
    assert said.lines.number.tolist() == [1]
    nothing = np.empty((0, 1)), np.eye(1)
    left = []
    for look in range(10, 20):
        empty = Scan(PERIOD_S * look, finder("finder 0"), Kind.BEARING, *nothing)
        left.append(len(tracker.process(empty)[0].lines))
    assert left[0] == 1
    assert left[-1] == 0


def test_a_look_that_saw_nothing_is_missed_by_lines_whatever_its_kind() -> None:
    tracker = Tracker(Settings(confirmation=ByCount(2, 3, misses=2)))
    for scan, _ in bearings(HERE, [(4000.0, 6000.0, 5.0, -3.0)], looks=5, misses=False):
        (said,) = tracker.process(scan)
    assert len(said.lines) == 1
    for look in (5, 6):
        nothing = np.empty((0, 2)), np.eye(2)
        empty = Scan(PERIOD_S * look, finder("finder 0"), Kind.POSITION, *nothing)
        (said,) = tracker.process(empty)
    assert not len(said.lines)


def test_a_line_stands_after_so_many_plots_in_so_many_looks() -> None:
    rule = Settings(confirmation=ByCount(3, 4, misses=2))
    told = followed(rule, places=HERE, things=[(4000.0, 6000.0, 5.0, -3.0)], looks=5, misses=False)
    assert [len(one.lines) for one in told] == [0, 0, 1, 1, 1]


def test_what_a_track_explains_needs_no_line() -> None:
    radar = Sensor("radar", 0.9, 1e-9)
    tracker = Tracker()
    lines, tracks = [], []
    for look, (scan, (true,)) in enumerate(
        bearings(HERE, [(4000.0, 6000.0, 5.0, -3.0)], looks=20, misses=False)
    ):
        (said,) = tracker.process(scan)
        lines.append(len(said.lines))
        if look >= 8:
            plot = Scan(scan.time_s + 1.0, radar, Kind.POSITION, true[None], np.eye(2) * 400.0)
            (said,) = tracker.process(plot)
            tracks.append(len(said))
            assert not len(said.lines)
    assert lines[7] == 1
    assert tracks[-1] == 1
    assert lines[-1] == 0


@hypothesis_settings(max_examples=10)
@given(delays=st.lists(st.floats(0.0, 11.9), min_size=24, max_size=24))
def test_late_looks_give_the_same_lines_and_tracks(delays: list[float]) -> None:
    things = [(4000.0, 6000.0, 5.0, -3.0), (-3000.0, 8000.0, 0.0, 6.0)]
    places = [(0.0, 0.0), (8000.0, 0.0)]
    scans = [scan for scan, _ in bearings(places, things, looks=12)]
    settings = Settings(late_s=12.0)
    in_order = list(track_scans(scans, settings))
    arrival = np.argsort([scan.time_s + late for scan, late in zip(scans, delays, strict=True)])
    tracker, recording = Tracker(settings), Recording()
    for nth in arrival:
        recording.add(tracker.process(scans[nth]))
    for one, other in zip(recording, in_order, strict=True):
        np.testing.assert_array_equal(one.lines.states, other.lines.states)
        np.testing.assert_array_equal(one.lines.existence, other.lines.existence)
        np.testing.assert_array_equal(one.states, other.states)
    numbers = [number for one in recording for number in one.lines.number.tolist()]
    expected = [number for one in in_order for number in one.lines.number.tolist()]
    pairs = set(zip(numbers, expected, strict=True))
    assert len(pairs) == len({one for one, _ in pairs}) == len({other for _, other in pairs})


def test_how_near_things_may_be_must_be_positive() -> None:
    with pytest.raises(ValueError, match="lines_beyond_m"):
        Settings(lines_beyond_m=0.0)
