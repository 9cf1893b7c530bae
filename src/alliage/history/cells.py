"""H3 cells of places (Uber's hexagonal grid; https://h3geo.org)."""

from __future__ import annotations

from typing import Any, Final

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


def outlines_of(cells: NDArray[np.uint64], resolution: int) -> list[dict[str, Any] | None]:
    """The outline of each cell as a GeoJSON geometry (RFC 7946), cut at 180 degrees (3.1.9).

    The two cells that hold a pole have none: no ring of longitudes goes round it.
    """
    import shapely  # as above
    from h3ronpy.vector import cells_to_wkb_polygons, coordinates_to_cells

    if len(cells) == 0:
        return []
    poles = coordinates_to_cells(np.array([90.0, -90.0]), np.zeros(2), resolution)
    at_pole = np.isin(cells, pa.array(poles).to_numpy())
    polygons = shapely.from_wkb(pa.array(cells_to_wkb_polygons(cells)).to_pylist())
    return [
        None if is_polar else shapely.geometry.mapping(_cut(polygon))
        for polygon, is_polar in zip(polygons, at_pole.tolist(), strict=True)
    ]


def _cut(polygon: Any) -> Any:
    """A polygon whose longitudes jump from 180 to -180 degrees, as one on either side."""
    import shapely

    ring = shapely.get_coordinates(polygon)
    if np.ptp(ring[:, 0]) <= 180:
        return polygon
    ring[:, 0] %= 360
    whole = shapely.Polygon(ring)
    east = shapely.transform(
        shapely.intersection(whole, shapely.box(180, -90, 360, 90)), lambda at: at - [360, 0]
    )
    return shapely.MultiPolygon([shapely.intersection(whole, shapely.box(0, -90, 180, 90)), east])
