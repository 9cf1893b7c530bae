"""The exercise's incidents are found, through the real decoder.

Those that take hours to show, or to learn what is usual first, are measured by the benchmark.
"""

from __future__ import annotations

import pytest

from alliage.detection import Alert
from alliage.exercise.incidents import Incident, IncidentKind
from alliage.exercise.scenario import load_scenario
from alliage.exercise.simulation import SECOND_US, ZERO_US, Simulation
from alliage.feeds.connection import Connection
from alliage.feeds.contract import Chunk
from alliage.feeds.registry import load_feeds
from tests.detection.recordings import engine

SHIPS = 150
BEGIN_US = ZERO_US + 3_600 * SECOND_US
HEARD_S, PLAYED_S = 420, 1_980
FOR = {
    IncidentKind.SPOOFS: {"jump", "false_circle", "heading_mismatch", "motion_mismatch"},
    IncidentKind.DRIFTS: {"drifting"},
    IncidentKind.DISTRESS: {"distress"},
}


@pytest.fixture(scope="module")
def played() -> tuple[Simulation, dict[IncidentKind, Incident], list[Alert]]:
    """Half an hour in which one ship each lies, drifts and calls."""
    simulation = Simulation(load_scenario("baltic"), BEGIN_US, seed=4, ships=SHIPS)
    at_us = BEGIN_US + HEARD_S * SECOND_US
    injected = {kind: simulation.inject(kind, 2_700.0, at_us=at_us) for kind in FOR}
    feed = load_feeds()["ais"]
    connection, of = Connection(feed, feed.options_model()), engine()
    for _ in range(PLAYED_S // 10):
        chunks = [Chunk(b"".join(simulation.step()), simulation.now_us) for _ in range(10)]
        for batch in connection.feed(chunks).batches:
            of.take("exercise", batch)
    return simulation, injected, of.finish()


@pytest.mark.parametrize("kind", FOR)
def test_what_happens_is_told_within_a_quarter_of_an_hour(
    played: tuple[Simulation, dict[IncidentKind, Incident], list[Alert]], kind: IncidentKind
) -> None:
    simulation, injected, told = played
    incident = injected[kind]
    ship = f"mmsi:{simulation.fleet[incident.ship].mmsi}"
    begun_us = ZERO_US + round(incident.start_s * SECOND_US)
    times = [
        alert.told_us - begun_us
        for alert in told
        if alert.detector in FOR[kind] and ship in alert.identifiers
    ]
    assert times
    assert min(times) <= 900 * SECOND_US


def test_nobody_else_is_accused(
    played: tuple[Simulation, dict[IncidentKind, Incident], list[Alert]],
) -> None:
    simulation, _, told = played
    truly = {
        f"mmsi:{simulation.fleet[number].mmsi}"
        for incident in simulation.schedule.between(0.0, 2 * 3_600.0)
        for number in incident.ships
    }
    others = [
        alert.reason_en
        for alert in told
        if alert.detector != "collision_risk"  # simulated ships do not give way
        and not truly.intersection(alert.identifiers)
        and not alert.identifiers[0].startswith("mmsi:972")
    ]
    assert others == []
