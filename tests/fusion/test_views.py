"""What a turning sensor sees one after the other, and errors that last from look to look."""

from __future__ import annotations

import numpy as np
import pytest

from alliage.fusion import (
    ConstantVelocity,
    CoordinatedTurn,
    Estimates,
    Kind,
    LastingError,
    Modes,
    Scan,
    Sensor,
    Settings,
    StraightAhead,
    Tracker,
)
from alliage.fusion.lasting import widened
from alliage.fusion.motion import POSITION
from alliage.fusion.tracks import Tracks
from alliage.fusion.views import ages_s, as_is, as_seen

RADAR, LIDAR, CAMERA = (Sensor(name, 0.95, 1e-9) for name in ("radar", "lidar", "camera"))
VELOCITY_MPS = np.array([20.0, 0.0])
TURN_S = 4.0


def place(time_s: float) -> np.ndarray:
    """Of a ship that passes north of the sensor."""
    return np.array([-600.0, 1000.0]) + VELOCITY_MPS * time_s


def met_s(end_s: float, begins_rad: float) -> float:
    """When a beam whose turn ends then met that ship."""
    time_s = end_s
    for _ in range(20):
        bearing = np.arctan2(*place(time_s))
        part = (bearing - begins_rad) % (2.0 * np.pi) / (2.0 * np.pi)
        time_s = end_s - TURN_S * (1.0 - part)
    return time_s


def looks(rng: np.random.Generator, begins_rad: float, told: bool) -> list[Scan]:
    turns = {"turn_s": TURN_S, "turn_begins_rad": begins_rad} if told else {}
    noise = np.diag([5.0**2, 0.005**2])
    scans = []
    for end_s in np.arange(TURN_S, 60.0, TURN_S):
        east, north = place(met_s(end_s, begins_rad))
        plot = np.array([np.hypot(east, north), np.arctan2(east, north)])
        plot += rng.standard_normal(2) * [5.0, 0.005]
        scans.append(Scan(end_s, RADAR, Kind.RANGE_BEARING, plot[None], noise, **turns))
    return scans


def last(scans: list[Scan], settings: Settings | None = None) -> Estimates:
    tracker = Tracker(settings)
    return [tracker.process(scan)[-1] for scan in scans][-1]


@pytest.mark.parametrize("begins_rad", [-1.0, np.pi])
def test_a_ship_is_where_it_is_at_the_end_of_the_turn_wherever_that_begins(
    begins_rad: float,
) -> None:
    rng = np.random.default_rng(1)
    apart = {True: [], False: []}
    for told in apart:
        for _ in range(10):
            said = last(looks(rng, begins_rad, told))
            assert len(said) == 1
            apart[told].append(said.states[0, :2] - place(said.time_s))
    age_s = 56.0 - met_s(56.0, begins_rad)
    assert np.linalg.norm(np.mean(apart[True], axis=0)) < 4.0
    behind_m = np.linalg.norm(np.mean(apart[False], axis=0) + VELOCITY_MPS * age_s)
    assert behind_m < 4.0 < 20.0 < np.linalg.norm(VELOCITY_MPS * age_s)


def test_what_begins_is_as_uncertain_as_its_way_since_the_beam_met_it() -> None:
    plot, noise = np.array([[1000.0, np.pi / 2]]), np.diag([25.0, 1e-5])
    scan = Scan(
        0.0, RADAR, Kind.RANGE_BEARING, plot, noise, turn_s=4.0, turn_begins_rad=0.0
    )  # three quarters of the turn come after the east
    tracker = Tracker(Settings(speed_std_mps=10.0))
    tracker.process(scan)
    east, north = np.diagonal(tracker.tracks.covariances[0, 0])[POSITION]
    assert east == pytest.approx(25.0 + (3.0 * 10.0) ** 2)
    assert north == pytest.approx(1e-5 * 1000.0**2 + (3.0 * 10.0) ** 2)


def some_tracks(rng: np.random.Generator, modes: int, size: int) -> Tracks:
    root = rng.standard_normal((7, modes, size, size))
    none = Tracks.none(modes, size)
    return Tracks(
        np.arange(7),
        1000.0 * rng.standard_normal((7, modes, size)),
        root @ root.swapaxes(-1, -2),
        np.full((7, modes), 1.0 / modes),
        np.full(7, 0.9),
        np.ones(7, np.bool_),
        np.ones(7, none.looks.dtype),
        np.ones(7, np.int64),
        np.empty((7, 0)),
    )


def test_what_was_put_where_a_sensor_sees_it_is_put_back() -> None:
    lasting = {"lidar": LastingError(3.0, 30.0), "radar": LastingError(5.0, 60.0)}
    scan = Scan(
        0.0, RADAR, Kind.BEARING, np.empty((0, 1)), np.eye(1), turn_s=4.0, turn_begins_rad=1.0
    )
    tracks = widened(some_tracks(np.random.default_rng(2), 2, 5), lasting)
    ages = ages_s(scan, tracks)
    seen = as_seen(tracks, scan, ages, lasting)
    expected = tracks.states[..., :2] - ages[:, None, None] * tracks.states[..., 2:4]
    np.testing.assert_allclose(seen.states[..., :2], expected + tracks.states[..., 7:9])
    back = as_is(seen, scan, ages, lasting)
    np.testing.assert_allclose(back.states, tracks.states, atol=1e-9)
    np.testing.assert_allclose(back.covariances, tracks.covariances, atol=1e-9)


