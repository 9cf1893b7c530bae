"""The truth of an exercise: what really is, whatever the feeds say. Never goes through a feed.

For trainers, for measures of fusion and detection, and for tests.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from alliage.exercise.incidents import Incident, IncidentKind
from alliage.exercise.motion import Motions
from alliage.exercise.plane import LonLat
from alliage.exercise.sensors import Finder, Radar, sensor_identifier
from alliage.exercise.simulation import SECOND_US, ZERO_US, Simulation
from alliage.exercise.traffic import Traffic

LONGEST_US: Final = 31 * 86_400 * SECOND_US


@dataclass(frozen=True, slots=True)
class TrueState:
    """One ship as it truly is. Degrees WGS 84, m/s, degrees from true north."""

    mmsi: int
    name: str
    lon: float
    lat: float
    speed_mps: float
    course_deg: float
    at_rest: bool
    present: bool


@dataclass(frozen=True, slots=True)
class TrueIncident:
    """One incident with its exact interval (microseconds UTC, the end excluded)."""

    kind: IncidentKind
    mmsis: tuple[int, ...]
    names: tuple[str, ...]
    start_us: int
    end_us: int
    place: LonLat
    about: str


class Truth:
    """Answers for any time, past or to come, as long as nothing more is injected."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._traffic = Traffic(simulation.traffic.ways, simulation.lives)  # its own, for threads
        self._lock = threading.Lock()
        self._numbers = {ship.mmsi: ship.number for ship in simulation.fleet}

    def motions(self, time_us: int) -> Motions:
        """How all that is afloat truly moves: the fleet in its order, then boats without AIS."""
        return self._motions(range(len(self._simulation.lives)), time_us)

    def ship(self, mmsi: int, time_us: int) -> TrueState:
        """How one ship truly moves.

        Raises:
            KeyError: no ship of this exercise has this number.
        """
        number = self._numbers[mmsi]
        ship, motions = self._simulation.fleet[number], self._motions([number], time_us)
        return TrueState(
            mmsi,
            ship.name,
            float(motions.lon[0]),
            float(motions.lat[0]),
            float(motions.speed_mps[0]),
            float(motions.course_deg[0]),
            bool(motions.at_rest[0]),
            bool(motions.present[0]),
        )

    def sensors(self) -> dict[str, Radar | Finder]:
        """The sensors by their identifiers, with what is truly wrong with each."""
        each = self._simulation.scenario.sensors.each()
        return {sensor_identifier(number): sensor for number, sensor in each}

    def incidents(self, time_us: int) -> list[TrueIncident]:
        """Incidents that go on at this time, in the order in which they began."""
        return self.incidents_between(time_us, time_us + 1)

    def incidents_between(self, from_us: int, until_us: int) -> list[TrueIncident]:
        """Incidents any part of which lies in this time.

        Raises:
            ValueError: more than 31 days are asked for, or less than nothing.
        """
        if not 0 <= until_us - from_us <= LONGEST_US:
            raise ValueError(f"ask for at most 31 days, not {(until_us - from_us) / 8.64e10:.1f}")
        seconds = self._simulation.seconds
        found = self._simulation.schedule.between(seconds(from_us), seconds(until_us))
        told = [self.told(incident) for incident in found]
        return [one for one in told if one.start_us < until_us and from_us < one.end_us]

    def told(self, incident: Incident) -> TrueIncident:
        """An incident as a trainer knows it."""
        ships = [self._simulation.fleet[number] for number in incident.ships]
        return TrueIncident(
            incident.kind,
            tuple(ship.mmsi for ship in ships),
            tuple(ship.name for ship in ships),
            ZERO_US + round(incident.start_s * SECOND_US),
            ZERO_US + round(incident.end_s * SECOND_US),
            incident.place,
            incident.about,
        )

    def _motions(self, numbers: Sequence[int], time_us: int) -> Motions:
        simulation, time_s = self._simulation, self._simulation.seconds(time_us)
        ships = np.array(numbers, np.int64)
        incidents = simulation.schedule.at(time_s)
        times_s = np.full(len(ships), time_s)
        with self._lock:
            return self._traffic.at(time_s, ships, times_s, incidents).true
