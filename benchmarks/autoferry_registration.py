"""When the ferry's radar met what it measured, from what radar and lidar follow, without truth.

A turn of the radar takes 1.7 s, and what is met at its beginning is that much older than what is
met at its end: a boat at 3 m/s seems 2.5 m astern or ahead of where half a turn's age puts it, by
its bearing. Where a turn begins is fixed to the ferry, whose heading the recordings do not tell. So
it is estimated in each of them, with what the radar is late beside that: it is where dating the
radar's plots makes them lie best to what the lidar alone follows, each of its tracks with a
difference of range and one along its way of its own (the two sensors do not see the same side of a
boat), by a robust least-squares fit over turns that begin all around.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from alliage.fusion import Estimates
from alliage.fusion.matrices import Floats
from benchmarks.autoferry import Recording

TRIED_DEG = range(360)
NEAR_M = 12.0
LEAST_SPEED_MPS = 1.0
WELL_KNOWN_M = 3.0
SCALE_M = 2.0
OFFSET_PRIOR = 0.3
"""Each figure counts as measured as nought, as if by a plot of so much weight."""
MEAN_PRIOR = 0.03
"""The same of the range that all tracks differ by."""
ROUNDS = 10


class Common(NamedTuple):
    """Plots of the radar near a track of the lidar's: n rows; vectors are towards and aside."""

    bearing_rad: Floats  # (n,), from the ferry
    velocity: Floats  # (n, 2), of the track
    apart: Floats  # (n, 2), plot less track, at the time of the turn's middle
    distance_m: Floats  # (n,)
    track: Floats  # (n,)


class Registration(NamedTuple):
    """How the radar's plots are to be dated."""

    turn_begins_rad: float
    """Clockwise from north; there turns end too."""
    radar_late_s: float
    """How much older what the radar measures is than the time of its turns says."""


def registration(
    recording: Recording, lidar: Sequence[tuple[float, Estimates]], turn_s: float
) -> Registration:
    """When the radar met what it measured in a recording.

    Args:
        recording: whose radar's looks are dated half a turn back.
        lidar: what is followed by it alone, and when that was known.
        turn_s: how long a turn takes.
    """
    common = Common(*(np.array(column) for column in zip(*_common(recording, lidar), strict=True)))
    tried = [(*_fit(common, begin, turn_s), begin) for begin in np.radians(TRIED_DEG)]
    _, figures, begin = min(tried, key=lambda one: one[0])
    return Registration(float(begin), max(float(figures[0]), 0.0))


def _common(
    recording: Recording, lidar: Sequence[tuple[float, Estimates]]
) -> Iterator[tuple[float, Floats, Floats, float, int]]:
    known_s = np.array([when for when, _ in lidar])
    for look in recording.looks:
        latest = int(np.searchsorted(known_s, look.time_s, side="right")) - 1
        if look.sensor != "radar" or latest < 0 or not len(lidar[latest][1]):
            continue
        said = lidar[latest][1]
        places = said.states[:, :2] + said.states[:, 2:4] * (look.time_s - said.time_s)
        for value in look.values:
            apart = look.own + value - places
            row = int(np.argmin(np.hypot(*apart.T)))
            velocity, variance = said.states[row, 2:4], said.covariances[row, 0, 0]
            if np.hypot(*apart[row]) > NEAR_M or variance > WELL_KNOWN_M**2:
                continue
            if np.hypot(*velocity) < LEAST_SPEED_MPS:
                continue
            distance_m = float(np.hypot(*value))
            towards = value / distance_m
            axes = np.array([towards, [towards[1], -towards[0]]])
            bearing = float(np.arctan2(*value))
            yield bearing, axes @ velocity, axes @ apart[row], distance_m, int(said.number[row])


def _fit(common: Common, begin_rad: float, turn_s: float) -> tuple[float, Floats]:
    """How badly the plots lie if turns begin there, and the figures then: first how late they are.

    Cauchy's robust loss, by least squares that are weighted anew in each round.
    """
    part = (common.bearing_rad - begin_rad) % (2.0 * np.pi) / (2.0 * np.pi)
    apart = common.apart + common.velocity * (turn_s * (0.5 - part))[:, None]
    speed = np.linalg.norm(common.velocity, axis=1)
    its = (common.track[:, None] == np.unique(common.track)).astype(np.float64)
    farther = np.broadcast_to([1.0, 0.0], common.velocity.shape)
    turned = np.stack([np.zeros(len(speed)), np.radians(common.distance_m)], axis=1)
    along = its[:, None] * (common.velocity / speed[:, None])[..., None]
    columns = [-common.velocity[..., None], farther[..., None], turned[..., None], along]
    matrix = np.concatenate([*columns, its[:, None] * farther[..., None]], axis=2)
    matrix, values = matrix.reshape(2 * len(speed), -1), apart.ravel()
    prior, weights = OFFSET_PRIOR * np.eye(matrix.shape[1]), np.ones(len(values))
    prior[1, 1] = MEAN_PRIOR
    for _ in range(ROUNDS):
        rows = np.vstack([matrix * weights[:, None], prior])
        wanted = np.append(values * weights, np.zeros(len(prior)))
        figures = np.asarray(np.linalg.lstsq(rows, wanted, rcond=None)[0], np.float64)
        left = (values - matrix @ figures) / SCALE_M
        weights = 1.0 / np.sqrt(1.0 + left**2)
    return float(np.mean(np.log1p(left**2))), figures
