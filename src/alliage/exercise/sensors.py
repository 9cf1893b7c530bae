"""The sensors of an exercise as a scenario tells of them, with what is truly wrong with each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Self

from pydantic import Field, model_validator

from alliage.exercise.infrastructure import NAME
from alliage.exercise.waters import Part, Place
from alliage.feeds.asterix.sensors import identifier
from alliage.ontology.claim import Statement

AREA_CODE: Final = 255
"""Of every simulated sensor (SAC): no nation has it."""

_AT_MOST: Final = 64


def sensor_identifier(number: int) -> str:
    """By what a sensor's plots bear it: ``sac-sic:255/1``."""
    return identifier(AREA_CODE << 8 | number)


class Sensor(Part):
    """What every sensor has. It sees ships only, as a point each."""

    name: str = Field(pattern=NAME, description="Begins with EX: it is an exercise.")
    nation: str = Field(pattern=r"^[A-Z]{3}$", description="Whose it is: ISO 3166-1 alpha-3.")
    position: Place
    range_km: float = Field(gt=0, le=400, description="How far it sees.")
    period_s: float = Field(ge=0.5, le=60, description="How long a turn takes, or a look.")
    detection: float = Field(
        gt=0, le=1, description="Probability that a ship within range is seen in a look."
    )
    bearing_std_deg: float = Field(gt=0, le=30, description="Noise of its bearings.")
    bearing_bias_deg: float = Field(
        default=0.0, ge=-45, le=45, description="By how much its bearings are too large."
    )
    clock_offset_s: float = Field(
        default=0.0, ge=-30, le=30, description="By how much its clock is ahead."
    )
    clutter: float = Field(
        default=0.0, ge=0, le=1_000, description="False plots in a look, on average."
    )

    def to_statements(self, number: int, valid_from_us: int) -> Iterator[Statement]:
        """What everybody may know of it: its name and its range."""
        of = sensor_identifier(number)
        yield Statement(of, "Sensor", "name", self.name, valid_from_us)
        yield Statement(of, "Sensor", "sensor_range_m", self.range_km * 1_000, valid_from_us)


class Radar(Sensor):
    """A radar that turns; it tells range and bearing."""

    height_m: float = Field(default=30.0, ge=0, le=2_000, description="Of its antenna.")
    range_std_m: float = Field(gt=0, le=5_000, description="Noise of its ranges.")
    range_bias_m: float = Field(
        default=0.0, ge=-5_000, le=5_000, description="By how much its ranges are too long."
    )


class Finder(Sensor):
    """A direction finder or a camera on a mast; it tells bearings alone, all at once."""


class Sensors(Part):
    """All sensors of a scenario."""

    radars: tuple[Radar, ...] = Field(default=(), max_length=_AT_MOST)
    finders: tuple[Finder, ...] = Field(default=(), max_length=_AT_MOST)

    @model_validator(mode="after")
    def _one_of_each_name(self) -> Self:
        names = self.names()
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two sensors are called {twice[0]}; give each a name of its own")
        return self

    def each(self) -> Iterator[tuple[int, Radar | Finder]]:
        """Every sensor with its number (SIC): radars from 1 on, finders from 101 on."""
        yield from enumerate(self.radars, 1)
        yield from enumerate(self.finders, 101)

    def names(self) -> list[str]:
        """What they are called."""
        return [sensor.name for _, sensor in self.each()]

    def named(self, name: str) -> tuple[int, Radar | Finder]:
        """One of them with its number.

        Raises:
            KeyError: none has this name.
        """
        found = {sensor.name: (number, sensor) for number, sensor in self.each()}
        return found[name]
