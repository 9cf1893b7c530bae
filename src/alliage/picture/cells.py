"""Tracks counted in cells of a grid, for views that show more than anyone could read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

CELLS_A_TILE: Final = 8
"""Cells along one side of a map tile of 512 pixels: a cell is 64 pixels wide at a whole zoom."""
IDENTITIES: Final = 7
"""Standard identities of APP-6: 0..6."""
DEEPEST_LEVEL: Final = 20
MERCATOR_EDGE_DEG: Final = 85.051129


@dataclass(frozen=True, slots=True)
class Cells:
    """Occupied cells, one row for each schema and identity in each: centre and counts."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    count: NDArray[np.uint32]
    moving: NDArray[np.uint32]
    schema: NDArray[np.int32]  # schema code; -1 where not known
    identity: NDArray[np.uint8]  # standard identity of APP-6, 0..6


def count_cells(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    schema: NDArray[np.int32],
    identity: NDArray[np.uint8],
    moving: NDArray[np.bool_],
    zoom: float,
) -> Cells:
    """Count tracks in cells that are square on a Web Mercator map, by schema and identity.

    Args:
        lon: degrees, shape (n,).
        lat: degrees, shape (n,); beyond the map's edge they count in the outermost cells.
        schema: schema codes, shape (n,).
        identity: standard identities, shape (n,).
        moving: whether each makes way, shape (n,).
        zoom: the map's zoom; its whole part chooses the grid, so that cells stay while zooming.
    """
    side = CELLS_A_TILE * 2 ** min(max(int(zoom), 0), DEEPEST_LEVEL)
    phi = np.radians(np.clip(lat, -MERCATOR_EDGE_DEG, MERCATOR_EDGE_DEG))
    x = (lon + 180.0) / 360.0
    y = 0.5 + np.arcsinh(np.tan(phi)) / (2.0 * np.pi)
    column = np.clip(np.floor(x * side), 0, side - 1).astype(np.int64)
    line = np.clip(np.floor(y * side), 0, side - 1).astype(np.int64)
    kinds = int(schema.max(initial=-1)) + 2  # -1 counts too
    key = ((line * side + column) * kinds + schema + 1) * IDENTITIES + identity
    cells, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
    return Cells(
        lon=np.bincount(inverse, lon, len(cells)) / count,
        lat=np.bincount(inverse, lat, len(cells)) / count,
        count=count.astype(np.uint32),
        moving=np.bincount(inverse, moving, len(cells)).astype(np.uint32),
        schema=(cells // IDENTITIES % kinds - 1).astype(np.int32),
        identity=(cells % IDENTITIES).astype(np.uint8),
    )
