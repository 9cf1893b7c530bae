"""Innovations of things that move as the modes say are as large as the filter says."""

from __future__ import annotations

import numpy as np
import pytest

from alliage.fusion import (
    Association,
    ConstantVelocity,
    Kind,
    KnownTurn,
    Modes,
    Recording,
    Scan,
    Sensor,
    Settings,
    Tracker,
)

RADAR = Sensor("radar", 0.98, 1e-9)
NOISE = np.eye(2) * 400.0
PERIOD_S = 2.0
THINGS, LOOKS = 40, 120
BESIDE_THE_GATE = 0.98
"""A gate cuts off what would be the largest innovations, about one in a hundred of their sum."""


def innovations_of(modes: Modes, association: Association, seed: int) -> Recording:
    """Things far apart that switch between the modes as these say."""
    chance = np.random.default_rng(seed)
    switching = modes.switching(PERIOD_S)
    roots = [np.linalg.cholesky(model.noise(PERIOD_S)) for model in modes.models]
    steps = [model.transition(PERIOD_S) for model in modes.models]
    mode = chance.choice(len(modes), THINGS, p=modes.first_weights)
    state = np.zeros((THINGS, 4))
    state[:, 0] = np.arange(THINGS) * 50_000.0
    state[:, 2:] = chance.normal(0.0, 10.0, (THINGS, 2))
    tracker, recording = Tracker(Settings(modes=modes, association=association)), Recording()
    for look in range(LOOKS):
        mode = np.array([chance.choice(len(modes), p=switching[one]) for one in mode])
        for thing, one in enumerate(mode):
            state[thing] = steps[one] @ state[thing] + roots[one] @ chance.normal(size=4)
        seen = chance.random(THINGS) < RADAR.detection_probability
        plots = (state[:, :2] + chance.normal(0.0, 20.0, (THINGS, 2)))[seen]
        recording.add(tracker.process(Scan(PERIOD_S * look, RADAR, Kind.POSITION, plots, NOISE)))
    return recording


@pytest.mark.parametrize("association", list(Association))
@pytest.mark.parametrize(
    "modes",
    [
        Modes([ConstantVelocity(0.1)]),
        Modes([ConstantVelocity(0.1), KnownTurn(0.05), KnownTurn(-0.05)], [120.0, 30.0, 30.0]),
        Modes([ConstantVelocity(0.01), ConstantVelocity(0.1), ConstantVelocity(10.0)]),
    ],
    ids=["one mode", "turns", "restless or not"],
)
def test_innovations_of_what_moves_as_the_modes_say_are_as_expected(
    association: Association, modes: Modes
) -> None:
    found = innovations_of(modes, association, seed=3).nis()[2]
    assert found.errors > 4000
    assert BESIDE_THE_GATE * found.low <= found.mean <= found.high
