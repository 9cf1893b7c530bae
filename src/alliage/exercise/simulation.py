"""The exercise's radio traffic: every second of it a function of scenario, seed and that second.

Nothing is remembered from one second to the next, except what an instructor has injected. So the
same scenario gives the same bytes, and any second can be played next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.exercise.boats import make_boats
from alliage.exercise.casting import Casting
from alliage.exercise.fleet import KNOT_MPS, make_fleet, scaled
from alliage.exercise.incidents import Incident, IncidentKind
from alliage.exercise.messages import (
    aid_report,
    base_station,
    beacon_position,
    class_a_static,
    class_b_static,
    safety_text,
)
from alliage.exercise.plane import Floats, LonLat
from alliage.exercise.radio import (
    OTHER,
    POSITION,
    STATIC,
    CoastStations,
    block,
    lines,
    position_sentences,
    reaches,
)
from alliage.exercise.scenario import Scenario
from alliage.exercise.schedule import InjectError, Schedule
from alliage.exercise.traffic import Numbers, Traffic
from alliage.exercise.voyages import load_ways
from alliage.ontology.times import from_text

Flags = NDArray[np.bool_]

ZERO_US: Final = from_text("2026-01-01T00:00:00Z")
"""Where the exercises' own time begins to count: a node that starts again finds its ships there."""

SECOND_US: Final = 1_000_000
WINDOW_S: Final = 10
STATIC_S: Final = 360
_AID_S: Final = 180
_BASE_STATION_S: Final = 10
_BEACON_S: Final = 10
_CALL_S: Final = 60
_BEACON_REACH: Final = 0.4
BEACON_MMSI: Final = 972_299_000
"""Of a man-overboard device: 972, then 299 as everywhere in an exercise."""


