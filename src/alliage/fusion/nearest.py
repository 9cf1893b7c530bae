"""Global nearest neighbour: each track one plot at most, each plot one track, the best in sum."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from alliage.fusion.matrices import Bools, Floats, Ints


def assign(track: Ints, plot: Ints, gain: Floats) -> Bools:
    """Which pairs (p,) are chosen, so that their gains have the greatest sum.

    A pair whose gain is not positive is never chosen. Pairs whose track and plot have no other are
    settled at once. For the rest each track has a column of its own that gains nothing, so that a
    full matching always exists; it is found by the sparse algorithm of Jonker and Volgenant
    (*Computing* 38, 1987), in which far clusters do not disturb each other.
    """
    chosen = np.zeros(len(track), np.bool_)
    good = np.flatnonzero(gain > 0.0)
    if not len(good):
        return chosen
    tracks_of = np.bincount(track[good])[track[good]]
    plots_of = np.bincount(plot[good])[plot[good]]
    alone = (tracks_of == 1) & (plots_of == 1)
    chosen[good[alone]] = True
    disputed = good[~alone]
    if len(disputed):
        chosen[disputed[_matched(track[disputed], plot[disputed], gain[disputed])]] = True
    return chosen


def _matched(track: Ints, plot: Ints, gain: Floats) -> Bools:
    rows, row = np.unique(track, return_inverse=True)
    columns, column = np.unique(plot, return_inverse=True)
    own = np.arange(len(rows))
    nothing = gain.max() + 1.0  # costs are this less the gain: positive, as zero means no edge
    costs = csr_array(
        (
            np.concatenate([nothing - gain, np.full(len(rows), nothing)]),
            (np.concatenate([row, own]), np.concatenate([column, len(columns) + own])),
        ),
        shape=(len(rows), len(columns) + len(rows)),
    )
    matched_rows, matched_columns = min_weight_full_bipartite_matching(costs)
    partner = np.empty(len(rows), np.int64)
    partner[matched_rows] = matched_columns
    same: Bools = partner[row] == column
    return same
