"""Distances between two sets of positions: OSPA and GOSPA."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from alliage.fusion.matrices import Floats, Ints


class Gospa(NamedTuple):
    """GOSPA for ``alpha = 2`` with its parts; the parts are powers of order p and add up.

    ``distance_m ** p == localisation + missed + false``.
    """

    distance_m: float
    localisation: float
    missed: float
    false: float
    missed_count: int
    false_count: int


class Matches(NamedTuple):
    """Pairs of estimates and truths, one to one, closer than the cutoff."""

    estimate: Ints  # (m,), rows
    truth: Ints  # (m,), rows
    distance_m: Floats  # (m,)


def match(estimates: Floats, truths: Floats, cutoff_m: float, order: float = 2.0) -> Matches:
    """The one-to-one matches of positions (n, 2) and (t, 2) with the least GOSPA."""
    distance = np.minimum(cdist(estimates, truths), cutoff_m)
    estimate, truth = linear_sum_assignment(distance**order)
    found = distance[estimate, truth]
    close = found < cutoff_m
    return Matches(estimate[close], truth[close], found[close])


def gospa(estimates: Floats, truths: Floats, cutoff_m: float, order: float = 2.0) -> Gospa:
    """Generalised optimal sub-pattern assignment metric, alpha = 2.

    Rahmathullah, Garcia-Fernandez, Svensson, *Generalized optimal sub-pattern assignment metric*,
    20th International Conference on Information Fusion, 2017.

    Args:
        estimates: positions (n, 2).
        truths: positions (t, 2).
        cutoff_m: an estimate farther than this from a truth has nothing to do with it.
        order: the exponent p, at least 1.

    Raises:
        ValueError: the cutoff is not positive or the order below 1.
    """
    _check(cutoff_m, order)
    matches = match(estimates, truths, cutoff_m, order)
    localisation = float((matches.distance_m**order).sum())
    missed, false = len(truths) - len(matches.truth), len(estimates) - len(matches.truth)
    each = cutoff_m**order / 2.0
    distance_m = (localisation + each * (missed + false)) ** (1.0 / order)
    return Gospa(distance_m, localisation, each * missed, each * false, missed, false)


def ospa(estimates: Floats, truths: Floats, cutoff_m: float, order: float = 2.0) -> float:
    """Optimal sub-pattern assignment metric: the mean error of a thing, at most the cutoff.

    Schuhmacher, Vo, Vo, *A consistent metric for performance evaluation of multi-object filters*,
    IEEE Trans. Signal Processing 56(8), 2008. Arguments and errors as for :func:`gospa`.
    """
    _check(cutoff_m, order)
    larger = max(len(estimates), len(truths))
    if not larger:
        return 0.0
    matches = match(estimates, truths, cutoff_m, order)
    unmatched = larger - len(matches.truth)
    total = float((matches.distance_m**order).sum()) + unmatched * cutoff_m**order
    return float((total / larger) ** (1.0 / order))


def _check(cutoff_m: float, order: float) -> None:
    if not cutoff_m > 0.0 or not order >= 1.0:
        raise ValueError(f"cutoff_m must be positive and order at least 1: {cutoff_m}, {order}")
