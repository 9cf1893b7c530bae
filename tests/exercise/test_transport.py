"""The simulation as a transport: a lead-in at once, then in step with the clock."""

import asyncio

from alliage.exercise.control import SEEK_BACK_US
from alliage.exercise.scenario import load_scenario
from alliage.exercise.simulation import Simulation
from alliage.exercise.transport import SimulationConfig, SimulationTransport
from alliage.feeds.contract import Chunk
from alliage.feeds.transports.base import State
from alliage.ontology.times import from_text

NOON_US = from_text("2026-06-01T12:00:00Z")


class StandingClock:
    def now_us(self) -> int:
        return NOON_US


def received(seconds: int, **settings: object) -> tuple[bytes, float]:
    """The bytes of so many simulated seconds, and how long they took."""
    config = SimulationConfig(ships=40, **settings)
    played = Simulation(load_scenario("baltic"), NOON_US - config.lead_in_s * 1_000_000, ships=40)
    wanted = b"".join(line for _ in range(seconds) for line in played.step())

    async def read() -> bytes:
        data = b""
        async for arrival in SimulationTransport(config, StandingClock()):
            assert isinstance(arrival, list)
            assert all(isinstance(chunk, Chunk) for chunk in arrival)
            data += b"".join(chunk.data for chunk in arrival)
            if len(data) >= len(wanted):
                break
        return data

    async def timed() -> tuple[bytes, float]:
        began = asyncio.get_running_loop().time()
        async with asyncio.timeout(20):
            data = await read()
        return data, asyncio.get_running_loop().time() - began

    data, took_s = asyncio.run(timed())
    assert data.startswith(wanted)
    return data, took_s


def test_the_lead_in_comes_at_once_and_is_what_the_simulation_says() -> None:
    _, took_s = received(300, lead_in_s=300)
    assert took_s < 5


def test_later_seconds_come_when_they_are_over() -> None:
    data, took_s = received(2, lead_in_s=0)
    assert data
    assert took_s >= 1.9


def test_a_hurried_exercise_runs_faster() -> None:
    _, took_s = received(60, lead_in_s=0, speed_factor=100.0)
    assert 0.5 < took_s < 5


def test_it_says_where_it_comes_from_and_that_it_is_an_exercise() -> None:
    assert SimulationConfig().where().startswith("EXERCISE")
    transport = SimulationTransport(SimulationConfig(), StandingClock())
    assert transport.status.state is State.CONNECTING


def test_what_is_built_is_stated_before_the_first_byte_and_was_there_a_week_before() -> None:
    statements = SimulationConfig().statements(NOON_US)
    built = load_scenario("baltic").infrastructure
    assert {one.schema for one in statements} == {"Cable", "Pipeline", "Facility"}
    assert len({one.identifier for one in statements}) == len(built.lines) + len(
        built.installations
    )
    assert {one.valid_from_us for one in statements} == {NOON_US - SEEK_BACK_US}
