"""The cells that traffic is learned on: H3, Uber's hexagonal grid (https://h3geo.org)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import shapely
from h3ronpy import change_resolution, grid_disk
from h3ronpy.vector import cells_to_coordinates, cells_to_wkb_polygons, coordinates_to_cells
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]

WAY: Final = 7
"""About 2.4 km across (5 km2)."""
PLACE: Final = 6
"""About 6.5 km across (36 km2)."""
AREA: Final = 5
"""About 17 km across (250 km2)."""


def cells_of(lat: Floats, lon: Floats, resolution: int) -> Numbers:
    """The cell of each place, (n,)."""
    if len(lat) == 0:
        return np.empty(0, np.int64)
    lat, lon = np.ascontiguousarray(lat), np.ascontiguousarray(lon)
    return _numbers(coordinates_to_cells(lat, lon, resolution))


def parents_of(cells: Numbers) -> tuple[Numbers, Numbers]:
    """The :data:`PLACE` and the :data:`AREA` that hold each cell, (n,)."""
    if len(cells) == 0:
        return cells, cells
    made = pa.array(cells.astype(np.uint64))
    return _numbers(change_resolution(made, PLACE)), _numbers(change_resolution(made, AREA))


def around(cell: int, rings: int) -> Numbers:
    """A cell and those about it, so many rings of them."""
    found = grid_disk(pa.array([cell], pa.uint64()), rings, flatten=True)
    return np.sort(_numbers(found))


def middle_of(cell: int) -> tuple[float, float]:
    """Where the middle of a cell is: latitude and longitude, degrees."""
    found = cells_to_coordinates(pa.array([cell], pa.uint64()))
    lat, lon = (pa.array(found[name]).to_numpy()[0] for name in ("lat", "lng"))
    return float(lat), float(lon)


def outline_of(cell: int) -> list[tuple[float, float]]:
    """The corners of a cell, longitude and latitude in degrees, the last like the first."""
    (wkb,) = pa.array(cells_to_wkb_polygons(pa.array([cell], pa.uint64()))).to_pylist()
    return [(lon, lat) for lon, lat in shapely.from_wkb(wkb).exterior.coords]


def _numbers(found: Any) -> Numbers:
    # No cell's number needs the sign's bit.
    return np.asarray(pa.array(found).to_numpy(), np.uint64).astype(np.int64)
