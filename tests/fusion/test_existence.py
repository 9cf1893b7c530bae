"""Existence and state together, beside the densities that they stand for."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from alliage.fusion import ConstantVelocity, Kind, Modes, Scan, Sensor, Settings, Tracker

MOTION = ConstantVelocity(0.1)
NOISE = np.eye(2) * 400.0
SETTINGS = Settings(modes=Modes([MOTION]))
LOOK_S = 2.0


Places = list[tuple[float, float]]


def looked(tracker: Tracker, sensor: Sensor, places: Places, at_s: float) -> None:
    tracker.process(Scan(at_s, sensor, Kind.POSITION, np.array(places), NOISE))


def expected(
    before: Tracker, sensor: Sensor, plots: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Existence, state and covariance of every track: all joint events weighed (JIPDA).

    The states are those of things that exist: Musicki, Evans, *Joint integrated probabilistic data
    association: JIPDA*, IEEE Trans. Aerospace and Electronic Systems 40(3), 2004.
    """
    tracks = before.tracks
    states, spreads = MOTION.predict(tracks.states[:, 0], tracks.covariances[:, 0], LOOK_S)
    there = tracks.existence * np.exp(-LOOK_S / SETTINGS.mean_lifetime_s)
    seen = sensor.detection_probability * SETTINGS.gate_probability
    of_others = sensor.clutter_per_m2 / (1.0 - SETTINGS.existence_at_start)
    count = len(tracks)
    # What may be of a track: nothing (-2), unseen (-1), or the plot of that number.
    mass = [dict.fromkeys(range(-2, len(plots)), 0.0) for _ in range(count)]
    for event in product(range(-2, len(plots)), repeat=count):
        used = [plot for plot in event if plot >= 0]
        if len(used) > len(set(used)):
            continue
        weight = 1.0
        for track, plot in enumerate(event):
            if plot == -2:
                weight *= 1.0 - there[track]
            elif plot == -1:
                weight *= there[track] * (1.0 - seen)
            else:
                total = spreads[track, :2, :2] + NOISE
                residual = plots[plot] - states[track, :2]
                density = np.exp(-0.5 * residual @ np.linalg.solve(total, residual))
                density /= 2.0 * np.pi * np.sqrt(np.linalg.det(total))
                weight *= there[track] * seen * density / of_others
        for track, plot in enumerate(event):
            mass[track][plot] += weight
    existence, means, covariances = [], [], []
    for track in range(count):
        total = sum(mass[track].values())
        existing = total - mass[track].pop(-2)
        gain = spreads[track, :, :2] @ np.linalg.inv(spreads[track, :2, :2] + NOISE)
        after = spreads[track] - gain @ spreads[track, :2]
        parts = [(mass[track].pop(-1) / existing, states[track], spreads[track])]
        for plot, one in mass[track].items():
            moved = states[track] + gain @ (plots[plot] - states[track, :2])
            parts.append((one / existing, moved, after))
        mean = sum(share * moved for share, moved, _ in parts)
        spread = sum(s * (p + np.outer(x - mean, x - mean)) for s, x, p in parts)
        existence.append(existing / total)
        means.append(mean)
        covariances.append(spread)
    return np.array(existence), np.array(means), np.array(covariances)


@pytest.mark.parametrize("clutter_per_m2", [1e-6, 1e-5, 5e-5])
@pytest.mark.parametrize(
    "plots", [[(20.0, 0.0)], [(20.0, 0.0), (75.0, 10.0)]], ids=["one plot", "two plots"]
)
def test_the_state_of_a_track_is_that_of_a_thing_which_exists(
    clutter_per_m2: float, plots: Places
) -> None:
    sensor = Sensor("radar", 0.9, clutter_per_m2)
    tracker = Tracker(SETTINGS)
    looked(tracker, sensor, [(0.0, 0.0), (80.0, 0.0)], 0.0)
    existence, states, covariances = expected(tracker, sensor, np.array(plots))
    looked(tracker, sensor, plots, LOOK_S)
    after = tracker.tracks.select(np.arange(2))
    np.testing.assert_allclose(after.existence, existence, rtol=1e-6)
    np.testing.assert_allclose(after.states[:, 0], states, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(after.covariances[:, 0], covariances, rtol=1e-6, atol=1e-6)
