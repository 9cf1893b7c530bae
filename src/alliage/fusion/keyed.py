"""The filter of things whose names are known: no association, and each row has its own time.

The same nearly constant velocity as :class:`alliage.fusion.motion.ConstantVelocity`, for many
things at once that were each last heard at another moment. States are offsets and velocities,
``[east_m, north_m, v_east_mps, v_north_mps]`` (n, 4), in a frame that each row has for itself.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from alliage.fusion.matrices import Bools, Floats, inverse_and_determinant, symmetric

SURPRISE: Final = 25.0
"""Squared Mahalanobis distance beyond which a report does not continue a track: one in 270,000
reports of a filter that is right. The track begins anew there, since its name stands for it."""


class Moving(NamedTuple):
    """States of n things."""

    states: Floats  # (n, 4)
    covariances: Floats  # (n, 4, 4)


def predicted(moving: Moving, elapsed_s: Floats, acceleration_psd_m2ps3: Floats) -> Moving:
    """Where each thing is so many seconds later, each (n,). BLK sections 5.2.3 and 6.2.2."""
    t = elapsed_s[:, None]
    states = moving.states.copy()
    states[:, :2] += t * moving.states[:, 2:]
    before, t = moving.covariances, elapsed_s[:, None, None]
    spread = before.copy()
    across = before[:, :2, 2:] + t * before[:, 2:, 2:]
    spread[:, :2, :2] += t * (before[:, :2, 2:] + before[:, 2:, :2]) + t * t * before[:, 2:, 2:]
    spread[:, :2, 2:], spread[:, 2:, :2] = across, across.swapaxes(1, 2)
    psd = acceleration_psd_m2ps3
    for axis in (0, 1):
        spread[:, axis, axis] += psd * elapsed_s**3 / 3.0
        spread[:, axis, axis + 2] += psd * elapsed_s**2 / 2.0
        spread[:, axis + 2, axis] += psd * elapsed_s**2 / 2.0
        spread[:, axis + 2, axis + 2] += psd * elapsed_s
    return Moving(states, spread)


def corrected(moving: Moving, part: slice, values: Floats, noise: Floats) -> tuple[Moving, Floats]:
    """What reports of two components of the states make of them.

    Args:
        moving: n things, predicted to the time of the reports.
        part: of the state that was reported: place or velocity.
        values: what was reported (n, 2).
        noise: how well (n, 2, 2).

    Returns:
        The things, and the squared Mahalanobis distance of each report (n,).
    """
    spread = moving.covariances
    inverse, _ = inverse_and_determinant(spread[:, part, part] + noise)
    residual = values - moving.states[:, part]
    gain = spread[:, :, part] @ inverse
    states = moving.states + np.einsum("nij,nj->ni", gain, residual)
    after = symmetric(spread - gain @ spread[:, part, :])
    distance = np.einsum("ni,nij,nj->n", residual, inverse, residual)
    return Moving(states, after), distance


def begun(values: Floats, noise: Floats, velocity: Floats, velocity_std_mps: Floats) -> Moving:
    """Things heard for the first time: places (n, 2) with noise (n, 2, 2), velocities (n, 2)."""
    count = len(values)
    covariances = np.zeros((count, 4, 4))
    covariances[:, :2, :2] = noise
    covariances[:, 2, 2] = covariances[:, 3, 3] = velocity_std_mps**2
    return Moving(np.concatenate([values, velocity], axis=1), covariances)


def chosen(rows: Bools, one: Moving, other: Moving) -> Moving:
    """Rows of ``one`` where so, else of ``other``."""
    return Moving(
        np.where(rows[:, None], one.states, other.states),
        np.where(rows[:, None, None], one.covariances, other.covariances),
    )
