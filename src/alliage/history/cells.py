"""H3 cells of places (Uber's hexagonal grid; https://h3geo.org)."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.history.positions import degrees

FINEST: Final = 15


def check_resolution(resolution: int) -> None:
    """Refuse what is no resolution of the grid.

    Raises:
        ValueError: says which there are.
    """
    if not 0 <= resolution <= FINEST:
        raise ValueError(f"H3 has the resolutions 0 to {FINEST}, not {resolution}")


def cells_of(rows: pa.Table, resolution: int) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """The cell of each row that has a place, and which rows those are.

    Returns:
        Cells, shape (rows with a place,), and a mask, shape (rows,).
    """
    from h3ronpy.vector import coordinates_to_cells  # half of the rooms never need it

    lon, lat = degrees(rows, "longitude_deg"), degrees(rows, "latitude_deg")
    placed = np.isfinite(lon) & np.isfinite(lat)
    if not placed.any():
        return np.zeros(0, np.uint64), placed
    found = coordinates_to_cells(
        np.ascontiguousarray(lat[placed]), np.ascontiguousarray(lon[placed]), resolution
    )
    return pa.array(found).to_numpy(), placed
