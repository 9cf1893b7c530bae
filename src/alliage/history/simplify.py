"""Trajectories for the screen: fewer points, none further from the line than is told."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.history.positions import degrees

METRES_A_DEGREE: Final = 111_195.0
"""Along a great circle of a sphere of 6,371,009 m, the mean radius of the WGS 84 ellipsoid."""


def simplified(rows: pa.Table, tolerance_m: float) -> pa.Table:
    """The rows of one trajectory that a line needs; the first and the last stay.

    Douglas and Peucker (1973), in a plane that touches the earth at the middle latitude: good for
    what a screen shows, not for measuring. A trajectory may cross 180 degrees. Rows without a
    place are left out.

    Args:
        rows: ``longitude_deg`` and ``latitude_deg``, in the order of time.
        tolerance_m: what is left out is at most so far from the line.

    Raises:
        ValueError: a tolerance that is not a positive number.
    """
    if not (np.isfinite(tolerance_m) and tolerance_m > 0):
        raise ValueError(f"a tolerance is more than 0 m, not {tolerance_m}")
    lon, lat = degrees(rows, "longitude_deg"), degrees(rows, "latitude_deg")
    placed = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if len(placed) > 2:
        placed = placed[_kept(lon[placed], lat[placed], tolerance_m)]
    return rows.take(pa.array(placed))


def _kept(
    lon: NDArray[np.float64], lat: NDArray[np.float64], tolerance_m: float
) -> NDArray[np.int64]:
    """Numbers of the points that stay; they travel through GEOS as the third coordinate."""
    import shapely  # not needed by what never draws

    middle = np.radians((lat.min() + lat.max()) / 2)
    x = np.unwrap(lon, period=360.0) * METRES_A_DEGREE * np.cos(middle)
    line = shapely.linestrings(np.column_stack([x, lat * METRES_A_DEGREE, np.arange(len(lon))]))
    thin = shapely.simplify(line, tolerance_m, preserve_topology=False)
    numbers: NDArray[np.int64] = shapely.get_coordinates(thin, include_z=True)[:, 2].astype(
        np.int64
    )
    return numbers
