"""Errors of a sensor that last from look to look, of each thing its own, followed beside its state.

What a camera takes for the middle of a ship, the side of a hull that a lidar sees, an antenna that
is turned: of one thing these err alike for many looks. Taken for noise that is new in each look,
they make a track surer than it may be, and it takes the drift of an error for a velocity.

So a state may bear, for each sensor that is named in ``Settings.lasting``, two more components: how
far east and north of the thing that sensor measures it. They forget themselves exponentially
(first-order Gauss-Markov process: Bar-Shalom, Li, Kirubarajan 2001, section 8.2, coloured noise and
the state augmented by it). Where several sensors see a thing, how they differ is learned, and stays
known when one of them stops. :mod:`alliage.fusion.views` has these components heeded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from alliage.fusion.matrices import Floats
from alliage.fusion.tracks import Tracks


@dataclass(frozen=True)
class LastingError:
    """How far a sensor's measurements of one thing are off, as places, and for how long.

    Args:
        std_m: standard deviation east, and north.
        time_constant_s: after which a third of an error is left.
    """

    std_m: float
    time_constant_s: float

    def __post_init__(self) -> None:
        if not (0.0 < self.std_m < np.inf and 0.0 < self.time_constant_s < np.inf):
            raise ValueError("std_m and time_constant_s of a lasting error: positive and finite")


Lasting = Mapping[str, LastingError]
"""By the name of the sensor."""


def wandered(lasting: Lasting, elapsed_s: float) -> tuple[Floats, Floats]:
    """What is left of each component (2 k,) and the variance (2 k,) that is new."""
    errors = [error for error in lasting.values() for _ in range(2)]
    part = np.array([elapsed_s / error.time_constant_s for error in errors])
    variance = np.square([error.std_m for error in errors])
    return np.exp(-part), -np.expm1(-2.0 * part) * variance


def widened(tracks: Tracks, lasting: Lasting) -> Tracks:
    """Tracks whose states know the motion alone, with errors of which nothing is known yet."""
    more = 2 * len(lasting)
    if not more:
        return tracks
    count, modes, size = tracks.states.shape
    states = np.zeros((count, modes, size + more))
    covariances = np.zeros((count, modes, size + more, size + more))
    states[..., :size], covariances[..., :size, :size] = tracks.states, tracks.covariances
    _, variance = wandered(lasting, np.inf)
    covariances[..., range(size, size + more), range(size, size + more)] = variance
    return replace(tracks, states=states, covariances=covariances)
