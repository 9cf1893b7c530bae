"""Trackers from the outside: what goes in, what comes out, and what must not matter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliage.fusion import (
    Association,
    ByCount,
    ConstantVelocity,
    CoordinatedTurn,
    Estimates,
    Kind,
    KnownTurn,
    LineEstimates,
    Modes,
    OrnsteinUhlenbeck,
    Recording,
    Scan,
    Sensor,
    Settings,
    StraightAhead,
    TooLateError,
    Tracker,
    track_scans,
)
from alliage.fusion.metrics import Points, consistency, gospa, nees, siap
from benchmarks.fusion_scenario import ACCELERATION_PSD, Scenario

ScansOf = Callable[[Scenario], list[Scan]]
EITHER = pytest.mark.parametrize("association", list(Association))
RADAR = Sensor("radar", 0.9, 1e-8)


def model(**changes: object) -> Settings:
    """Settings with the motion of the scenario."""
    modes = Modes([ConstantVelocity(ACCELERATION_PSD)])
    return replace(Settings(modes=modes, mean_lifetime_s=240.0), **changes)


def same(here: Estimates | LineEstimates, there: Estimates | LineEstimates) -> None:
    for column in fields(here):
        one, other = getattr(here, column.name), getattr(there, column.name)
        if isinstance(one, LineEstimates):
            same(one, other)
        else:
            np.testing.assert_array_equal(one, other)


def same_but_for_numbers(here: Sequence[Estimates], there: Sequence[Estimates]) -> None:
    """Numbers go by when scans came; each is one track's here and one's there."""
    pairs = set()
    for one, other in zip(here, there, strict=True):
        same(replace(one, number=other.number), other)
        pairs |= set(zip(one.number.tolist(), other.number.tolist(), strict=True))
    assert len(pairs) == len({one for one, _ in pairs}) == len({other for _, other in pairs})


def plots_at(*places: tuple[float, float], time_s: float, sensor: Sensor = RADAR) -> Scan:
    return Scan(time_s, sensor, Kind.POSITION, np.array(places).reshape(-1, 2), np.eye(2) * 25.0)


@EITHER
def test_things_in_clutter_are_found_and_little_else(
    association: Association, scenario: Scenario, scans_of: ScansOf
) -> None:
    said = list(track_scans(scans_of(scenario), model(association=association)))
    tracks = Points(
        np.concatenate([np.full(len(one), one.time_s) for one in said]),
        np.concatenate([one.number for one in said]),
        np.concatenate([one.states[:, :2] for one in said]),
    )
    truths = Points(
        np.repeat(scenario.times_s, [len(one) for one in scenario.numbers]),
        np.concatenate(scenario.numbers),
        np.concatenate(scenario.positions),
    )
    found = siap(tracks, truths, 100.0)
    assert found.completeness > 0.9
    assert found.spuriousness < 0.05
    assert found.ambiguity < 1.02
    assert found.position_error_m < 20.0


@EITHER
def test_innovations_are_as_large_as_the_filter_says(
    association: Association, scenario: Scenario, scans_of: ScansOf
) -> None:
    recording = Recording()
    recording.add([])
    for one in track_scans(scans_of(scenario), model(association=association)):
        recording.add([one])
    found = recording.nis()[2]
    assert found.errors > 700
    # In clutter the likeliest plot is a little nearer than the true one.
    assert 0.9 * found.low <= found.mean <= found.high


def test_errors_of_a_lone_thing_are_as_large_as_the_filter_says() -> None:
    chance = np.random.default_rng(4)
    errors, spreads, innovations = [], [], []
    for _ in range(60):
        state = np.array([0.0, 0.0, 8.0, -3.0])
        scans, truth = [], []
        for look in range(15):
            moved, noise = ConstantVelocity(0.1).predict(state[None], np.zeros((1, 4, 4)), 2.0)
            state = chance.multivariate_normal(moved[0], noise[0])
            seen = state[:2] + chance.normal(0.0, 5.0, 2)
            scans.append(plots_at(tuple(seen), time_s=2.0 * look))
            truth.append(state)
        *_, last = track_scans(scans, model(association=Association.NEAREST))
        errors.append(last.states[0] - truth[-1])
        spreads.append(last.covariances[0])
        innovations.append(last.nis[0])
    assert consistency(nees(np.array(errors), np.array(spreads)), 4, 0.999).holds
    assert consistency(np.array(innovations), 2, 0.999).holds


@EITHER
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_a_looks_plots_changes_nothing(
    association: Association, scenario: Scenario, scans_of: ScansOf, seed: int
) -> None:
    scans = scans_of(scenario)[:12]
    chance = np.random.default_rng(seed)
    shuffled = [
        replace(scan, values=scan.values[order], noise=scan.noise[order])
        for scan in scans
        for order in [chance.permutation(len(scan))]
    ]
    chosen = model(association=association)
    for here, there in zip(track_scans(scans, chosen), track_scans(shuffled, chosen), strict=True):
        same(here, there)


@EITHER
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_late_scans_within_the_window_give_the_same_tracks(
    association: Association, scenario: Scenario, scans_of: ScansOf, data: st.DataObject
) -> None:
    scans = scans_of(scenario)[:15]
    chosen = model(association=association, late_s=6.0)
    in_order = list(track_scans(scans, chosen))
    delays = data.draw(st.lists(st.floats(0.0, 5.9), min_size=15, max_size=15))
    arrival = np.argsort([scan.time_s + delay for scan, delay in zip(scans, delays, strict=True)])
    tracker, recording = Tracker(chosen), Recording()
    for place in arrival:
        recording.add(tracker.process(scans[place]))
    same_but_for_numbers(list(recording), in_order)


def test_a_scan_that_is_too_late_is_refused_and_changes_nothing(
    scenario: Scenario, scans_of: ScansOf
) -> None:
    scans = scans_of(scenario)
    tracker = Tracker(model(late_s=3.0))
    for scan in scans[4:10]:
        tracker.process(scan)
    before = tracker.tracks
    with pytest.raises(TooLateError, match=r"late_s allows 3\.0 s"):
        tracker.process(scans[0])
    assert tracker.tracks is before
    assert tracker.process(scans[10])


def test_scans_of_one_moment_may_come_in_any_order() -> None:
    def looks(time_s: float) -> list[Scan]:
        east = 100.0 + 5.0 * time_s
        return [
            plots_at((east, 3.0), time_s=time_s, sensor=Sensor("a")),
            plots_at((east, -3.0), (900.0, 0.0), time_s=time_s, sensor=Sensor("b")),
        ]

    forward, backward = Tracker(), Tracker()
    for time_s in (0.0, 2.0, 4.0, 6.0):
        for scan in looks(time_s):
            *_, here = forward.process(scan)
        for scan in reversed(looks(time_s)):
            *_, there = backward.process(scan)
    assert len(here)
    same_but_for_numbers([here], [there])


@EITHER
@settings(max_examples=15)
@given(data=st.data())
def test_whatever_comes_covariances_stay_positive_definite(
    association: Association, data: st.DataObject
) -> None:
    modes = data.draw(
        st.sampled_from(
            [
                Modes([ConstantVelocity()]),
                Modes([OrnsteinUhlenbeck()]),
                Modes([ConstantVelocity(0.01), KnownTurn(0.1), KnownTurn(-0.1)]),
                Modes([StraightAhead(), CoordinatedTurn()]),
            ]
        )
    )
    tracker = Tracker(Settings(modes=modes, association=association, existence_at_start=0.5))
    chance = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    time_s = 0.0
    for _ in range(12):
        time_s += data.draw(st.sampled_from([0.0, 0.1, 2.0, 60.0]))
        kind = data.draw(st.sampled_from(list(Kind)))
        near = chance.normal(0.0, 300.0, (int(chance.integers(0, 6)), 2))
        bearing = np.arctan2(near[:, 0], near[:, 1])
        values = {
            Kind.POSITION: near,
            Kind.RANGE_BEARING: np.column_stack([np.hypot(*near.T), bearing]),
            Kind.BEARING: bearing[:, None],
        }[kind]
        noise = np.diag([10.0 ** chance.uniform(-4, 3), 1e-4][-values.shape[1] :])
        tracker.process(Scan(time_s, RADAR, kind, values, noise, chance.normal(0.0, 9.0, 2)))
        tracks = tracker.tracks
        np.testing.assert_array_equal(tracks.covariances, tracks.covariances.swapaxes(-1, -2))
        assert (np.linalg.eigvalsh(tracks.covariances)[..., 0] > 0.0).all()
        assert np.isfinite(tracks.states).all()
        assert ((tracks.existence >= 0.0) & (tracks.existence <= 1.0)).all()
        np.testing.assert_allclose(tracks.weights.sum(axis=1), 1.0)


@EITHER
def test_a_thing_that_goes_is_dropped_after_a_few_empty_looks(association: Association) -> None:
    tracker = Tracker(model(association=association))
    for look in range(8):
        (said,) = tracker.process(plots_at((10.0 * look, 0.0), time_s=2.0 * look))
    assert said.number.tolist() == [1]
    assert said.existence[0] > 0.99
    left = [len(tracker.process(plots_at(time_s=16.0 + 2.0 * look))[0]) for look in range(6)]
    assert left[0] == 1
    assert left[-1] == 0
    assert not len(tracker.tracks)


@EITHER
def test_even_what_an_accurate_sensor_made_certain_falls(association: Association) -> None:
    tracker = Tracker(model(association=association))
    exact = replace(plots_at((0.0, 0.0), time_s=0.0), noise=np.eye(2) * 1e-8)
    for look in range(8):
        (said,) = tracker.process(replace(exact, time_s=0.1 * look))
    assert said.number.tolist() == [1]
    for look in range(12):
        (said,) = tracker.process(plots_at(time_s=0.71 + 1e-9 * look))
    assert not len(said)


@EITHER
def test_a_crowd_of_plots_costs_no_more_than_their_number(association: Association) -> None:
    chance = np.random.default_rng(0)
    tracker = Tracker(model(association=association))
    for look in range(2):
        tracker.process(plots_at(*chance.normal(0.0, 5.0, (1500, 2)), time_s=2.0 * look))
    assert len(tracker.tracks) <= 3000


def test_what_a_sensor_cannot_reach_is_not_missed() -> None:
    near = replace(RADAR, name="near", max_range_m=500.0)
    tracker = Tracker(model())
    for look in range(6):
        tracker.process(plots_at((5000.0, 0.0), time_s=2.0 * look))
    for look in range(20):
        (said,) = tracker.process(plots_at(time_s=10.1 + 0.01 * look, sensor=near))
    assert said.number.tolist() == [1]
    assert said.existence[0] > 0.99


def test_a_track_that_nobody_can_see_is_lost_once_it_may_be_anywhere() -> None:
    near = replace(RADAR, name="near", max_range_m=500.0)
    tracker = Tracker(model(lost_beyond_m=300.0))
    for look in range(6):
        tracker.process(plots_at((5000.0, 0.0), time_s=2.0 * look))
    left = [len(tracker.process(plots_at(time_s=at, sensor=near))[0]) for at in (12.0, 600.0)]
    assert left == [1, 0]


def test_confirmation_by_count_takes_m_of_n_and_so_many_misses() -> None:
    rule = ByCount(plots=3, looks=4, misses=2)
    tracker = Tracker(model(confirmation=rule, association=Association.NEAREST))
    shown = []
    for look, seen in enumerate([1, 0, 1, 1, 0, 1, 0, 0, 0]):
        places = [(10.0 * look, 0.0)] * seen
        shown.append(len(tracker.process(plots_at(*places, time_s=2.0 * look))[0]))
    assert shown == [0, 0, 0, 1, 1, 1, 1, 0, 0]


def test_ranges_and_bearings_from_a_ship_that_moves_are_followed() -> None:
    chance = np.random.default_rng(1)
    radar = Sensor("radar", 0.95, 1e-9)
    scans = []
    for look in range(40):
        own = np.array([0.0, 8.0 * look])
        true = np.array([4000.0 - 20.0 * look, 1000.0 + 4.0 * look])
        offset = true - own
        polar = np.array([np.hypot(*offset), np.arctan2(*offset)])
        polar += chance.normal(0.0, [15.0, 0.01])
        noise = np.diag([15.0**2, 0.01**2])
        scans.append(Scan(2.0 * look, radar, Kind.RANGE_BEARING, polar[None], noise, own))
    *_, last = track_scans(scans, model(association=Association.NEAREST))
    assert len(last) == 1
    assert np.hypot(*(last.states[0, :2] - true)) < 40.0
    np.testing.assert_allclose(last.states[0, 2:], [-10.0, 2.0], atol=1.5)


def test_bearings_from_another_place_sharpen_a_track_and_begin_none() -> None:
    eye = Sensor("eye", 0.9, clutter_per_rad=0.01)
    true = np.array([3000.0, 3000.0])
    place = np.array([3000.0, 0.0])
    tracker = Tracker(model())
    bearing = Scan(0.0, eye, Kind.BEARING, np.array([[0.0]]), np.array([[1e-6]]), place)
    tracker.process(bearing)
    assert not len(tracker.tracks)
    for look in range(1, 6):
        (before,) = tracker.process(plots_at(tuple(true), time_s=2.0 * look))
    (after,) = tracker.process(replace(bearing, time_s=10.01))
    assert after.seen.tolist() == [True]
    assert after.covariances[0, 0, 0] < 0.6 * before.covariances[0, 0, 0]  # across the bearing
    assert after.covariances[0, 1, 1] > 0.9 * before.covariances[0, 1, 1]  # along it


@pytest.mark.parametrize(
    "turning",
    [
        Modes([ConstantVelocity(0.01), KnownTurn(0.1, 0.1), KnownTurn(-0.1, 0.1)], [60, 20, 20]),
        Modes([StraightAhead(0.01), CoordinatedTurn(0.1, 1e-4)], [60, 20]),
    ],
    ids=["known turns", "estimated turn"],
)
def test_several_models_follow_a_turn_that_one_loses(turning: Modes) -> None:
    chance = np.random.default_rng(0)
    course, place, scans, truth = 0.0, np.zeros(2), [], []
    for look in range(45):
        course += 0.2 if 20 <= look < 30 else 0.0
        place = place + 20.0 * np.array([np.cos(course), np.sin(course)]) * 2.0
        scans.append(plots_at(tuple(place + chance.normal(0.0, 5.0, 2)), time_s=2.0 * look))
        truth.append(place)

    def error(modes: Modes) -> float:
        # The gate is wide, so that the single model does not simply lose its track.
        said = track_scans(scans, model(modes=modes, gate_probability=1.0 - 1e-12))
        lost = [
            gospa(one.states[:, :2], t[None], 100.0).distance_m
            for one, t in zip(said, truth, strict=True)
        ]
        return float(np.mean(lost[10:]))

    assert error(turning) < 0.7 * error(Modes([ConstantVelocity(0.01)]))


@EITHER
def test_what_rested_for_long_keeps_its_track_when_it_sets_out(association: Association) -> None:
    """Its modes are sure that it rests, and the first plots on its way lie beside that gate."""
    chance = np.random.default_rng(3)
    modes = Modes([OrnsteinUhlenbeck(0.1, 30.0), OrnsteinUhlenbeck(7.0, 300.0)], [7200.0, 600.0])
    tracker = Tracker(model(modes=modes, association=association, mean_lifetime_s=7200.0))
    noise = np.eye(2) * 20.0**2
    seen: list[Estimates] = []
    for look in range(60):
        way_m = 10.0 * 10.0 * max(0, look - 30)
        place = np.array([[way_m, 0.0]]) + chance.normal(0.0, 20.0, (1, 2))
        seen += tracker.process(Scan(10.0 * look, RADAR, Kind.POSITION, place, noise))
    assert [set(one.number.tolist()) for one in seen[10:]] == [{1}] * 50
    np.testing.assert_allclose(seen[-1].states[0, :2], (2_900.0, 0.0), atol=60.0)


def test_settings_that_make_no_sense_are_refused() -> None:
    for wrong in ({"gate_probability": 1.0}, {"speed_std_mps": 0.0}, {"late_s": -1.0}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Settings(**wrong)
    with pytest.raises(ValueError, match="detection_probability"):
        Sensor("radar", 1.0)
    with pytest.raises(ValueError, match="not finite"):
        plots_at((np.nan, 0.0), time_s=0.0)
    with pytest.raises(ValueError, match="rows of 2"):
        Scan(0.0, RADAR, Kind.POSITION, np.zeros((2, 3)), np.eye(2))
    with pytest.raises(ValueError, match="once or for each row"):
        Scan(0.0, RADAR, Kind.POSITION, np.zeros((4, 2)), np.ones(2))
    with pytest.raises(ValueError, match="a range is negative"):
        Scan(0.0, RADAR, Kind.RANGE_BEARING, np.array([[-1.0, 0.0]]), np.eye(2))
    for noise in (np.zeros((2, 2)), np.array([[1.0, 0.5], [0.0, 1.0]])):
        with pytest.raises(ValueError, match="symmetric and positive definite"):
            Scan(0.0, RADAR, Kind.POSITION, np.zeros((1, 2)), noise)
