"""What the receiver of an exercise's aircraft sends: JSON, every look a function of time."""

from __future__ import annotations

from typing import Final

import numpy as np
import orjson

from alliage.exercise.air import Air, AirTraffic
from alliage.exercise.chance import uniform
from alliage.exercise.fleet import KNOT_MPS
from alliage.exercise.sensing import Sent
from alliage.exercise.simulation import SECOND_US, ZERO_US, Simulation

PERIOD_S: Final = 4
FOOT_M: Final = 0.3048
_LOST: Final = 0.02
"""Part of the reports that is lost anyhow; near the edge of what is heard it is more."""

_HEARD: Final = 30
"""What a draw is for, apart from those of radars and radio traffic."""


class AirSensing:
    """The receiver at work in a simulation."""

    def __init__(self, air: Air) -> None:
        self._air = air
        self._traffic: AirTraffic | None = None

    @property
    def period_s(self) -> float:
        """How often it hands on what it heard."""
        return PERIOD_S

    def play(
        self, simulation: Simulation, from_us: int, until_us: int, begins: bool, every: int = 1
    ) -> list[Sent]:
        """The looks that end after ``from_us`` and not after ``until_us``; as other sensors do."""
        if self._traffic is None or self._traffic.seed != simulation.seed:
            self._traffic = AirTraffic(self._air, simulation.seed)
        first, last = ((us - ZERO_US) // SECOND_US // PERIOD_S for us in (from_us, until_us))
        return [
            Sent(_heard(self._traffic, look), ZERO_US + look * PERIOD_S * SECOND_US)
            for look in range(first + 1, last + 1)
            if every <= 1 or look % every == 0
        ]


def _heard(traffic: AirTraffic, look: int) -> bytes:
    time_s = look * PERIOD_S
    moved = traffic.at(time_s)
    part = traffic.hears(moved.lon, moved.lat, moved.height_m)
    numbers = np.arange(len(traffic.fleet))
    kept = uniform(traffic.seed, _HEARD, numbers, look) >= _LOST + 0.6 * np.maximum(part, 0.0) ** 8
    lines = []
    for row in np.flatnonzero(moved.flies & ~moved.silent & (part < 1.0) & kept).tolist():
        one, flight = traffic.fleet[row], int(moved.flight[row])
        said = {
            "timestamp": ZERO_US / SECOND_US + time_s,
            "icao24": one.address(flight),
            "callsign": one.call_sign(flight),
            "squawk": "7000" if one.is_light else f"{one.number % 8}{one.number // 8 % 8}31",
            "altitude": round(float(moved.height_m[row]) / FOOT_M / 25) * 25,
            "groundspeed": round(float(moved.speed_mps[row]) / KNOT_MPS, 1),
            "track": round(float(moved.course_deg[row]), 1),
            "latitude": round(float(moved.lat[row]), 6),
            "longitude": round(float(moved.lon[row]), 6),
        }
        lines.append(orjson.dumps(said))
    return b"".join(line + b"\n" for line in lines)
