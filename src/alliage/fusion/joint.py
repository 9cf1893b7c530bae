"""Joint probabilistic data association: how probable is it that a plot is a track's?

Bar-Shalom, Daum, Huang, *The probabilistic data association filter*, IEEE Control Systems
29(6), 2009. Belief propagation gives the answer everywhere; it is exact unless tracks and plots
form a cycle, and small clusters with a cycle are enumerated.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from alliage.fusion.belief import marginals
from alliage.fusion.matrices import Floats, Ints

JOINT_EVENTS_AT_MOST: Final = 2048
LARGEST_LOG_WEIGHT: Final = 500.0  # beyond it, nothing but an overflow is to be gained


def associate(track: Ints, plot: Ints, log_weight: Floats, enumerate_at_most: int) -> Floats:
    """Probability (p,) of each pair.

    Args:
        track: of each pair (p,), ascending.
        plot: of each pair (p,).
        log_weight: logarithm of the weight of each pair (p,) beside 1 for a track without plot
            and 1 for a plot of no track.
        enumerate_at_most: combinations of choices up to which a cluster is enumerated.
    """
    probability = np.empty(len(track))
    propagate = np.ones(len(track), np.bool_)
    for cluster in _clusters_with_cycles(track, plot, enumerate_at_most):
        probability[cluster] = enumerated(track[cluster], plot[cluster], log_weight[cluster])
        propagate[cluster] = False
    rest = np.flatnonzero(propagate)
    weight = np.exp(np.minimum(log_weight[rest], LARGEST_LOG_WEIGHT))
    probability[rest] = marginals(track[rest], plot[rest], weight)
    return probability


def _clusters_with_cycles(track: Ints, plot: Ints, combinations_at_most: int) -> list[Ints]:
    """Pairs of each connected cluster that has a cycle and few enough combinations."""
    if not _may_have_cycle(track, plot):
        return []
    plots = int(plot.max()) + 1
    nodes = plots + int(track.max()) + 1
    graph = coo_array((np.ones(len(track)), (plot, track + plots)), shape=(nodes, nodes))
    _, cluster_of_node = connected_components(graph, directed=False)
    cluster = cluster_of_node[plot]
    edges = np.bincount(cluster, minlength=nodes)
    members = np.bincount(cluster_of_node, minlength=nodes)
    choices = np.bincount(track) + 1.0
    log_combinations = np.bincount(cluster_of_node[plots:], np.log(choices), nodes)
    wanted = (edges >= members) & (log_combinations <= np.log(combinations_at_most))
    rows = np.flatnonzero(wanted[cluster])
    rows = rows[np.argsort(cluster[rows], kind="stable")]
    ends = np.flatnonzero(np.diff(cluster[rows])) + 1
    return [rows[begin:end] for begin, end in pairwise([0, *ends, len(rows)]) if end > begin]


def _may_have_cycle(track: Ints, plot: Ints) -> bool:
    """False where it is plain without looking for clusters: a cycle takes four pairs of tracks and
    plots that have others."""
    if len(track) < 4:
        return False
    shared = (np.bincount(plot)[plot] > 1) & (np.bincount(track)[track] > 1)
    return int(np.count_nonzero(shared)) >= 4


def enumerated(track: Ints, plot: Ints, log_weight: Floats) -> Floats:
    """The exact probabilities (p,): every joint event of a cluster is weighed.

    A joint event is feasible if no plot belongs to two tracks.
    """
    tracks = np.unique(track)
    options = [np.append(np.flatnonzero(track == one), -1) for one in tracks]
    events = np.stack([axis.ravel() for axis in np.meshgrid(*options, indexing="ij")], axis=-1)
    taken = np.where(events >= 0, plot[events], -1 - np.arange(len(tracks)))
    in_order = np.sort(taken, axis=1)
    events = events[(in_order[:, 1:] != in_order[:, :-1]).all(axis=1)]
    log_weights = np.append(log_weight, 0.0)[events].sum(axis=1)
    weights = np.exp(log_weights - log_weights.max())
    each = np.repeat(weights, len(tracks))
    total = np.bincount(events.ravel() + 1, each, len(track) + 1)  # the first is for no plot
    return np.asarray(total[1:] / weights.sum(), np.float64)
