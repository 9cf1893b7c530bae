"""How plots relate to positions: linearised for the extended Kalman filter, and the way back.

Every kind of plot depends on a state through its position alone, so slopes are (p, k, 2).
Source: Bar-Shalom, Li, Kirubarajan 2001, sections 10.3.3 (extended Kalman filter) and 10.4.3
(converted measurements without bias).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alliage.fusion.matrices import Bools, Floats, Ints, symmetric, transposed, wrapped
from alliage.fusion.scan import Kind, Scan

NEAREST_M = 1.0
"""Closer to a sensor than this, a bearing has no slope worth having."""


class Innovation(NamedTuple):
    """What plots say beyond the prediction."""

    residual: Floats  # (..., k)
    slope: (
        Floats | None
    )  # (..., k, 2), of the measurement by the position; None: it is the position

    def spread(self, covariances: Floats) -> Floats:
        """Covariance (..., k, k) of measurements of positions with covariances (..., 2, 2)."""
        if self.slope is None:
            return covariances
        return self.slope @ covariances @ transposed(self.slope)

    def where(self, chosen: Bools | Ints) -> Innovation:
        """Some of the rows."""
        slope = None if self.slope is None else self.slope[chosen]
        return Innovation(self.residual[chosen], slope)


def innovation(scan: Scan, values: Floats, positions: Floats) -> Innovation:
    """Residuals of values (..., k) against predicted positions (..., 2), and slopes there."""
    if scan.kind is Kind.POSITION:
        return Innovation(values - positions, None)
    offset = positions - scan.sensor_position_m
    east, north = offset[..., 0], offset[..., 1]
    distance = np.maximum(np.hypot(east, north), NEAREST_M)
    square = distance * distance
    turned = wrapped(values[..., -1] - np.arctan2(east, north))
    by_bearing = np.stack([north / square, -east / square], axis=-1)
    if scan.kind is Kind.BEARING:
        return Innovation(turned[..., None], by_bearing[..., None, :])
    by_range = np.stack([east / distance, north / distance], axis=-1)
    residual = np.stack([values[..., 0] - distance, turned], axis=-1)
    return Innovation(residual, np.stack([by_range, by_bearing], axis=-2))


def to_positions(scan: Scan) -> tuple[Floats, Floats]:
    """Plots as positions (k, 2) with covariances (k, 2, 2).

    Ranges with bearings are converted without bias: the mean of a turned arrow is shorter than the
    arrow by ``exp(-variance / 2)``, so it is divided by that; the covariance is that of the
    linearised conversion.

    Raises:
        ValueError: bearings alone have no position.
    """
    if scan.kind is Kind.POSITION:
        return scan.values, scan.noise
    if scan.kind is Kind.BEARING:
        raise ValueError("a bearing alone has no position")
    distance, bearing = scan.values[:, 0], scan.values[:, 1]
    sine, cosine = np.sin(bearing), np.cos(bearing)
    stretched = distance * np.exp(0.5 * scan.noise[:, 1, 1])
    places = scan.sensor_position_m + np.stack([stretched * sine, stretched * cosine], axis=-1)
    slope = np.empty((len(scan), 2, 2))
    arm = np.maximum(distance, NEAREST_M)
    slope[:, 0, 0], slope[:, 0, 1] = sine, arm * cosine
    slope[:, 1, 0], slope[:, 1, 1] = cosine, -arm * sine
    return places, symmetric(slope @ scan.noise @ transposed(slope))
