"""What lies on the present way of things: areas that they will be in if they go on like this."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.detection.features import Feature, contains
from alliage.detection.scene import Scene
from alliage.geo.flat import moved

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]

STEPS: Final = 30
"""Places along the way ahead that are looked at: who cuts a corner in less time does not count."""


def one_of_each(scene: Scene, things: Rows) -> Rows:
    """One row of each object: the oldest that is live, so that it stays the same."""
    _, first = np.unique(scene.things.stands_for[things], return_index=True)
    return np.asarray(things[np.sort(first)], np.int32)


def in_reach(scene: Scene, area: Feature, things: Rows, ahead_s: float) -> Rows:
    """Those that are inside an area's box, or can be within some time."""
    west, south, east, north = area.geometry.bounds
    table = scene.things
    lat, lon = table.lat[things], table.lon[things]
    reach_deg = np.nan_to_num(table.speed_mps[things]) * ahead_s / 111_000.0
    wide_deg = reach_deg / np.maximum(np.cos(np.radians(lat)), 0.05)
    near = (lat >= south - reach_deg) & (lat <= north + reach_deg)
    near &= (lon >= west - wide_deg) & (lon <= east + wide_deg)
    return np.asarray(things[near], np.int32)


def entering(
    scene: Scene, area: Feature, things: Rows, ahead_s: Floats
) -> Iterator[tuple[int, float]]:
    """Things whose present way leads into an area, and in how many seconds.

    Args:
        scene: what is known.
        area: which.
        things: that are outside of it and make way.
        ahead_s: how far ahead of each is looked, (n,); nothing is found where it is 0.
    """
    table = scene.things
    known = (ahead_s > 0) & ~np.isnan(table.course_deg[things])
    things, ahead_s = things[known], ahead_s[known]
    if not len(things):
        return
    seconds = ahead_s[:, None] * np.arange(1, STEPS + 1) / STEPS
    lat, lon = _way_ahead(scene, things, seconds)
    within = contains(area, lat.ravel(), lon.ravel()).reshape(lat.shape)
    enters = np.flatnonzero(within.any(axis=1))
    first = within[enters].argmax(axis=1)
    entry_s = seconds[enters, first] - (scene.now_us - table.valid_us[things[enters]]) / 1e6
    yield from zip(things[enters].tolist(), np.maximum(entry_s, 0.0).tolist(), strict=True)


def _way_ahead(scene: Scene, things: Rows, seconds: Floats) -> tuple[Floats, Floats]:
    """Where each is after so many seconds of going on, (n, m) each."""
    table = scene.things
    way_m = table.speed_mps[things][:, None] * seconds
    toward = np.radians(table.course_deg[things])[:, None]
    lat, lon = table.lat[things][:, None], table.lon[things][:, None]
    return moved(lat, lon, way_m * np.sin(toward), way_m * np.cos(toward))
