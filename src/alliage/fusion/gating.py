"""Which plots may belong to which tracks: those near in space, or in bearing."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from alliage.fusion.matrices import (
    Bools,
    Floats,
    Ints,
    inverse_and_determinant,
    largest_eigenvalue,
    quadratic_form,
)
from alliage.fusion.measurement import innovation, to_positions
from alliage.fusion.scan import Kind, Scan

CURVED: Final = 1.5
"""Ample for how much longer a gate in range and bearing is in east and north than linearised."""

NEIGHBOURS_AT_MOST: Final = 32
"""Plots that are tried for a track: the nearest, so that crowds cost no more than their number.

Nearest by the statistical distance: a gate is long where bearings are poor, and its far end is
nearer than what lies beside it.
"""

CROWD: Final = 16
"""In a crowd they are chosen out of so many times as many plots, which are the nearest in metres.
"""

BLOCK: Final = 1 << 20
"""Pairs of tracks and bearings that are looked at together."""


class Pairs(NamedTuple):
    """Tracks and plots that may belong together, by track."""

    track: Ints  # (p,)
    plot: Ints  # (p,)

    def where(self, chosen: Bools) -> Pairs:
        """Some of the pairs."""
        return Pairs(self.track[chosen], self.plot[chosen])


class Predicted(NamedTuple):
    """Where tracks are expected: by each mode, and by all of them together."""

    by_mode: Floats  # (n, m, 2)
    spread_by_mode: Floats  # (n, m, 2, 2)
    mean: Floats  # (n, 2), of the mixture
    spread: Floats  # (n, 2, 2)


def candidates(scan: Scan, predicted: Predicted, threshold: float) -> Pairs:
    """Every pair within the gate of some mode, and some beside it: how near is not yet known.

    The mixture's own gate would leave out what an unlikely mode expects, and with it the only plots
    that could make it likely: what rests for long would never be seen to set out. Of more than
    :data:`NEIGHBOURS_AT_MOST` of a track the nearest.

    Args:
        scan: plots.
        predicted: positions of n tracks.
        threshold: largest squared Mahalanobis distance, a quantile of the chi-square distribution.
    """
    if not len(scan) or not len(predicted.mean):
        nothing = np.empty(0, np.int64)
        return Pairs(nothing, nothing)
    if scan.kind is Kind.BEARING:
        return _by_bearing(scan, predicted, threshold)
    return _by_place(scan, predicted, threshold)


def _by_place(scan: Scan, predicted: Predicted, threshold: float) -> Pairs:
    """Pairs closer than the longest axis that their gates may have: a k-d tree of the plots."""
    places, noise = to_positions(scan)
    means, covariances = predicted.mean, predicted.spread
    variance = largest_eigenvalue(predicted.spread_by_mode) + largest_eigenvalue(noise).max()
    by_mode = np.sqrt(threshold * variance)
    if scan.kind is not Kind.POSITION:
        by_mode *= CURVED
    aside = np.linalg.norm(predicted.by_mode - means[:, None], axis=2)
    radius = (by_mode + aside).max(axis=1)
    tree = cKDTree(places)
    track, plot = _within(tree, means, radius, NEIGHBOURS_AT_MOST)
    crowded = np.bincount(track, minlength=len(means)) == min(NEIGHBOURS_AT_MOST, len(places))
    if not crowded.any() or len(places) <= NEIGHBOURS_AT_MOST:
        return Pairs(track, plot)
    few = ~crowded[track]
    tracks, plots = [track[few]], [plot[few]]
    rows = np.flatnonzero(crowded)
    for part in np.array_split(rows, 1 + len(rows) * CROWD * NEIGHBOURS_AT_MOST // BLOCK):
        row, near = _within(tree, means[part], radius[part], CROWD * NEIGHBOURS_AT_MOST)
        row = part[row]
        nearest = _nearest(row, places[near] - means[row], covariances[row] + noise[near])
        tracks.append(row[nearest])
        plots.append(near[nearest])
    track, plot = np.concatenate(tracks), np.concatenate(plots)
    in_order = np.argsort(track, kind="stable")
    return Pairs(track[in_order], plot[in_order])


def _within(tree: cKDTree, means: Floats, radius: Floats, at_most: int) -> tuple[Ints, Ints]:
    """Rows of places (n, 2) and of a tree's points that are closer than a radius (n,)."""
    away, point = tree.query(
        means, min(at_most, tree.n), distance_upper_bound=float(radius.max(initial=0.0))
    )
    away, point = away.reshape(len(means), -1), point.reshape(len(means), -1)
    row, nth = np.nonzero(away <= radius[:, None])  # what is not there is infinitely far
    return row, point[row, nth]


def _nearest(row: Ints, apart: Floats, covariance: Floats) -> Ints:
    """Of pairs by row, the :data:`NEIGHBOURS_AT_MOST` of each row that are likeliest near."""
    precision, _ = inverse_and_determinant(covariance)
    order = np.lexsort([quadratic_form(precision, apart), row])
    first = np.searchsorted(row, row)  # rows ascend, and so they do in this order
    return order[np.arange(len(row)) - first < NEIGHBOURS_AT_MOST]


def _by_bearing(scan: Scan, predicted: Predicted, threshold: float) -> Pairs:
    """Pairs whose bearings are close: every track against every bearing, some tracks at a time."""
    count, modes = predicted.by_mode.shape[:2]
    rows = max(1, BLOCK // (len(scan) * modes))
    tracks, plots = [], []
    for begin in range(0, count, rows):
        part = slice(begin, begin + rows)
        found = innovation(scan, scan.values[None, None], predicted.by_mode[part, :, None])
        variance = found.spread(predicted.spread_by_mode[part, :, None])[..., 0, 0]
        limit = threshold * (variance + scan.noise[None, None, :, 0, 0])
        away = (found.residual[..., 0] ** 2 / limit).min(axis=1)
        nearest = np.argsort(away, axis=1, kind="stable")[:, :NEIGHBOURS_AT_MOST]
        track, nth = np.nonzero(np.take_along_axis(away, nearest, axis=1) <= 1.0)
        tracks.append(track + begin)
        plots.append(nearest[track, nth])
    return Pairs(np.concatenate(tracks), np.concatenate(plots))
