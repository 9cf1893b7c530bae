"""Gates and updates against their textbook formulae, one pair at a time."""

from __future__ import annotations

import numpy as np
import pytest

from alliage.fusion import Kind, Scan, Sensor
from alliage.fusion.gating import Pairs, Predicted, candidates
from alliage.fusion.likelihood import Fit, likelihoods
from alliage.fusion.matrices import inverse_and_determinant, wrapped
from alliage.fusion.measurement import innovation, to_positions
from alliage.fusion.modes import combined
from alliage.fusion.tracks import Tracks
from alliage.fusion.update import update

CHANCE = np.random.default_rng(11)
SENSOR = Sensor("s")
OWN = np.array([-400.0, 250.0])


def scan_of(kind: Kind, count: int = 30) -> Scan:
    places = CHANCE.uniform(-3000.0, 3000.0, (count, 2))
    offset = places - OWN
    bearing = np.arctan2(*offset.T)
    values = {
        Kind.POSITION: places,
        Kind.RANGE_BEARING: np.column_stack([np.hypot(*offset.T), bearing]),
        Kind.BEARING: bearing[:, None],
    }[kind]
    deviation = {
        Kind.POSITION: [30.0, 50.0],
        Kind.RANGE_BEARING: [20.0, 0.02],
        Kind.BEARING: [0.02],
    }[kind]
    return Scan(0.0, SENSOR, kind, values, np.diag(np.square(deviation)), OWN)


def gated(scan: Scan, tracks: Tracks, threshold: float) -> tuple[Pairs, Fit]:
    mean, spread = combined(tracks.states, tracks.covariances, tracks.weights)
    by_mode = tracks.states[..., :2], tracks.covariances[..., :2, :2]
    near = candidates(scan, Predicted(*by_mode, mean[:, :2], spread[:, :2, :2]), threshold)
    fit = likelihoods(scan, tracks, near)
    within = fit.distance.min(axis=1) <= threshold
    return near.where(within), fit.where(within)


def tracks_of(count: int, modes: int = 1) -> Tracks:
    root = CHANCE.normal(size=(count, modes, 4, 4)) * np.array([40.0, 40.0, 5.0, 5.0])[:, None]
    states = CHANCE.uniform(-3000.0, 3000.0, (count, modes, 4))
    states[:, 1:, :2] = states[:, :1, :2] + CHANCE.normal(0.0, 20.0, (count, modes - 1, 2))
    states[..., 2:] = CHANCE.normal(0.0, 10.0, (count, modes, 2))
    weights = CHANCE.dirichlet(np.ones(modes), count)
    return Tracks(
        number=np.arange(count),
        states=states,
        covariances=root @ root.swapaxes(-1, -2) + np.eye(4),
        weights=weights,
        existence=np.full(count, 0.9),
        confirmed=np.ones(count, np.bool_),
        looks=np.ones(count, np.uint64),
        looked=np.ones(count, np.int64),
        visible=np.empty((count, 0)),
    )


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("modes", [1, 2])
def test_the_gate_leaves_out_nothing_and_lets_in_nothing(kind: Kind, modes: int) -> None:
    """Of two modes the likely one is sure of its place, and the other expects it elsewhere."""
    scan, tracks = scan_of(kind), tracks_of(40, modes)
    if modes == 2:
        tracks.states[:, 1, :2] += CHANCE.normal(0.0, 200.0, (40, 2))
        tracks.covariances[:, 0] *= 0.01
        tracks.weights[:] = 0.99, 0.01
    pairs, _ = gated(scan, tracks, 9.21)
    wanted = set()
    for track, mode, plot in np.ndindex(40, modes, len(scan)):
        found = innovation(scan, scan.values[plot], tracks.states[track, mode, :2])
        total = found.spread(tracks.covariances[track, mode, :2, :2]) + scan.noise[plot]
        if found.residual @ np.linalg.solve(total, found.residual) <= 9.21:
            wanted.add((track, plot))
    assert wanted
    assert set(zip(pairs.track.tolist(), pairs.plot.tolist(), strict=True)) == wanted


def test_the_far_end_of_a_long_gate_is_nearer_than_a_crowd_beside_it() -> None:
    """Poor bearings at 40 km: the gate is 20 m deep and 700 m wide."""
    far = np.array([0.0, 40_000.0])
    beside = far + np.column_stack([CHANCE.uniform(-50, 50, 200), CHANCE.uniform(250, 400, 200)])
    ends = far + np.array([[-900.0, 0.0], [700.0, 5.0], [1500.0, 0.0]])
    places = np.concatenate([beside, ends]) - OWN
    values = np.column_stack([np.hypot(*places.T), np.arctan2(*places.T)])
    noise = np.diag(np.square([20.0, np.radians(1.0)]))
    scan = Scan(0.0, SENSOR, Kind.RANGE_BEARING, values, noise, OWN)
    tracks = tracks_of(2)
    tracks.states[:, 0, :2] = far, (0.0, -90_000.0)
    tracks.covariances[:] = np.diag(np.square([10.0, 10.0, 5.0, 5.0]))
    pairs, _ = gated(scan, tracks, 9.21)
    found = scan.values[pairs.plot, 1]
    np.testing.assert_allclose(np.sort(found), np.sort(values[200:, 1]))
    assert set(pairs.track.tolist()) == {0}


