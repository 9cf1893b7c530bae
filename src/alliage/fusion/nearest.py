"""Global nearest neighbour: each track one plot at most, each plot one track, the best in sum."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from alliage.fusion.matrices import Bools, Floats, Ints

DENSE_AT_MOST: Final = 40_000
"""Entries of a matrix up to which the dense algorithm is the quicker one (measured)."""


def assign(track: Ints, plot: Ints, gain: Floats) -> Bools:
    """Which pairs (p,) are chosen, so that their gains have the greatest sum.

    A pair whose gain is not positive is never chosen. Pairs whose track and plot have no other are
    settled at once; the rest is one assignment problem (Crouse, *On implementing 2D rectangular
    assignment algorithms*, IEEE Trans. Aerospace and Electronic Systems 52(4), 2016; for many,
    the sparse algorithm of Jonker and Volgenant, *Computing* 38, 1987).
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
        rows, row = np.unique(track[disputed], return_inverse=True)
        columns, column = np.unique(plot[disputed], return_inverse=True)
        small = len(rows) * len(columns) <= DENSE_AT_MOST
        matched = _matched_dense if small else _matched_sparse
        partner = matched(row, column, gain[disputed], len(rows), len(columns))
        chosen[disputed[partner[row] == column]] = True
    return chosen


def _matched_dense(row: Ints, column: Ints, gain: Floats, rows: int, columns: int) -> Ints:
    """The column of each row; where there was no pair, it gains nothing and means nothing."""
    gains = np.zeros((rows, columns))
    gains[row, column] = gain
    partner = np.full(rows, -1)
    matched_rows, matched_columns = linear_sum_assignment(gains, maximize=True)
    partner[matched_rows] = matched_columns
    return partner


def _matched_sparse(row: Ints, column: Ints, gain: Floats, rows: int, columns: int) -> Ints:
    """The same. Each row has a column of its own that gains nothing: a full matching exists."""
    own = np.arange(rows)
    nothing = gain.max() + 1.0  # costs are this less the gain: positive, as zero means no edge
    costs = csr_array(
        (
            np.concatenate([nothing - gain, np.full(rows, nothing)]),
            (np.concatenate([row, own]), np.concatenate([column, columns + own])),
        ),
        shape=(rows, columns + rows),
    )
    partner = np.full(rows, -1)
    matched_rows, matched_columns = min_weight_full_bipartite_matching(costs)
    partner[matched_rows] = matched_columns
    return partner
