"""Which tracks of two streams may be one thing: those near each other; and how many others are."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from alliage.fusion.correlation.rows import SourceRows
from alliage.fusion.frame import SEMI_MAJOR_M
from alliage.fusion.matrices import Floats, Ints

NEIGHBOURS: Final = 8
"""Tracks of the other stream that are tried for each: the nearest."""

CELLS_MPS: Final = (1.0, 3.0)
"""Cells in which velocities are counted: fine where many are alike, coarse where few are. None
finer than speeds are known, or lying still together would speak against being one."""

RARE_VELOCITY: Final = 1e-3
"""Density of velocities, per (m/s)^2, below which nothing is believed to be rarer."""


class Neighbours(NamedTuple):
    """Pairs that are near, each once, and the density of the other stream's things at each row."""

    one: Ints  # (p,)
    other: Ints  # (p,)
    density_at_one: Floats  # (n,) per square metre
    density_at_other: Floats  # (m,)


def neighbours(
    one: SourceRows, other: SourceRows, moved: tuple[Floats, Floats], reach_m: float
) -> Neighbours:
    """Find them.

    Args:
        one: rows of one stream.
        other: rows of the other.
        moved: how far east and north each moved since its report (n, 2), (m, 2).
        reach_m: greatest distance.
    """
    here, there = on_sphere(one, moved[0]), on_sphere(other, moved[1])
    to_other, density_one = _nearest(here, there, reach_m)
    to_one, density_other = _nearest(there, here, reach_m)
    keys = np.sort(
        np.concatenate([to_other[0] * len(other) + to_other[1], to_one[1] * len(other) + to_one[0]])
    )
    keys = keys[np.diff(keys, prepend=-1) > 0]
    i, j = np.divmod(keys, max(1, len(other)))
    return Neighbours(i, j, density_one, density_other)


def _nearest(places: Floats, among: Floats, reach_m: float) -> tuple[tuple[Ints, Ints], Floats]:
    """The nearest of each, and the density there without the nearest, which may be the same."""
    away, near = cKDTree(among).query(places, NEIGHBOURS, distance_upper_bound=reach_m)
    row, nth = np.nonzero(np.isfinite(away))
    found = np.isfinite(away).sum(axis=1)
    farthest = np.where(found == NEIGHBOURS, away[:, -1], reach_m)
    density = np.maximum(found - 1, 0) / (np.pi * np.maximum(farthest, 1.0) ** 2)
    return (row, near[row, nth].astype(np.int64)), density


def on_sphere(rows: SourceRows, moved: Floats) -> Floats:
    """Places as points of a sphere (n, 3), for looking: distances are true within one percent."""
    latitude = np.radians(rows.latitude_deg) + moved[:, 1] / SEMI_MAJOR_M
    shrunk = SEMI_MAJOR_M * np.maximum(np.cos(latitude), 1e-6)
    longitude = np.radians(rows.longitude_deg) + moved[:, 0] / shrunk
    return SEMI_MAJOR_M * np.stack(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ],
        axis=1,
    )


def velocity_density(velocities: Floats, at: Floats) -> Floats:
    """How usual velocities ``at`` (p, 2) are among those of a stream (n, 2), per (m/s)^2."""
    density = np.full(len(at), RARE_VELOCITY)
    for cell in CELLS_MPS:
        kept, counts = np.unique(_cell(velocities, cell), return_counts=True)
        if not len(kept):
            break
        wanted = _cell(at, cell)
        place = np.minimum(np.searchsorted(kept, wanted), len(kept) - 1)
        count = np.where(kept[place] == wanted, counts[place], 0)
        density = np.maximum(density, count / (len(velocities) * cell**2))
    return density


def _cell(velocities: Floats, size: float) -> Ints:
    """The cell of each velocity as one number; the middle one lies about rest."""
    column = np.clip(np.rint(velocities / size), -32_000, 32_000).astype(np.int64)
    return column[:, 0] * 65_536 + column[:, 1]
