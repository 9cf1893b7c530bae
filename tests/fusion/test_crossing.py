"""Places where bearings of two sensors cross, and where it is not known which do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from alliage.fusion import Association, ByCount, Kind, Scan, Sensor, Settings, Tracker, track_scans
from alliage.fusion.crossing import Crossings, Looks, cross
from alliage.fusion.matrices import Floats
from tests.fusion.bearings import bearings, finder

SETTINGS = Settings(speed_std_mps=8.0)
TWO = [(0.0, 0.0), (8000.0, 0.0)]
THREE = [*TWO, (-2000.0, 12000.0)]
STD = np.array([np.radians(0.5), np.radians(0.05)])


def measured(place: Floats, states: Floats, own_mps: Floats, reach_m: float = np.inf) -> Looks:
    """Bearings and rates of things (n, 4) as they are, from a sensor that may move."""
    count = len(states)
    offset, moving = states[:, :2] - place, states[:, 2:] - own_mps
    rate = (offset[:, 1] * moving[:, 0] - offset[:, 0] * moving[:, 1]) / (offset**2).sum(axis=1)
    return Looks(
        np.tile(place, (count, 1)),
        np.tile(own_mps, (count, 1)),
        np.full(count, reach_m),
        np.stack([np.arctan2(*offset.T), rate], axis=-1),
        np.tile(np.diag(STD**2), (count, 1, 1)),
        np.ones(count),
    )


def noisy(looks: Looks, chance: np.random.Generator) -> Looks:
    return looks._replace(states=looks.states + chance.normal(0.0, STD, looks.states.shape))


def one(east: float, north: float, v_east: float = 0.0, v_north: float = 0.0) -> Floats:
    return np.array([[east, north, v_east, v_north]])


STILL = np.zeros(2)
LEFT, RIGHT = np.array(TWO)


@given(seed=st.integers(0, 2**32 - 1), own=st.booleans())
@hypothesis_settings(max_examples=20)
def test_crossings_are_off_by_as_much_as_they_say(seed: int, own: bool) -> None:
    chance = np.random.default_rng(seed)
    many = 500
    place = chance.uniform([1000.0, 3000.0], [7000.0, 9000.0])
    states = np.column_stack([np.tile(place, (many, 1)), chance.normal(0.0, 8.0, (many, 2))])
    speed = chance.normal(0.0, 10.0, 2) * own
    here = noisy(measured(LEFT, states, speed), chance)
    there = noisy(measured(RIGHT, states, -speed), chance)
    found, usable = cross(here, there, SETTINGS)
    assert usable.mean() > 0.99
    away = (found.means - states)[usable]
    inverse = np.linalg.inv(found.spreads[usable])
    squared = np.einsum("ni,nij,nj->n", away, inverse, away) / 4.0
    assert 0.85 < squared.mean() < 1.25


@given(
    turn=st.floats(-np.pi, np.pi),
    east=st.floats(-1e5, 1e5),
    thing=st.tuples(st.floats(-2000.0, 9000.0), st.floats(2000.0, 9000.0)),
)
def test_it_does_not_matter_where_north_is_or_who_is_named_first(
    turn: float, east: float, thing: tuple[float, float]
) -> None:
    states = one(*thing, 4.0, -5.0)
    plain = cross(measured(LEFT, states, STILL), measured(RIGHT, states, STILL), SETTINGS)
    about = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    shift = np.array([east, -2.0 * east])
    moved = np.concatenate([states[:, :2] @ about.T + shift, states[:, 2:] @ about.T], axis=1)
    left, right = (measured(about @ at + shift, moved, STILL) for at in (LEFT, RIGHT))
    whole = np.kron(np.eye(2), about)
    for found, usable in (cross(left, right, SETTINGS), cross(right, left, SETTINGS)):
        assert usable.tolist() == plain[1].tolist()
        assume(usable.all())
        expected = plain[0].means @ whole.T + np.append(shift, [0.0, 0.0])
        np.testing.assert_allclose(found.means, expected, atol=0.1)
        np.testing.assert_allclose(
            found.spreads, whole @ plain[0].spreads @ whole.T, rtol=1e-5, atol=0.1
        )


def usable_from(left: Looks, right: Looks) -> bool:
    return bool(cross(left, right, SETTINGS)[1].all())


def test_lines_that_cross_nowhere_in_particular_are_refused() -> None:
    def both(thing: Floats, **figures: float) -> bool:
        return usable_from(
            measured(LEFT, thing, STILL, **figures), measured(RIGHT, thing, STILL, **figures)
        )

    assert both(one(4000.0, 5000.0))
    assert not both(one(4000.0, 90_000.0)), "nearly parallel"
    assert not both(one(30_000.0, 300.0)), "one nearly behind the other"
    assert not both(one(4000.0, 0.0)), "on the line between them"
    assert not both(one(4000.0, 5000.0, 90.0, 0.0)), "faster than things are"
    assert both(one(4000.0, 5000.0), reach_m=7000.0)
    assert not both(one(4000.0, 5000.0), reach_m=6000.0)
    behind = measured(LEFT, one(-4000.0, 5000.0), STILL)
    assert not usable_from(behind, measured(RIGHT, one(12_000.0, 5000.0), STILL))


def test_two_sensors_of_one_place_give_no_place() -> None:
    thing = one(4000.0, 5000.0)
    assert not usable_from(measured(LEFT, thing, STILL), measured(LEFT, thing, STILL))


@pytest.mark.parametrize("association", list(Association))
def test_bearings_of_two_sensors_become_a_track_with_a_place(association: Association) -> None:
    squared = []
    for seed in range(12):
        thing = (3000.0 + 200.0 * seed, 6000.0, 5.0, -3.0)
        looks = list(bearings(TWO, [thing], seed=seed))
        (*_, last) = track_scans([scan for scan, _ in looks], Settings(association=association))
        assert len(last) == 1, seed
        assert not len(last.lines)
        away = last.states[0, :2] - looks[-1][1][0]
        squared.append(away @ np.linalg.solve(last.covariances[0, :2, :2], away) / 2.0)
    assert 0.4 < np.mean(squared) < 1.8


def test_where_two_things_could_as_well_be_two_others_lines_stay_lines() -> None:
    things = [(2000.0, 6000.0, 1.0, 0.0), (6000.0, 6000.0, 0.0, 1.0)]
    looks = [scan for scan, _ in bearings(TWO, things, misses=False)]
    told = list(track_scans(looks))
    assert not any(len(one) for one in told)
    assert len(told[-1].lines) == 2
    third = [scan for scan, _ in bearings(THREE, things, misses=False)]
    (*_, last) = track_scans(third)
    places = sorted(last.states[:, :2].tolist())
    np.testing.assert_allclose(places, [[2149.0, 6000.0], [6000.0, 6149.0]], atol=400.0)


def test_a_third_sensor_that_does_not_look_there_is_not_asked() -> None:
    tracker = Tracker()
    far = replace(finder("far"), max_range_m=500.0)
    for scan, _ in bearings(TWO, [(3000.0, 6000.0, 5.0, -3.0)], misses=False):
        (said,) = tracker.process(scan)
        nothing = np.array([[-2.0]]), np.eye(1) * 1e-4, np.array([-9000.0, -9000.0])
        tracker.process(Scan(scan.time_s + 0.1, far, Kind.BEARING, *nothing))
    assert len(said) == 1


def test_a_sensor_that_looks_no_more_crosses_nothing() -> None:
    tracker = Tracker()
    scans = [scan for scan, _ in bearings(TWO, [(3000.0, 6000.0, 0.0, 0.0)], misses=False)]
    first = [scan for scan in scans if scan.sensor.name == "finder 0"]
    second = [scan for scan in scans if scan.sensor.name == "finder 1"]
    for scan in first:
        tracker.process(scan)
    after_s = first[-1].time_s + 70.0
    for scan in second:
        (said,) = tracker.process(replace(scan, time_s=scan.time_s + after_s))
        assert not len(said)
    assert len(said.lines) == 1


def test_a_place_from_bearings_is_sharpened_by_a_radar() -> None:
    tracker = Tracker()
    looks = list(bearings(TWO, [(3000.0, 6000.0, 5.0, -3.0)], misses=False))
    for scan, _ in looks:
        (before,) = tracker.process(scan)
    (true,) = looks[-1][1]
    radar = Sensor("radar", 0.9, 1e-9)
    plot = Scan(looks[-1][0].time_s, radar, Kind.POSITION, true[None], np.eye(2) * 100.0)
    (after,) = tracker.process(plot)
    assert after.number.tolist() == before.number.tolist()
    assert np.trace(after.covariances[0, :2, :2]) < 0.1 * np.trace(before.covariances[0, :2, :2])


def test_crossings_are_finite_whatever_comes() -> None:
    chance = np.random.default_rng(3)
    many = 5000
    place = chance.normal(0.0, 1e4, (2, many, 2))
    states = np.column_stack([chance.uniform(-4.0, 4.0, many), chance.normal(0.0, 0.1, many)])
    spreads = np.tile(np.diag([1e-3, 1e-4]), (many, 1, 1))
    endless, there = np.full(many, np.inf), np.ones(many)
    here, other = (
        Looks(at, np.zeros((many, 2)), endless, states[order], spreads, there)
        for at, order in zip(place, (slice(None), slice(None, None, -1)), strict=True)
    )
    found, usable = cross(here, other, SETTINGS)
    chosen = Crossings(*(column[usable] for column in found))
    assert all(np.isfinite(column).all() for column in chosen)
    assert (np.linalg.eigvalsh(chosen.spreads) > 0.0).all()


def test_a_storm_of_bearings_costs_no_more_than_it_can_tell() -> None:
    said = np.linspace(-3.1, 3.1, 600)[:, None]
    tracker = Tracker(Settings(confirmation=ByCount(2, 2)))
    for look in range(6):
        place = np.array([8000.0 * (look % 2), 0.0])
        sensor = finder(f"finder {look % 2}", clutter_per_rad=0.1)
        told = tracker.process(Scan(look, sensor, Kind.BEARING, said, np.eye(1) * 1e-8, place))
    assert not len(tracker.tracks)
    assert len(told[-1].lines) == 600
