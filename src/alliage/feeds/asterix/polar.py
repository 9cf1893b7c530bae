"""Slant range and range along the surface, on a sphere of the Earth's mean radius.

A radar measures the straight line to what it sees. Between that line and the way along the surface
lie the heights of both ends; a sphere is good to some parts in ten thousand of that difference.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

EARTH_M: Final = 6_371_000.0


def surface_range_m(slant_m: ArrayLike, sensor_m: ArrayLike, object_m: ArrayLike) -> Floats:
    """Range along the surface; 0 where the slant range is shorter than the heights differ.

    Args:
        slant_m: along the straight line.
        sensor_m: height of the sensor above the sea.
        object_m: height of what it sees.
    """
    low, high = EARTH_M + np.asarray(sensor_m), EARTH_M + np.asarray(object_m)
    squared = (np.square(slant_m) - np.square(high - low)) / (4 * low * high)
    half = np.sqrt(np.clip(squared, 0.0, 1.0))
    return np.asarray(2 * EARTH_M * np.arcsin(half))


def slant_range_m(surface_m: ArrayLike, sensor_m: ArrayLike, object_m: ArrayLike) -> Floats:
    """The straight line that belongs to a range along the surface; see above."""
    low, high = EARTH_M + np.asarray(sensor_m), EARTH_M + np.asarray(object_m)
    half = np.sin(np.asarray(surface_m) / (2 * EARTH_M))
    return np.asarray(np.sqrt(np.square(high - low) + 4 * low * high * np.square(half)))