@pytest.mark.parametrize("kind", list(Kind))
def test_one_plot_updates_as_the_information_filter_does(kind: Kind) -> None:
    scan, tracks = scan_of(kind, 200), tracks_of(60)
    pairs, fit = gated(scan, tracks, 16.0)
    first = np.unique(pairs.track, return_index=True)[1]
    probability = np.zeros(len(pairs.track))
    probability[first] = 1.0
    states, spreads, _ = update(tracks, pairs, fit, probability)
    assert len(first) > 5
    for pair in first:
        track, plot = pairs.track[pair], pairs.plot[pair]
        before, prior = tracks.states[track, 0], np.linalg.inv(tracks.covariances[track, 0])
        found = innovation(scan, scan.values[plot], before[:2])
        slope = np.eye(2) if found.slope is None else found.slope
        slope = np.hstack([slope, np.zeros_like(slope)])
        precision = np.linalg.inv(scan.noise[plot])
        spread = np.linalg.inv(prior + slope.T @ precision @ slope)
        moved = before + spread @ slope.T @ precision @ found.residual
        np.testing.assert_allclose(spreads[track, 0], spread, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(states[track, 0], moved, rtol=1e-6, atol=1e-6)


def test_several_plots_and_modes_update_as_their_mixture() -> None:
    tracks = tracks_of(1, modes=2)
    centre = tracks.states[0, 0, :2]
    plots = centre + CHANCE.normal(0.0, 30.0, (3, 2))
    scan = Scan(0.0, SENSOR, Kind.POSITION, plots, np.eye(2) * 900.0)
    pairs, fit = gated(scan, tracks, 1e9)
    probability = np.array([0.5, 0.2, 0.1])
    states, spreads, weights = update(tracks, pairs, fit, probability)
    parts: dict[int, list[tuple[float, np.ndarray, np.ndarray]]] = {0: [], 1: []}
    for mode in (0, 1):
        prior = tracks.states[0, mode], tracks.covariances[0, mode]
        parts[mode].append((0.2 * tracks.weights[0, mode], *prior))
    for plot, chance in zip(pairs.plot, probability, strict=True):
        fits, after = [], []
        for mode in (0, 1):
            mean, spread = tracks.states[0, mode], tracks.covariances[0, mode]
            total, residual = spread[:2, :2] + scan.noise[plot], scan.values[plot] - mean[:2]
            gain = spread[:, :2] @ np.linalg.inv(total)
            density = np.exp(-0.5 * residual @ np.linalg.solve(total, residual))
            fits.append(density / np.sqrt(np.linalg.det(total)) * tracks.weights[0, mode])
            after.append((mean + gain @ residual, spread - gain @ total @ gain.T))
        for mode in (0, 1):
            parts[mode].append((chance * fits[mode] / sum(fits), *after[mode]))
    for mode in (0, 1):
        share = np.array([part[0] for part in parts[mode]])
        means = np.array([part[1] for part in parts[mode]])
        mean = share @ means / share.sum()
        apart = means - mean
        spread = sum(
            s * (part[2] + np.outer(a, a))
            for s, part, a in zip(share, parts[mode], apart, strict=True)
        )
        np.testing.assert_allclose(weights[0, mode], share.sum(), rtol=1e-9)
        np.testing.assert_allclose(states[0, mode], mean, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(spreads[0, mode], spread / share.sum(), rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("kind", [Kind.RANGE_BEARING, Kind.BEARING])
def test_slopes_are_those_of_the_measurement(kind: Kind) -> None:
    scan = scan_of(kind)
    places = CHANCE.uniform(-3000.0, 3000.0, (len(scan), 2))
    slope = innovation(scan, scan.values, places).slope
    for axis in (0, 1):
        step = np.eye(2)[axis] * 1e-3
        ahead = innovation(scan, scan.values, places + step).residual
        behind = innovation(scan, scan.values, places - step).residual
        change = -(ahead - behind)
        change[:, -1] = wrapped(change[:, -1])
        np.testing.assert_allclose(slope[..., axis], change / 2e-3, rtol=1e-5, atol=1e-7)


def test_converted_ranges_and_bearings_have_no_bias() -> None:
    true = np.array([3000.0, np.radians(40.0)])
    deviation = np.array([20.0, np.radians(4.0)])
    values = true + CHANCE.normal(size=(200_000, 2)) * deviation
    scan = Scan(0.0, SENSOR, Kind.RANGE_BEARING, values, np.diag(deviation**2))
    places, noise = to_positions(scan)
    wanted = true[0] * np.array([np.sin(true[1]), np.cos(true[1])])
    np.testing.assert_allclose(places.mean(axis=0), wanted, atol=2.0)
    np.testing.assert_allclose(np.cov(places.T), noise.mean(axis=0), rtol=0.05, atol=300.0)


def test_inverses_are_inverses() -> None:
    root = CHANCE.normal(size=(50, 2, 2))
    matrices = root @ root.swapaxes(1, 2) + np.eye(2) * 0.1
    inverse, determinant = inverse_and_determinant(matrices)
    np.testing.assert_allclose(inverse, np.linalg.inv(matrices), rtol=1e-9)
    np.testing.assert_allclose(determinant, np.linalg.det(matrices), rtol=1e-9)
    with pytest.raises(ValueError, match="3 x 3"):
        inverse_and_determinant(np.eye(3)[None])
