"""Ways over water, measured in metres: many polylines in one table, looked up all at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.exercise.plane import METRES_PER_DEGREE, Floats, LonLat

MAX_CUT_M: Final = 1_500.0
_PART: Final = np.linspace(0.0, 1.0, 6)
_ARC: Final = np.stack([(1 - _PART) ** 2, 2 * _PART * (1 - _PART), _PART**2], axis=1)
"""Weights of a quadratic Bezier curve's three points."""

_GAP_M: Final = 10.0

Waypoint = tuple[float, float, float]
"""Longitude, latitude, and room: metres of water to either side."""


@dataclass(frozen=True, slots=True)
class Places:
    """Points on paths, shape (n,) each: degrees, metres of room, unit vector along the path."""

    lon: Floats
    lat: Floats
    room_m: Floats
    east: Floats
    north: Floats


class Paths:
    """Polylines with rounded corners, laid end to end so that one search serves them all."""

    def __init__(self, ways: Sequence[Sequence[Waypoint]]) -> None:
        tables = [_rounded(np.array(way, np.float64)) for way in ways]
        counts = np.array([len(table) for table in tables])
        self._first = np.concatenate([[0], np.cumsum(counts)[:-1]])
        self._last = self._first + counts - 1
        table = np.concatenate(tables)
        lengths, tangents = zip(*(_measured(part) for part in tables), strict=True)
        self.length_m: Floats = np.array([marks[-1] for marks in lengths])
        starts = np.concatenate([[0.0], np.cumsum(self.length_m[:-1] + _GAP_M)])
        self._start = starts
        self._marks = np.concatenate([m + s for m, s in zip(lengths, starts, strict=True)])
        self._columns = np.concatenate([table, np.concatenate(tangents)], axis=1)

    def at(self, path: NDArray[np.int64], along_m: Floats) -> Places:
        """Return the points so far from the starts of these paths; beyond an end, the end."""
        mark = self._start[path] + np.clip(along_m, 0.0, self.length_m[path])
        leg = np.searchsorted(self._marks, mark, "right") - 1
        leg = np.clip(leg, self._first[path], self._last[path] - 1)
        here, there = self._columns[leg], self._columns[leg + 1]
        part = (mark - self._marks[leg]) / (self._marks[leg + 1] - self._marks[leg])
        lon, lat, room, east, north = (here + part[:, None] * (there - here)).T
        length = np.hypot(east, north)
        return Places(lon, lat, room, east / length, north / length)

    def vertices(self, path: int) -> tuple[Floats, Floats]:
        """Points of one path, shape (n, 2), and how far along each is, shape (n,)."""
        rows = slice(self._first[path], self._last[path] + 1)
        return self._columns[rows, :2], self._marks[rows] - self._start[path]


def with_room(points: Sequence[LonLat], room_m: float) -> list[Waypoint]:
    """Waypoints of a way drawn by hand, with the same room everywhere."""
    return [(lon, lat, room_m) for lon, lat in points]


def _rounded(way: Floats) -> Floats:
    """Each corner becomes an arc that stays within the room there."""
    legs_m = _legs_m(way)
    parts = [way[:1]]
    for number in range(1, len(way) - 1):
        corner = way[number]
        cut_m = min(
            legs_m[number - 1] / 3, legs_m[number] / 3, MAX_CUT_M, max(200.0, corner[2] / 2)
        )
        before = corner + (way[number - 1] - corner) * (cut_m / legs_m[number - 1])
        behind = corner + (way[number + 1] - corner) * (cut_m / legs_m[number])
        parts.append(_ARC @ np.stack([before, corner, behind]))
    rounded = np.concatenate([*parts, way[-1:]])
    apart = np.concatenate([[True], _legs_m(rounded) > 0])
    return np.asarray(rounded[apart])


def _legs_m(points: Floats) -> Floats:
    shrink = np.cos(np.radians((points[:-1, 1] + points[1:, 1]) / 2))
    east, north = (points[1:, 0] - points[:-1, 0]) * shrink, points[1:, 1] - points[:-1, 1]
    return np.asarray(np.hypot(east, north) * METRES_PER_DEGREE)


def _measured(points: Floats) -> tuple[Floats, Floats]:
    """How far along each point is, and the unit vector there: the mean of both legs'."""
    legs_m = _legs_m(points)
    shrink = math.cos(math.radians(float(points[:, 1].mean())))
    steps = (points[1:, :2] - points[:-1, :2]) * np.array([shrink, 1.0])
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    tangents = np.concatenate([steps[:1], steps[:-1] + steps[1:], steps[-1:]])
    tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
    return np.concatenate([[0.0], np.cumsum(legs_m)]), tangents