def test_where_nothing_is_told_of_turns_and_errors_tracks_are_the_same() -> None:
    scan = Scan(0.0, RADAR, Kind.POSITION, np.empty((0, 2)), np.eye(2))
    tracks = some_tracks(np.random.default_rng(2), 1, 4)
    assert widened(tracks, {}) is tracks
    assert as_seen(tracks, scan, ages_s(scan, tracks), {"lidar": LastingError(1.0, 1.0)}) is tracks


def test_how_two_sensors_differ_is_known_when_the_better_one_stops() -> None:
    rng = np.random.default_rng(3)
    model = Modes([ConstantVelocity(0.01)])
    lasting = {"lidar": LastingError(1.0, 300.0), "radar": LastingError(15.0, 300.0)}
    scans = []
    for time_s in np.arange(0.0, 60.0, 1.0):
        there = place(time_s)
        for sensor, beside_m in ((LIDAR, 0.0), (RADAR, 20.0)):
            if sensor is RADAR or time_s < 40.0:
                plot = there + np.array([0.0, beside_m]) + rng.standard_normal(2)
                scans.append(Scan(time_s, sensor, Kind.POSITION, plot[None], np.eye(2)))
    heeded, not_heeded = (last(scans, Settings(model, lasting=each)) for each in (lasting, {}))
    off_m = [said.states[0, 1] - 1000.0 for said in (heeded, not_heeded)]
    assert off_m[0] < 4.0 < 15.0 < off_m[1]
    assert heeded.states.shape == (1, 4)
    assert heeded.covariances.shape == (1, 4, 4)
    # One sensor more that errs alike makes nothing surer than the better of the two is.
    assert heeded.covariances[0, 1, 1] > 1.0 > 0.5 > not_heeded.covariances[0, 1, 1]


def test_many_looks_that_err_alike_do_not_make_a_track_surer_than_one() -> None:
    lasting = {"camera": LastingError(50.0, 1e4), "radar": LastingError(20.0, 1e4)}
    noise, model = np.array([[1e-6]]), Modes([ConstantVelocity(1e-4)])
    scans = [Scan(0.0, RADAR, Kind.POSITION, place(0.0)[None], np.eye(2))]
    for time_s in np.arange(1.0, 30.0, 1.0):
        bearing = np.arctan2(*place(time_s))[None, None] + 0.03
        scans.append(Scan(time_s, CAMERA, Kind.BEARING, bearing, noise))
        scans.append(Scan(time_s, RADAR, Kind.POSITION, place(time_s)[None], np.eye(2)))
    said = last(scans, Settings(model, lasting=lasting))
    spread = np.sqrt(np.diagonal(said.covariances[0])[POSITION])
    assert (spread > 15.0).all()
    assert np.linalg.norm(said.states[0, :2] - place(29.0)) < 10.0


@pytest.mark.parametrize("models", [[ConstantVelocity()], [StraightAhead(), CoordinatedTurn()]])
def test_two_steps_are_one_beside_errors_that_last(models: list[ConstantVelocity]) -> None:
    lasting = {"radar": LastingError(5.0, 20.0)}
    one = Modes(models[:1])
    tracks = widened(some_tracks(np.random.default_rng(4), 1, one.dimensions), lasting)
    start = tracks.states, tracks.covariances, tracks.weights
    whole = one.predict(*start, 4.0, lasting)
    halves = one.predict(*one.predict(*start, 2.0, lasting), 2.0, lasting)
    for here, there in zip(whole, halves, strict=True):
        np.testing.assert_allclose(here, there, rtol=1e-9)
    bare = one.predict(
        tracks.states[..., :-2], tracks.covariances[..., :-2, :-2], tracks.weights, 4.0
    )
    np.testing.assert_array_equal(whole[0][..., :-2], bare[0])
    np.testing.assert_array_equal(whole[1][..., :-2, :-2], bare[1])


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="turn_s"):
        Scan(0.0, RADAR, Kind.POSITION, np.empty((0, 2)), np.eye(2), turn_s=0.0)
    with pytest.raises(ValueError, match="lasting"):
        LastingError(0.0, 1.0)
    with pytest.raises(ValueError, match="finite"):
        LastingError(1.0, np.inf)


@pytest.mark.parametrize("name", ["lasting", "hidden"])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("radar", "by the name of each sensor, as in .*'radar'"),
        (("radar",), "by the name of each sensor"),
        ({"radar": 5.0}, "of 'radar' must be a .*, and is 5.0"),
        ({RADAR: 5.0}, "names of sensors, which are texts"),
    ],
)
def test_what_is_not_said_by_the_names_of_sensors_is_refused_at_once(
    name: str, given: object, message: str
) -> None:
    with pytest.raises(TypeError, match=f"{name} .*{message}"):
        Settings(**{name: given})


def test_a_sensor_that_never_comes_changes_nothing() -> None:
    scans = looks(np.random.default_rng(5), 1.0, told=True)
    with_nobody = last(scans, Settings(lasting={"nobody": LastingError(5.0, 60.0)}))
    np.testing.assert_allclose(with_nobody.states, last(scans).states)
    np.testing.assert_allclose(with_nobody.covariances, last(scans).covariances)
