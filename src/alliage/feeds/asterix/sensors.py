"""What is remembered of each sensor: where it stands, and how far its look has come."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from alliage.feeds.asterix.options import Options, SensorOptions

SCHEME: Final = "sac-sic"
PLACE_TOLD_US: Final = 600_000_000
"""A sensor's position is an observation when it is first known, when it changes, and so often."""


def identifier(code: int) -> str:
    """A sensor's identifier: ``sac-sic:44/1``."""
    return f"{SCHEME}:{code >> 8}/{code & 0xFF}"


class TurnBy(IntEnum):
    """By what the turns of a radar are told apart; a better sign goes before the others."""

    PLOTS = 0
    SECTORS = 1
    NORTH = 2


@dataclass(slots=True)
class Sensor:
    """One sensor of a connection."""

    code: int
    options: SensorOptions
    latitude_deg: float
    longitude_deg: float
    height_m: float
    period_us: float  # of a turn; infinite where it is not known
    place_told_us: int | None = None
    is_finder: bool = False
    turn_by: TurnBy = TurnBy.PLOTS
    look: int = -1  # the number of the look, or of the last
    is_open: bool = False
    began_us: int = 0
    latest_us: int = 0  # of its plots
    azimuth_deg: float = 0.0  # of its last plot or sector

    @property
    def is_placed(self) -> bool:
        """Whether it is known where it stands."""
        return not math.isnan(self.latitude_deg)

    def place(self, latitude_deg: float, longitude_deg: float, height_m: float) -> None:
        """It says where it stands; a direction finder says nothing of its height."""
        if (latitude_deg, longitude_deg) != (self.latitude_deg, self.longitude_deg):
            self.place_told_us = None
        self.latitude_deg, self.longitude_deg = latitude_deg, longitude_deg
        if not math.isnan(height_m):
            self.height_m = height_m

    def tells_place(self, valid_us: int) -> bool:
        """Whether its position is due as an observation; counts as told from then on."""
        told_us = self.place_told_us
        if not self.is_placed or (told_us is not None and valid_us - told_us < PLACE_TOLD_US):
            return False
        self.place_told_us = valid_us
        return True


class Sensors(dict[int, Sensor]):
    """The sensors of a connection by their code, SAC * 256 + SIC; known as soon as asked for."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        self._options = options

    def __missing__(self, code: int) -> Sensor:
        told = self._options.sensors.get(f"{code >> 8}/{code & 0xFF}", SensorOptions())
        latitude, longitude = told.latitude_deg, told.longitude_deg
        placed = latitude is not None and longitude is not None
        sensor = self[code] = Sensor(
            code,
            told,
            latitude if latitude is not None and placed else math.nan,
            longitude if longitude is not None and placed else math.nan,
            told.height_m,
            math.inf if told.period_s is None else told.period_s * 1e6,
        )
        return sensor
