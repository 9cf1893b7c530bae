"""The transport ``simulation``: an exercise's radio traffic, for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from functools import partial
from typing import Final, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from alliage.exercise.control import MAX_SPEED, SEEK_BACK_US, ExerciseControl, Progress
from alliage.exercise.scenario import Scenario, ScenarioError, load_scenario
from alliage.exercise.simulation import SECOND_US, Simulation
from alliage.feeds.contract import Chunk
from alliage.feeds.transports.base import Arrival, Ended, OnChange, Transport, TransportConfig
from alliage.feeds.transports.registry import TransportKind
from alliage.ontology.claim import Statement
from alliage.ontology.times import Clock, to_us
from alliage.ontology.wording import TELLS_ALL

BURST_S: Final = 30
"""Simulated seconds that are played in one go while catching up."""


class SimulationConfig(TransportConfig):
    """``kind = "simulation"``."""

    kind: Literal["simulation"] = "simulation"
    scenario: str = Field(
        default="baltic", description="The name of a scenario, or the path of a scenario's file."
    )
    seed: int | None = Field(
        default=None, ge=0, le=2**53, description="Another number gives another fleet."
    )
    ships: int | None = Field(
        default=None, ge=1, le=20_000, description="How many ships, in the scenario's mixture."
    )
    speed_factor: float = Field(
        default=1.0,
        gt=0,
        le=MAX_SPEED,
        description="How fast the exercise's time runs. Other than 1, its time drives the "
        "picture's clock, as that of a replay does.",
    )
    lead_in_s: int = Field(
        default=420,
        ge=0,
        le=86_400,
        description="Seconds before now that are played at once, so that names and trails are "
        "there from the beginning (a ship tells its name every six minutes).",
    )

    @field_validator("scenario")
    @classmethod
    def _usable(cls, name: str) -> str:
        try:
            load_scenario(name)
        except ScenarioError as error:
            told = {"problems": "; ".join(error.problems)}
            raise PydanticCustomError(TELLS_ALL, "{problems}", told) from error
        return name

    @property
    def is_exercise(self) -> bool:
        """It is one."""
        return True

    @property
    def own_time(self) -> bool:
        """Whether the exercise's time is another than the wall's from the beginning."""
        return self.speed_factor != 1 or load_scenario(self.scenario).start is not None

    def where(self) -> str:
        """Where the bytes come from."""
        return f"EXERCISE, scenario {self.scenario}"

    def statements(self, now_us: int) -> Sequence[Statement]:
        """The cables, pipelines and installations of the scenario.

        They have been there for a week when it begins, so that a seek back finds them.
        """
        scenario = load_scenario(self.scenario)
        start_us = now_us if scenario.start is None else to_us(scenario.start)
        return tuple(scenario.infrastructure.to_statements(start_us - SEEK_BACK_US))


class SimulationTransport(Transport):
    """Plays a :class:`Simulation` as its :class:`ExerciseControl` says."""

    def __init__(
        self, config: SimulationConfig, clock: Clock, on_change: OnChange | None = None
    ) -> None:
        super().__init__(config, clock, on_change)
        scenario = load_scenario(config.scenario)
        start_us = clock.now_us() if scenario.start is None else to_us(scenario.start)
        self.control = ExerciseControl(
            partial(_simulation, config, scenario),
            start_us,
            live=scenario.start is None,
            lead_in_s=config.lead_in_s,
            factor=config.speed_factor,
        )

    def connection(self) -> AsyncGenerator[Arrival, None]:
        """Sentences of every simulated second, once it is over; a seek ends what went before."""
        self.connected()
        return played(self.control, self.control.radio, self._take)

    def _take(self) -> list[Chunk]:
        lines = self.control.take(BURST_S)
        return [self.chunk(b"".join(lines))] if lines else []


async def played(
    control: ExerciseControl, progress: Progress, take: Callable[[], list[Chunk]]
) -> AsyncGenerator[Arrival, None]:
    """What one source plays of an exercise, for ever; a seek ends what went before.

    Args:
        control: the exercise's.
        progress: how far the source is.
        take: plays what is due; called in a thread.
    """
    run = progress.run
    while True:
        chunks = await asyncio.to_thread(take)
        if run != progress.run:
            run = progress.run
            yield Ended("", clean=True)
        if chunks:
            yield chunks
        else:
            await asyncio.sleep(max(0.001, control.rest_s(progress)))


def _simulation(config: SimulationConfig, scenario: Scenario, start_us: int) -> Simulation:
    start_us = start_us // SECOND_US * SECOND_US
    return Simulation(scenario, start_us, config.seed, config.ships)


SIMULATION: Final = TransportKind(SimulationConfig, SimulationTransport)
"""What the node adds to the kinds of transport."""
