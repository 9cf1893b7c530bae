"""The transport ``exercise``: what one sensor of an exercise sends."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import Final, Literal, Self

from pydantic import Field, PrivateAttr

from alliage.exercise.air_sensing import AirSensing
from alliage.exercise.control import SEEK_BACK_US, ExerciseControl, Progress
from alliage.exercise.scenario import Scenario, load_scenario
from alliage.exercise.sensing import Sensing, Sent
from alliage.exercise.simulation import Simulation
from alliage.exercise.transport import BURST_S, SimulationConfig, played
from alliage.feeds.contract import Chunk
from alliage.feeds.transports.base import Arrival, FatalError, OnChange, Transport, TransportConfig
from alliage.feeds.transports.registry import TransportKind
from alliage.ontology.claim import Statement
from alliage.ontology.times import Clock, to_us

_LOOK_S: Final = 0.5
"""Seconds of the wall for which a look is enough: a hurried exercise does not drown its node."""


class SensorConfig(TransportConfig):
    """``kind = "exercise"``: a sensor sees the ships that another source's exercise plays."""

    kind: Literal["exercise"] = "exercise"
    exercise: str = Field(
        default="exercise", description="The name of the source that plays the exercise."
    )
    sensor: str = Field(
        description="The name of a sensor in the exercise's scenario, or of its receiver of "
        "aircraft (format `aircraft_json`)."
    )

    _played: SimulationConfig | None = PrivateAttr(default=None)

    def of(self, played: SimulationConfig) -> Self:
        """The same with the exercise to which it belongs.

        Raises:
            ValueError: that has no such sensor; names those that it has.
        """
        scenario = load_scenario(played.scenario)
        names = [*scenario.sensors.names(), *_receivers(scenario)]
        if self.sensor not in names:
            known = f"use one of {', '.join(names)}" if names else "its scenario has none"
            raise ValueError(f"{self.sensor!r} is no sensor of {self.exercise!r}: {known}")
        bound = self.model_copy()
        bound._played = played
        return bound

    @property
    def is_exercise(self) -> bool:
        """It is part of one."""
        return True

    @property
    def played(self) -> SimulationConfig:
        """The exercise to which it belongs.

        Raises:
            ValueError: :meth:`of` has not said which.
        """
        if self._played is None:
            raise ValueError(f"sensor {self.sensor!r}: it is not known which exercise it is of")
        return self._played

    def where(self) -> str:
        """Where the bytes come from."""
        return f"EXERCISE, sensor {self.sensor}"

    def statements(self, now_us: int) -> Sequence[Statement]:
        """What the sensor is called and how far it sees; as long as the exercise's cables are."""
        scenario = load_scenario(self.played.scenario)
        if self.sensor in _receivers(scenario):
            return ()
        start_us = now_us if scenario.start is None else to_us(scenario.start)
        number, sensor = scenario.sensors.named(self.sensor)
        return tuple(sensor.to_statements(number, start_us - SEEK_BACK_US))


class SensorTransport(Transport):
    """Plays one sensor of an exercise, in step with it."""

    def __init__(
        self, config: SensorConfig, clock: Clock, on_change: OnChange | None = None
    ) -> None:
        super().__init__(config, clock, on_change)
        self._config = config
        self._sensing = _sensing(load_scenario(config.played.scenario), config.sensor)
        self._control: ExerciseControl | None = None
        self._progress = Progress(0)
        self._begun_run: int | None = None

    @property
    def exercise(self) -> str:
        """The name of the source that plays the exercise."""
        return self._config.exercise

    def follow(self, control: ExerciseControl) -> Progress:
        """Belong to an exercise that runs; how far it is played from here on."""
        self._control, self._progress = control, control.progress()
        return self._progress

    async def connection(self) -> AsyncGenerator[Arrival, None]:
        """The looks that are over; a seek ends what went before."""
        control = self._control
        if control is None:
            raise FatalError(f"the exercise {self.exercise!r} does not run; give its source")
        self.connected()
        async for arrival in played(control, self._progress, lambda: self._take(control)):
            yield arrival

    def _take(self, control: ExerciseControl) -> list[Chunk]:
        every = math.ceil(_LOOK_S * control.factor / self._sensing.period_s)
        looks = partial(self._looks, every)
        sent = control.play(self._progress, BURST_S, looks)
        # A look says the time of day only: its day is that of the exercise.
        return [Chunk(one.data, one.at_us) for one in sent]

    def _looks(self, every: int, simulation: Simulation, from_us: int, until_us: int) -> list[Sent]:
        begins = self._begun_run != self._progress.run
        sent = self._sensing.play(simulation, from_us, until_us, begins, every)
        if sent:
            self._begun_run = self._progress.run
        return sent


def _receivers(scenario: Scenario) -> list[str]:
    return [] if scenario.air is None else [scenario.air.receiver.name]


def _sensing(scenario: Scenario, name: str) -> Sensing | AirSensing:
    if scenario.air is not None and name == scenario.air.receiver.name:
        return AirSensing(scenario.air)
    return Sensing(*scenario.sensors.named(name))


SENSOR: Final = TransportKind(SensorConfig, SensorTransport)
"""What the node adds to the kinds of transport, beside ``simulation``."""
