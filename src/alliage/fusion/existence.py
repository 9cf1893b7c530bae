"""How probable it is that a track follows something: integrated probabilistic data association.

Musicki, Evans, Stankovic, *Integrated probabilistic data association*, IEEE Trans. Automatic
Control 39(6), 1994; Musicki, Evans, *Joint integrated probabilistic data association: JIPDA*, IEEE
Trans. Aerospace and Electronic Systems 40(3), 2004. What begins a new track follows Williams,
*Marginal multi-Bernoulli filters*, same Transactions 51(3), 2015, with a share of unexplained
plots that is the same everywhere.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from alliage.fusion.matrices import Floats, Ints, sum_by

LEAST: Final = 1e-9
"""Nothing is impossible and nothing certain: what rounding settled, no look could unsettle."""


def within_reach(means: Floats, sensor_position_m: Floats, max_range_m: float | None) -> Floats:
    """1 where a sensor reaches a position (n, 2), 0 elsewhere (n,)."""
    if max_range_m is None:
        return np.ones(len(means))
    distance = np.hypot(*(means - sensor_position_m).T)
    return np.asarray(distance <= max_range_m, np.float64)


def log_weights(existence: Floats, detection: Floats, log_likelihood_ratio: Floats) -> Floats:
    """Logarithm of a pair's weight beside 1 for "the track has no plot" (p,).

    Args:
        existence: of each pair's track (p,).
        detection: probability that the sensor gives a plot of it, in its gate (p,).
        log_likelihood_ratio: log of the plot's density, over that of plots of no track (p,).
    """
    seen = existence * detection
    return np.log(seen) - np.log1p(-seen) + log_likelihood_ratio


def updated(existence: Floats, detection: Floats, track: Ints, probability: Floats) -> Floats:
    """Existence (n,) after a look (JIPDA).

    Args:
        existence: before (n,).
        detection: probability that the look gives a plot of the track, in its gate (n,).
        track: of each pair (p,), ascending.
        probability: that the pair's plot is the track's (p,).
    """
    unseen = existence * (1.0 - detection) / (1.0 - existence * detection)
    with_plot = np.minimum(sum_by(track, probability, len(existence)), 1.0)
    return np.clip(with_plot + (1.0 - with_plot) * unseen, LEAST, 1.0 - LEAST)


def if_existing(existence: Floats, track: Ints, probability: Floats) -> Floats:
    """Probability (p,) of each pair, provided that its track follows something (JIPDA).

    A track's state is that of a thing that exists: what stands for "there is none" has no part in
    it, or what begins would hardly heed its first plots.

    Args:
        existence: after the look (n,).
        track: of each pair (p,).
        probability: that the track follows something and the pair's plot is its own (p,).
    """
    return np.minimum(probability / existence[track], 1.0)
