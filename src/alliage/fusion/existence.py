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
from alliage.fusion.scan import Scan

LEAST: Final = 1e-9
"""Nothing is impossible and nothing certain: what rounding settled, no look could unsettle."""


def detection(scan: Scan, means: Floats, given: Floats, gate_probability: float) -> Floats:
    """Probability (n,) that a scan has a plot of a thing, in its gate, if it exists.

    Over the scans of one look these make the sensor's detection probability together, and a thing
    that has given its plot gives no other.

    Args:
        scan: the look, or its plots of one kind.
        means: predicted positions (n, 2).
        given: probability that the thing's plot was in the scans of this look before (n,).
        gate_probability: that a thing's plot lies in its gate.
    """
    seen = scan.sensor.detection_probability * gate_probability
    here = seen * scan.share / (1.0 - seen * scan.share_before)
    reach = scan.sensor.max_range_m
    if reach is None:
        return here * (1.0 - given)
    distance = np.hypot(*(means - scan.sensor_position_m).T)
    return np.where(distance <= reach, here * (1.0 - given), 0.0)


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
