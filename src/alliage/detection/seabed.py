"""Cables and pipelines, and which things are near them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from alliage.detection.features import Feature
from alliage.detection.scene import Scene
from alliage.geo.flat import offset_m

Floats = NDArray[np.float64]

FARTHEST_M: Final = 3_500.0
"""Nobody is asked about who is farther away. At 70 degrees of latitude a cell is 3.8 km wide."""

_CELL_DEG: Final = 0.1
_ROW: Final = 4_000


class Near(NamedTuple):
    """Things near lines: columns of one length (n,), a row for each thing and line.

    Attributes:
        place: which of the places that were asked about.
        line: number of the line in :attr:`Seabed.lines`.
        off_m: how far off it is, negative to the left of the line's own direction.
        is_beside: whether it is beside the line, and not beyond one of its ends.
    """

    place: NDArray[np.intp]
    line: NDArray[np.int32]
    off_m: Floats
    is_beside: NDArray[np.bool_]


class Seabed:
    """What lies on the sea bed in a scene."""

    def __init__(self) -> None:
        self.lines: list[Feature] = []
        self._version = -1
        self._cells: NDArray[np.int64] = np.empty(0, np.int64)

    def refresh(self, scene: Scene) -> None:
        """Know the scene's features as they are now."""
        if self._version == scene.features.version:
            return
        self._version = scene.features.version
        self.lines = list(scene.features.of("Cable", "Pipeline"))
        points = [
            shapely.get_coordinates(shapely.segmentize(line.geometry, _CELL_DEG / 2))
            for line in self.lines
        ]
        lon, lat = np.concatenate(points).T if points else np.empty((2, 0))
        around = [
            _cell(lat + north * _CELL_DEG, lon + east * _CELL_DEG)
            for north in (-1, 0, 1)
            for east in (-1, 0, 1)
        ]
        self._cells = np.unique(np.concatenate(around))

    def near(self, lat: Floats, lon: Floats, within_m: float) -> Near:
        """Which places are near which lines; ``within_m`` at most :data:`FARTHEST_M`."""
        found: list[Near] = []
        if len(self._cells):
            rows = np.flatnonzero(np.isin(_cell(lat, lon), self._cells))
            for number, feature in enumerate(self.lines):
                found += _near(feature, number, rows, lat[rows], lon[rows], within_m)
        if not found:
            none = np.empty(0, np.intp)
            return Near(none, none.astype(np.int32), np.empty(0), none.astype(np.bool_))
        return Near(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _near(
    feature: Feature, number: int, rows: NDArray[np.intp], lat: Floats, lon: Floats, within_m: float
) -> list[Near]:
    west, south, east, north = shapely.bounds(feature.geometry)
    box = (lat > south - _CELL_DEG) & (lat < north + _CELL_DEG)
    box &= (lon > west - _CELL_DEG) & (lon < east + _CELL_DEG)
    if not box.any():
        return []
    rows, lat, lon = rows[box], lat[box], lon[box]
    nearest, beside = np.full(len(rows), np.inf), np.zeros(len(rows), np.bool_)
    for line in feature.lines:
        off_m, inner = _signed_m(lat, lon, line)
        nearer = np.abs(off_m) < np.abs(nearest)
        nearest, beside = np.where(nearer, off_m, nearest), np.where(nearer, inner, beside)
    close = np.abs(nearest) <= within_m
    lines = np.full(int(close.sum()), number, np.int32)
    return [Near(rows[close], lines, nearest[close], beside[close])]


def _signed_m(lat: Floats, lon: Floats, line: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Metres from a line, positive to its right, and whether its ends are farther away; (n,)."""
    east, north = offset_m(lat[:, None], lon[:, None], line[None, :, 1], line[None, :, 0])
    if len(line) == 1:
        return np.hypot(east[:, 0], north[:, 0]), np.zeros(len(lat), np.bool_)
    de, dn = np.diff(east, axis=1), np.diff(north, axis=1)
    length2 = np.maximum(de**2 + dn**2, 1e-9)
    part = -(east[:, :-1] * de + north[:, :-1] * dn) / length2
    along = np.clip(part, 0.0, 1.0)
    off = np.hypot(east[:, :-1] + along * de, north[:, :-1] + along * dn)
    which = off.argmin(axis=1)
    at = np.arange(len(lat)), which
    is_right = (dn * east[:, :-1] - de * north[:, :-1])[at] < 0
    beyond = ((which == 0) & (part[at] < 0)) | ((which == de.shape[1] - 1) & (part[at] > 1))
    return np.where(is_right, off[at], -off[at]), ~beyond


def _cell(lat: Floats, lon: Floats) -> NDArray[np.int64]:
    down = np.floor((lat + 90.0) / _CELL_DEG).astype(np.int64)
    return np.asarray(down * _ROW + np.floor((lon + 180.0) / _CELL_DEG).astype(np.int64))
