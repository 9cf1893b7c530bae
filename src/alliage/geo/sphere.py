"""Points of the unit sphere, for questions of nearness that have no edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def on_sphere(latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> NDArray[np.float64]:
    """Places as points of the unit sphere, (n, 3).

    Two places some kilometres apart are as far from each other here as on the ground, in radii of
    the earth: the chord of 100 km is 1 m shorter than the arc.
    """
    lat, lon = np.radians(latitude_deg), np.radians(longitude_deg)
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
