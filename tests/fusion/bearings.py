"""Simulated looks of sensors that measure bearings alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from alliage.fusion import Kind, Scan, Sensor
from alliage.fusion.matrices import Floats

PERIOD_S = 5.0
STD_RAD = float(np.radians(1.0))


def finder(name: str, **figures: float) -> Sensor:
    return Sensor(name, **{"detection_probability": 0.9, "clutter_per_rad": 0.2} | figures)


def bearings(
    places: Sequence[tuple[float, float]],
    things: Sequence[tuple[float, float, float, float]],
    *,
    looks: int = 30,
    seed: int = 0,
    own_mps: tuple[float, float] = (0.0, 0.0),
    misses: bool = True,
) -> Iterator[tuple[Scan, Floats]]:
    """Scans of a finder at each place, one after the other, and where the things (n, 4) then are.

    All finders move alike. Things are a position and a velocity each.
    """
    chance = np.random.default_rng(seed)
    states = np.array(things, float).reshape(-1, 4)
    for look in range(looks):
        for nth, begin in enumerate(places):
            time_s = PERIOD_S * (look + nth / len(places))
            place = np.array(begin) + time_s * np.array(own_mps)
            true = states[:, :2] + time_s * states[:, 2:]
            seen = chance.random(len(true)) < (0.9 if misses else 2.0)
            offset = (true - place)[seen]
            said = np.arctan2(*offset.T) + chance.normal(0.0, STD_RAD, len(offset))
            if misses:
                said = np.append(said, chance.uniform(-np.pi, np.pi, chance.poisson(1.0)))
            noise = np.array([[STD_RAD**2]])
            sensor = finder(f"finder {nth}")
            yield Scan(time_s, sensor, Kind.BEARING, said[:, None], noise, place), true