class Simulation:
    """An endless exercise.

    Args:
        scenario: what it is like.
        start_us: its time at the beginning, UTC; whole seconds.
        seed: another number gives another fleet; None takes the scenario's.
        ships: how many there are, in the scenario's mixture; None takes the scenario's numbers.
            There are boats in proportion besides.
    """

    def __init__(
        self, scenario: Scenario, start_us: int, seed: int | None = None, ships: int | None = None
    ) -> None:
        self.scenario = scenario
        self.seed = scenario.seed if seed is None else seed
        self.start_us = start_us // SECOND_US * SECOND_US
        ways = load_ways()
        counts, boats = scenario.ships, scenario.boats
        if ships is not None:
            boats = round(boats * ships / max(1, sum(counts.values())))
            counts = scaled(counts, ships)
        self.fleet = make_fleet(ways, counts, self.seed)
        self.lives = [ship.life for ship in self.fleet] + make_boats(ways, boats, self.seed)
        """What all that is afloat does: the fleet, and after it boats that AIS does not know."""
        stations = ways.waters.stations if scenario.stations is None else scenario.stations
        self.stations = CoastStations(stations, self.seed)
        self._aids = ways.waters.aids
        self.traffic = Traffic(ways, self.lives)
        casting = Casting(ways, self.fleet, scenario, stations)
        self.schedule = Schedule(scenario, self.seed, self.fleet, casting)
        self._class_a = np.array([ship.transponder == "A" for ship in self.fleet])
        self.anchors = np.zeros(len(self.lives), np.bool_)
        """Which of all that is afloat lie at anchor in the open, shape (ships and boats,)."""
        self.anchors[: len(self.fleet)] = [ship.group == "anchored" for ship in self.fleet]
        self._reach = reaches(self.fleet)
        self._all = np.arange(len(self.fleet))
        self._phases = self._all * 7 + self.seed
        self._second = (self.start_us - ZERO_US) // SECOND_US
        self._window: tuple[int, list[list[bytes]]] | None = None
        self.refused: dict[int, InjectError] = {}
        """By their place in the scenario, from 0: why injects of it do not happen."""
        self._inject_those_of_the_scenario()

    # --- time

    @property
    def now_us(self) -> int:
        """The exercise's time: the beginning of the second that :meth:`step` plays next."""
        return ZERO_US + self._second * SECOND_US

    def seconds(self, time_us: int) -> float:
        """Seconds since the exercises' zero."""
        return (time_us - ZERO_US) / SECOND_US

    def seek(self, time_us: int) -> None:
        """Play this second next."""
        self._second = (time_us - ZERO_US) // SECOND_US

    def step(self) -> list[bytes]:
        """Play one second; return the sentences that came in, each with CR LF."""
        number, offset = divmod(self._second, WINDOW_S)
        if self._window is None or self._window[0] != number:
            self._window = number, self._play(number * WINDOW_S)
        self._second += 1
        return self._window[1][offset]

    def inject(
        self,
        kind: IncidentKind | str,
        lasts_s: float = 2_400.0,
        near: LonLat | None = None,
        ship: str | None = None,
        at_us: int | None = None,
    ) -> Incident:
        """Let something happen, now unless ``at_us`` says when.

        Raises:
            InjectError: nobody fits, or the kind is unknown.
        """
        try:
            kind = IncidentKind(kind)
        except ValueError as error:
            known = ", ".join(IncidentKind)
            raise InjectError(f"{kind!r} cannot be injected; known: {known}") from error
        time_s = self._second if at_us is None else self.seconds(at_us)
        incident = self.schedule.inject(kind, float(time_s), lasts_s, near, ship)
        self._window = None
        return incident

    def _inject_those_of_the_scenario(self) -> None:
        injects = enumerate(self.scenario.injects)
        for place, inject in sorted(injects, key=lambda one: one[1].at):
            at_us = self.start_us + round(inject.at) * SECOND_US
            try:
                self.inject(inject.kind, inject.lasts, inject.near, inject.ship, at_us)
            except InjectError as error:
                self.refused[place] = error

    # --- one window

    def _play(self, begin: int) -> list[list[bytes]]:
        """Everything heard in the seconds of one window."""
        incidents = self.schedule.between(begin, begin + WINDOW_S)
        heard: list[list[bytes]] = [[] for _ in range(WINDOW_S)]
        self._play_fixed(begin, heard)
        self._play_positions(begin, incidents, heard)
        self._play_statics(begin, incidents, heard)
        for incident in incidents:
            if incident.kind is IncidentKind.DISTRESS:
                self._play_beacon(begin, incident, heard)
        return heard

    def _play_positions(
        self, begin: int, incidents: list[Incident], heard: list[list[bytes]]
    ) -> None:
        ships, seconds = self._due(begin, incidents)
        if not len(ships):
            return
        moment = self.traffic.at(begin, ships, seconds.astype(np.float64), incidents)
        sends = moment.true.present & ~moment.silent
        true, unix_s = moment.true, seconds + ZERO_US // SECOND_US
        hearing = self.stations.hearing(
            true.lon, true.lat, self._reach[ships], POSITION, ships, seconds
        )
        hearing &= sends[:, None]
        told = position_sentences(self.fleet, moment, unix_s, self.seed)
        names = [station.name for station in self.stations.stations]
        rows, receivers = np.nonzero(hearing)
        for row, receiver, second in zip(
            rows.tolist(), receivers.tolist(), seconds[rows].tolist(), strict=True
        ):
            tag = block(names[receiver], second + ZERO_US // SECOND_US)
            heard[second - begin].append(tag + told[row] + b"\r\n")

    def _due(self, begin: int, incidents: list[Incident]) -> tuple[Numbers, Numbers]:
        """Ships and seconds of the position reports in a window, in order of time."""
        begins = np.full(len(self.fleet), float(begin))
        motions = self.traffic.at(begin, self._all, begins, incidents).told
        every_s = intervals_s(self._class_a, motions.speed_mps, motions.at_rest)
        seconds = np.arange(begin, begin + WINDOW_S)
        due = (seconds[:, None] + self._phases) % every_s == 0
        rows, ships = np.nonzero(due & motions.present)
        return ships, seconds[rows]

    def _play_statics(
        self, begin: int, incidents: list[Incident], heard: list[list[bytes]]
    ) -> None:
        after = (begin + self._phases * 11) % STATIC_S
        ships = np.flatnonzero((STATIC_S - after) % STATIC_S < WINDOW_S)
        seconds = begin + (STATIC_S - after[ships]) % STATIC_S
        moment = self.traffic.at(begin, ships, seconds.astype(np.float64), incidents)
        reach = self._reach[ships]
        hearing = self.stations.hearing(
            moment.true.lon, moment.true.lat, reach, STATIC, ships, seconds
        )
        hearing &= (moment.true.present & ~moment.silent)[:, None]
        for row, (number, second) in enumerate(zip(ships.tolist(), seconds.tolist(), strict=True)):
            stations = [
                self.stations.stations[n].name for n in np.flatnonzero(hearing[row]).tolist()
            ]
            if stations:
                for turn, fields in enumerate(self._static(number, begin)):
                    unix_s = second + ZERO_US // SECOND_US
                    heard[second - begin] += lines(fields, stations, unix_s, number + turn)

    def _static(self, number: int, begin: int) -> list[list[tuple[int | str, int]]]:
        ship = self.fleet[number]
        if ship.transponder == "B":
            return class_b_static(ship)
        leg = self.traffic.legs_at(begin)[0][number]
        arrive_s = min(max(leg.arrive_s, begin - 86_400.0), begin + 300 * 86_400.0)
        return [class_a_static(ship, leg.bound_for, ZERO_US + round(arrive_s) * SECOND_US)]

    def _play_fixed(self, begin: int, heard: list[list[bytes]]) -> None:
        """Base stations and aids to navigation."""
        for number, station in enumerate(self.stations.stations):
            second = _next(begin, number, _BASE_STATION_S)
            if second < begin + WINDOW_S:
                time_us = ZERO_US + second * SECOND_US
                fields = base_station(number, station, time_us)
                heard[second - begin] += lines(fields, [station.name], time_us // SECOND_US, number)
        for number, aid in enumerate(self._aids):
            second = _next(begin, 13 * number, _AID_S)
            if second < begin + WINDOW_S:
                time_us = ZERO_US + second * SECOND_US
                fields = aid_report(number, aid, time_us)
                heard[second - begin] += self.stations.heard(
                    fields, aid.position, time_us // SECOND_US, 1.0, OTHER, number, second
                )

    def _play_beacon(self, begin: int, incident: Incident, heard: list[list[bytes]]) -> None:
        """A man-overboard device tells its place; it and the ship ask for help in words."""
        mmsi = BEACON_MMSI + incident.ship % 1_000
        ship = self.fleet[incident.ship]
        words = (
            (mmsi, "EXERCISE MOB ACTIVE", _BEACON_REACH),
            (ship.mmsi, f"EXERCISE MAYDAY {ship.name} MAN OVERBOARD", 1.0),
        )
        for second in range(begin, begin + WINDOW_S):
            if not incident.active(second):
                continue
            where, unix_s = incident.beacon(second), second + ZERO_US // SECOND_US
            said: Callable[..., list[bytes]] = self.stations.heard
            if second % _BEACON_S == 3:
                fields = beacon_position(mmsi, where, 120.0, unix_s % 60)
                heard[second - begin] += said(
                    fields, where, unix_s, _BEACON_REACH, OTHER, mmsi, second
                )
            for turn, (sender, text, reach) in enumerate(words):
                if (second + 20 * turn) % _CALL_S == 5:
                    fields = safety_text(sender, text)
                    heard[second - begin] += said(
                        fields, where, unix_s, reach, OTHER, sender, second + 1
                    )


def intervals_s(class_a: Flags, speed_mps: Floats, at_rest: Flags) -> Numbers:
    """How often ships report their position: ITU-R M.1371-5, annex 1, tables 1 and 2.

    The shorter intervals of a ship that changes course are left out.
    """
    knots = speed_mps / KNOT_MPS
    under_way = np.select([knots <= 14, knots <= 23], [10, 6], 2)
    of_a = np.where(at_rest & (knots <= 3), 180, under_way)
    return np.asarray(np.where(class_a, of_a, np.where(knots <= 2, 180, 30)))


def _next(begin: int, phase: int, every_s: int) -> int:
    return begin + (-(begin + phase)) % every_s
