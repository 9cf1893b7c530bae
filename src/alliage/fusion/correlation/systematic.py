"""What two streams are apart for reasons of their own: a shift of place, one of time, and turns.

Estimated from the pairs that are beyond doubt, by weighted least squares with Huber's weights
(Huber, *Robust Estimation of a Location Parameter*, Annals of Mathematical Statistics 35, 1964)
about a prior that none is large.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from alliage.fusion.matrices import Floats, inverse_and_determinant

HUBER: Final = 1.5
NONE: Final = 1e-9
"""The standard deviation of what cannot be."""
ITERATIONS: Final = 5


EAST, NORTH, TIME, TURN, OTHER_TURN = range(5)


@dataclass(frozen=True)
class Systematic:
    """East, north, time and turns by which the one stream lies off the other.

    Metres, metres, seconds and twice radians: ``offset`` (5,) with ``covariance`` (5, 5), from
    ``pairs`` pairs. The time is how much later the other stream's clock is: what it says of noon
    was so before noon. The turns are by how much more, clockwise, the sensor of the one and that of
    the other says of each bearing, where it stands still and measures bearings; else nothing.
    """

    offset: Floats
    covariance: Floats
    pairs: int = 0

    def at(self, design: Floats) -> Floats:
        """The shift in metres (p, 2) of what is as :func:`design_of` has it."""
        shift: Floats = design @ self.offset
        return shift

    def spread(self, design: Floats) -> Floats:
        """Its covariance (p, 3): east-east, east-north, north-north."""
        found = design @ self.covariance @ design.swapaxes(1, 2)
        return np.stack([found[:, 0, 0], found[:, 0, 1], found[:, 1, 1]], axis=1)

    @property
    def east_m(self) -> float:
        """Shift to the east."""
        return float(self.offset[EAST])

    @property
    def north_m(self) -> float:
        """Shift to the north."""
        return float(self.offset[NORTH])

    @property
    def time_offset_s(self) -> float:
        """How much later the other's clock is."""
        return float(self.offset[TIME])

    @property
    def turns_deg(self) -> tuple[float, float]:
        """By how much the sensor of the one is turned clockwise, and that of the other."""
        turn, other = np.degrees(self.offset[[TURN, OTHER_TURN]]).tolist()
        return turn, other

    @property
    def std(self) -> tuple[float, float, float, float, float]:
        """Standard deviations, as ``offset``."""
        east, north, time, turn, other = np.sqrt(np.diag(self.covariance)).tolist()
        return east, north, time, turn, other


def unknown(
    bias_std_m: float, time_offset_std_s: float, turn_std_rad: tuple[float, float] = (0.0, 0.0)
) -> Systematic:
    """Nothing is known yet but how large it may be; a turn of 0 is none that could be."""
    stds = [bias_std_m, bias_std_m, time_offset_std_s, *turn_std_rad]
    return Systematic(np.zeros(5), np.diag(np.maximum(stds, NONE)) ** 2.0)


def design_of(velocity: Floats, lever: Floats) -> Floats:
    """What each systematic difference does to a pair's distance, (p, 2, 5).

    Args:
        velocity: of each pair (p, 2).
        lever: where it is from the sensor of the one and from that of the other, east and north of
            both (p, 4), metres; nothing where there is no such sensor.
    """
    design = np.zeros((len(velocity), 2, 5))
    design[:, 0, EAST] = design[:, 1, NORTH] = 1.0
    design[:, :, TIME] = velocity
    design[:, 0, TURN], design[:, 1, TURN] = lever[:, 1], -lever[:, 0]
    design[:, 0, OTHER_TURN], design[:, 1, OTHER_TURN] = -lever[:, 3], lever[:, 2]
    return design


def estimate(prior: Systematic, offset: Floats, covariance: Floats, design: Floats) -> Systematic:
    """The shifts that explain these pairs best.

    Args:
        prior: what is known without them.
        offset: mean distance of each pair (p, 2).
        covariance: of it (p, 2, 2).
        design: of each pair (p, 2, 5), see :func:`design_of`.
    """
    if not len(offset):
        return prior
    inverse, _ = inverse_and_determinant(covariance)
    information = np.linalg.inv(prior.covariance)
    weighted = design.swapaxes(1, 2) @ inverse  # (p, 5, 2)
    found = np.append(np.median(offset, axis=0), prior.offset[TIME:])
    for _ in range(ITERATIONS):
        residual = offset - design @ found
        away = np.sqrt(np.einsum("pi,pij,pj->p", residual, inverse, residual))
        weight = HUBER / np.maximum(away, HUBER)
        total = information + np.einsum("p,pij,pjk->ik", weight, weighted, design)
        right = information @ prior.offset + np.einsum("p,pij,pj->i", weight, weighted, offset)
        found = np.asarray(np.linalg.solve(total, right))
    return Systematic(found, np.linalg.inv(total), len(offset))
