"""Which plots may belong to which tracks: near in space first, then by statistical distance."""

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
    transposed,
)
from alliage.fusion.measurement import innovation, to_positions
from alliage.fusion.scan import Kind, Scan

CURVED: Final = 1.5
"""Ample for how much longer a gate in range and bearing is in east and north than linearised."""

NEIGHBOURS_AT_MOST: Final = 32
"""Plots that are tried for a track: the nearest, so that crowds cost no more than their number."""

BLOCK: Final = 1 << 20
"""Pairs of tracks and bearings that are looked at together."""


class Pairs(NamedTuple):
    """Tracks and plots within each other's gate, by track."""

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
    away, plot = cKDTree(places).query(
        means, NEIGHBOURS_AT_MOST, distance_upper_bound=float(radius.max())
    )
    track, nth = np.nonzero(away <= radius[:, None])  # what is not there is infinitely far
    return track, plot[track, nth]


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
        away = found.residual[..., 0] ** 2 / limit
        nearest = np.argsort(away, axis=1, kind="stable")[:, :NEIGHBOURS_AT_MOST]
        track, nth = np.nonzero(np.take_along_axis(away, nearest, axis=1) <= 1.0)
        tracks.append(track + begin)
        plots.append(nearest[track, nth])
    return np.concatenate(tracks), np.concatenate(plots)
