"""Estimates of one thing by sources that may know of each other, made into one.

Covariance intersection: whatever the estimates have in common, the result is never surer than it
may be. Julier, Uhlmann, *A non-divergent estimation algorithm in the presence of unknown
correlations*, American Control Conference 1997. Weights without a search: Niehsen, *Information
fusion based on fast covariance intersection filtering*, FUSION 2002, here by the traces of
the places' covariances. The result does not depend on the order of the sources.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from alliage.fusion.keyed import Moving
from alliage.fusion.matrices import (
    Bools,
    Floats,
    Ints,
    inverse_and_determinant,
    inverse_by_blocks,
    sum_by,
)

AGREE_WITHIN: Final = 18.4
"""Squared Mahalanobis distance up to which two places may be of one thing: 99.99 % of chi-square
with two degrees of freedom."""


class Fused(NamedTuple):
    """What a set of estimates makes of each of m things."""

    moving: Moving  # m rows
    share: Floats  # (k,), how much each estimate weighs in its thing; they sum to 1


def intersect(moving: Moving, of: Ints, count: int) -> Fused:
    """Fuse estimates.

    Args:
        moving: k estimates, those of one thing in one frame and at one time.
        of: which of ``count`` things each is of (k,), ascending, none without an estimate.
        count: how many things there are.
    """
    precision = 1.0 / np.trace(moving.covariances[:, :2, :2], axis1=1, axis2=2)
    share = precision / sum_by(of, precision, count)[of]
    information: Floats = share[:, None, None] * inverse_by_blocks(moving.covariances)
    spread = inverse_by_blocks(sum_by(of, information, count))
    weighted = sum_by(of, np.einsum("kij,kj->ki", information, moving.states), count)
    return Fused(Moving(np.einsum("mij,mj->mi", spread, weighted), spread), share)


def agree(one: Moving, two: Moving, slack_m: float) -> Bools:
    """Whether two estimates of n things may be of the same place.

    ``slack_m`` is what sources that are aligned badly may be apart beyond their own uncertainty,
    as a standard deviation.
    """
    both = one.covariances[:, :2, :2] + two.covariances[:, :2, :2]
    inverse, _ = inverse_and_determinant(both + slack_m**2 * np.eye(2))
    apart = two.states[:, :2] - one.states[:, :2]
    within: Bools = np.einsum("ni,nij,nj->n", apart, inverse, apart) <= AGREE_WITHIN
    return within
