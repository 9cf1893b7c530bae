"""What two streams are apart for reasons of their own: a shift of place, and one of time.

Estimated from the pairs that are beyond doubt, by weighted least squares with Huber's weights
(Huber, *Robust Estimation of a Location Parameter*, Annals of Mathematical Statistics 35, 1964)
about a prior that neither is large.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from alliage.fusion.matrices import Floats, inverse_and_determinant

HUBER: Final = 1.5
ITERATIONS: Final = 5


@dataclass(frozen=True)
class Systematic:
    """East, north and time by which the one stream lies off the other.

    Metres, metres and seconds: ``offset`` (3,) with ``covariance`` (3, 3), from ``pairs`` pairs.
    The time is how much later the other stream's clock is: what it says of noon was so before noon.
    """

    offset: Floats
    covariance: Floats
    pairs: int = 0

    def at(self, velocity: Floats) -> Floats:
        """The shift in metres of what moves so (p, 2)."""
        shift: Floats = self.offset[:2] + self.offset[2] * velocity
        return shift

    def spread(self, velocity: Floats) -> Floats:
        """Its covariance (p, 3): east-east, east-north, north-north."""
        c, (ve, vn) = self.covariance, velocity.T
        return np.stack(
            [
                c[0, 0] + 2.0 * ve * c[0, 2] + ve * ve * c[2, 2],
                c[0, 1] + vn * c[0, 2] + ve * c[1, 2] + ve * vn * c[2, 2],
                c[1, 1] + 2.0 * vn * c[1, 2] + vn * vn * c[2, 2],
            ],
            axis=1,
        )

    @property
    def east_m(self) -> float:
        """Shift to the east."""
        return float(self.offset[0])

    @property
    def north_m(self) -> float:
        """Shift to the north."""
        return float(self.offset[1])

    @property
    def time_offset_s(self) -> float:
        """How much later the other's clock is."""
        return float(self.offset[2])

    @property
    def std(self) -> tuple[float, float, float]:
        """Standard deviations of the three."""
        east, north, time = np.sqrt(np.diag(self.covariance)).tolist()
        return east, north, time


def unknown(bias_std_m: float, time_offset_std_s: float) -> Systematic:
    """Nothing is known yet but how large it may be."""
    return Systematic(np.zeros(3), np.diag([bias_std_m, bias_std_m, time_offset_std_s]) ** 2.0)


def estimate(prior: Systematic, offset: Floats, covariance: Floats, velocity: Floats) -> Systematic:
    """The shifts that explain these pairs best.

    Args:
        prior: what is known without them.
        offset: mean distance of each pair (p, 2).
        covariance: of it (p, 2, 2).
        velocity: of each pair (p, 2).
    """
    if not len(offset):
        return prior
    design = np.zeros((len(offset), 2, 3))
    design[:, 0, 0] = design[:, 1, 1] = 1.0
    design[:, :, 2] = velocity
    inverse, _ = inverse_and_determinant(covariance)
    information = np.linalg.inv(prior.covariance)
    weighted = design.swapaxes(1, 2) @ inverse  # (p, 3, 2)
    found = np.append(np.median(offset, axis=0), prior.offset[2])
    for _ in range(ITERATIONS):
        residual = offset - design @ found
        away = np.sqrt(np.einsum("pi,pij,pj->p", residual, inverse, residual))
        weight = HUBER / np.maximum(away, HUBER)
        total = information + np.einsum("p,pij,pjk->ik", weight, weighted, design)
        right = information @ prior.offset + np.einsum("p,pij,pj->i", weight, weighted, offset)
        found = np.asarray(np.linalg.solve(total, right))
    return Systematic(found, np.linalg.inv(total), len(offset))
