"""The transport ``simulation``: the exercise's radio traffic, in real time, for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Final, Literal

from pydantic import Field

from alliage.exercise.simulation import Simulation
from alliage.feeds.transports.base import Arrival, OnChange, Transport, TransportConfig
from alliage.feeds.transports.registry import TransportKind
from alliage.ontology.times import Clock

_SECOND_US: Final = 1_000_000
_BURST_S: Final = 5
"""Simulated seconds that are played in one go while catching up."""


class SimulationConfig(TransportConfig):
    """``kind = "simulation"``."""

    kind: Literal["simulation"] = "simulation"
    seed: int = Field(default=1, ge=0, description="Another number gives another fleet.")
    ships: int = Field(default=320, ge=1, le=20_000, description="How many ships there are.")
    speed_factor: float = Field(
        default=1.0,
        gt=0,
        le=1000,
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

    def where(self) -> str:
        """Where the bytes come from."""
        return f"EXERCISE, seed {self.seed}, {self.ships} ships"


class SimulationTransport(Transport):
    """Plays a :class:`Simulation` that began ``lead_in_s`` before now."""

    def __init__(
        self, config: SimulationConfig, clock: Clock, on_change: OnChange | None = None
    ) -> None:
        super().__init__(config, clock, on_change)
        self._config = config

    async def connection(self) -> AsyncGenerator[Arrival, None]:
        """Sentences of every simulated second, once it is over."""
        loop = asyncio.get_running_loop()
        began_s, played_s = loop.time(), -self._config.lead_in_s
        now_us = self.clock.now_us() // _SECOND_US * _SECOND_US
        simulation = Simulation(
            self._config.seed, self._config.ships, now_us + played_s * _SECOND_US
        )
        self.connected()
        while True:
            due_s = (loop.time() - began_s) * self._config.speed_factor
            burst_s = min(_BURST_S, int(due_s) - played_s)
            if burst_s > 0:
                lines = [line for _ in range(burst_s) for line in simulation.step()]
                played_s += burst_s
                yield [self.chunk(b"".join(lines))]
            await asyncio.sleep(0 if burst_s > 0 else self._rest_s(due_s, played_s))

    def _rest_s(self, due_s: float, played_s: int) -> float:
        """Seconds until the next simulated second is over."""
        return max(0.001, (played_s + 1 - due_s) / self._config.speed_factor)


SIMULATION: Final = TransportKind(SimulationConfig, SimulationTransport)
"""What the node adds to the kinds of transport."""
