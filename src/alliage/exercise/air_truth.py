"""What truly happens to the aircraft of an exercise, as a trainer knows it; see :mod:`truth`."""

from __future__ import annotations

from dataclasses import dataclass

from alliage.exercise.air import AirIncident, AirKind, AirTraffic
from alliage.exercise.plane import LonLat
from alliage.exercise.simulation import SECOND_US, ZERO_US, Simulation


@dataclass(frozen=True, slots=True)
class TrueFlight:
    """One incident with its exact interval (microseconds UTC, the end excluded)."""

    kind: AirKind
    identifier: str
    name: str
    start_us: int
    end_us: int
    place: LonLat


def true_flights(simulation: Simulation, from_us: int, until_us: int) -> list[TrueFlight]:
    """Incidents of aircraft any part of which lies in this time."""
    air = simulation.scenario.air
    if air is None:
        return []
    seconds = simulation.seconds
    traffic = AirTraffic(air, simulation.seed)
    return [_told(one) for one in traffic.incidents(seconds(from_us), seconds(until_us))]


def _told(one: AirIncident) -> TrueFlight:
    start_us, end_us = (ZERO_US + round(s * SECOND_US) for s in (one.start_s, one.end_s))
    return TrueFlight(one.kind, one.identifier, one.name, start_us, end_us, one.place)
