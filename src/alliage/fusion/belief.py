"""Marginal association probabilities by loopy belief propagation, for all tracks at once.

Williams, Lau, *Approximate evaluation of marginal association probabilities with belief
propagation*, IEEE Trans. Aerospace and Electronic Systems 50(4), 2014. Exact where the graph of
tracks and plots is a tree; it always converges.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from alliage.fusion.matrices import Floats, Ints

TOLERANCE: Final = 1e-5
ITERATIONS_AT_MOST: Final = 500


def marginals(track: Ints, plot: Ints, weight: Floats) -> Floats:
    """Probability (p,) that the plot of each pair is the track's.

    Args:
        track: of each pair (p,).
        plot: of each pair (p,).
        weight: of each pair (p,) beside 1 for a track without plot and 1 for a plot of no track.
    """
    if not len(weight):
        return np.empty(0)
    if np.bincount(plot).max() == 1:  # nothing is shared, and there is nothing to propagate
        total = np.bincount(track, weight).astype(np.float64)
        return weight / (1.0 + total[track])
    of_track, of_plot = _Groups(track), _Groups(plot)
    # Messages: `to_plot` is the paper's mu, `to_track` its nu.
    to_track = np.ones(len(weight))
    for _ in range(ITERATIONS_AT_MOST):
        to_plot = weight / (1.0 + of_track.sum_of_others(weight * to_track))
        before, to_track = to_track, 1.0 / (1.0 + of_plot.sum_of_others(to_plot))
        if (np.abs(to_track - before) <= TOLERANCE * to_track).all():
            break
    belief = weight * to_track
    return belief / (1.0 + of_track.sum(belief))


class _Groups:
    """Pairs that share a track, or a plot."""

    def __init__(self, index: Ints) -> None:
        self.order = np.argsort(index, kind="stable")
        self.back = np.argsort(self.order, kind="stable")
        in_order = index[self.order]
        first = np.diff(in_order, prepend=-1) != 0
        self.starts = np.flatnonzero(first)
        self.group = np.cumsum(first) - 1

    def sum(self, values: Floats) -> Floats:
        """For each pair, the sum over its group (p,)."""
        sums: Floats = np.add.reduceat(values[self.order], self.starts)
        return np.asarray(sums[self.group][self.back])

    def sum_of_others(self, values: Floats) -> Floats:
        """For each pair, the sum over its group without itself (p,).

        Taking the largest away from the total would leave only rounding where the rest is small,
        so the sum without it is made apart.
        """
        sorted_values = values[self.order]
        largest = np.maximum.reduceat(sorted_values, self.starts)[self.group]
        is_largest = sorted_values == largest
        small = np.add.reduceat(np.where(is_largest, 0.0, sorted_values), self.starts)[self.group]
        equals = np.add.reduceat(is_largest.astype(np.float64), self.starts)[self.group]
        others: Floats = small + np.where(
            is_largest, (equals - 1.0) * largest, equals * largest - sorted_values
        )
        return others[self.back]
