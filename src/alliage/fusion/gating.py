"""Which plots may belong to which tracks: near in space first, then by statistical distance."""

from __future__ import annotations

from itertools import chain
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
    transposed,
)
from alliage.fusion.measurement import innovation, to_positions
from alliage.fusion.scan import Kind, Scan

CURVED: Final = 1.5
"""Ample for how much longer a gate in range and bearing is in east and north than linearised."""

BLOCK: Final = 1 << 20
"""Pairs of tracks and bearings that are looked at together."""


class Pairs(NamedTuple):
    """Tracks and plots within each other's gate, by track and then plot."""

    track: Ints  # (p,)
    plot: Ints  # (p,)
    distance: Floats  # (p,), squared Mahalanobis distance of the innovation

    def where(self, chosen: Bools) -> Pairs:
        """Some of the pairs."""
        return Pairs(self.track[chosen], self.plot[chosen], self.distance[chosen])


def gate(scan: Scan, means: Floats, covariances: Floats, threshold: float) -> Pairs:
    """Pairs whose squared Mahalanobis distance is at most ``threshold``.

    Args:
        scan: plots.
        means: predicted positions (n, 2).
        covariances: of these positions (n, 2, 2).
        threshold: a quantile of the chi-square distribution.

    Source: Bar-Shalom, Li, Kirubarajan 2001, section 5.4 (innovations), 1.4.17 (chi-square).
    """
    if not len(scan) or not len(means):
        nothing = np.empty(0, np.int64)
        return Pairs(nothing, nothing, np.empty(0))
    if scan.kind is Kind.BEARING:
        track, plot = _by_bearing(scan, means, covariances, threshold)
    else:
        track, plot = _by_place(scan, means, covariances, threshold)
    found = innovation(scan, scan.values[plot], means[track])
    spread = found.slope @ covariances[track] @ transposed(found.slope) + scan.noise[plot]
    inverse, _ = inverse_and_determinant(spread)
    distance = quadratic_form(inverse, found.residual)
    within = distance <= threshold
    return Pairs(track, plot, distance).where(within)


def _by_place(
    scan: Scan, means: Floats, covariances: Floats, threshold: float
) -> tuple[Ints, Ints]:
    """Pairs closer than the longest axis that their gate may have: a k-d tree of the plots."""
    places, noise = to_positions(scan)
    variance = largest_eigenvalue(covariances) + largest_eigenvalue(noise).max()
    radius = np.sqrt(threshold * variance)
    if scan.kind is not Kind.POSITION:
        radius *= CURVED
    lists = cKDTree(places).query_ball_point(means, radius, return_sorted=True)
    counts = np.fromiter(map(len, lists), np.int64, len(lists))
    plot = np.fromiter(chain.from_iterable(lists), np.int64, int(counts.sum()))
    return np.repeat(np.arange(len(means)), counts), plot


def _by_bearing(
    scan: Scan, means: Floats, covariances: Floats, threshold: float
) -> tuple[Ints, Ints]:
    """Pairs whose bearings are close: every track against every bearing, some tracks at a time."""
    rows = max(1, BLOCK // len(scan))
    tracks, plots = [], []
    for begin in range(0, len(means), rows):
        part = slice(begin, begin + rows)
        found = innovation(scan, scan.values[None], means[part, None])
        slope = found.slope[:, 0, 0]
        variance = np.einsum("ni,nij,nj->n", slope, covariances[part], slope)
        limit = threshold * (variance[:, None] + scan.noise[None, :, 0, 0])
        track, plot = np.nonzero(found.residual[..., 0] ** 2 <= limit)
        tracks.append(track + begin)
        plots.append(plot)
    return np.concatenate(tracks), np.concatenate(plots)
