"""The exercise's radio traffic, second by second: the same bytes for the same seed and start."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from random import Random
from typing import Final

from alliage.exercise.fleet import KNOT_MPS, Ship, make_fleet
from alliage.exercise.motion import Motion
from alliage.exercise.radio import (
    CoastStations,
    aid_report,
    base_station_report,
    position_report,
    reach_of,
    static_reports,
)
from alliage.exercise.waters import Aid, Station, load_waters

_SECOND_US: Final = 1_000_000
_MINUTE_MS: Final = 60_000
_STATIC_MS: Final = 6 * _MINUTE_MS
_AID_MS: Final = 3 * _MINUTE_MS
_BASE_STATION_MS: Final = 10_000

Transmit = Callable[[int], list[bytes]]
Interval = Callable[[int], int]


class Simulation:
    """An endless exercise.

    Args:
        seed: another number gives another fleet.
        ships: how many there are; some are out of every station's range.
        start_us: the time of the first second, UTC.
    """

    def __init__(self, seed: int, ships: int, start_us: int) -> None:
        waters = load_waters()
        self.fleet = make_fleet(waters, ships, seed)
        self._start_us = start_us
        self._elapsed_s = 0
        self._random = Random(f"radio {seed}")  # noqa: S311 - an exercise, nothing to keep secret
        self._stations = CoastStations(waters.stations, self._random)
        self._agenda: list[tuple[int, int, Transmit, Interval]] = []
        for ship in self.fleet:
            self._plan_ship(ship)
        for number, station in enumerate(waters.stations):
            self._plan_station(number, station)
        for number, aid in enumerate(waters.aids):
            self._plan_aid(number, aid)

    @property
    def now_us(self) -> int:
        """The exercise's time: the beginning of the second that :meth:`step` plays next."""
        return self._start_us + self._elapsed_s * _SECOND_US

    def step(self) -> list[bytes]:
        """Play one second; return the sentences that came in, each with CR LF."""
        self._elapsed_s += 1
        until_ms = self._elapsed_s * 1000
        lines: list[bytes] = []
        while self._agenda[0][0] < until_ms:
            due_ms, number, transmit, interval = self._agenda[0]
            lines += transmit(due_ms)
            heapq.heapreplace(self._agenda, (due_ms + interval(due_ms), number, transmit, interval))
        return lines

    def _plan(self, transmit: Transmit, interval: Interval) -> None:
        first_ms = self._random.randrange(interval(0))
        heapq.heappush(self._agenda, (first_ms, len(self._agenda), transmit, interval))

    def _plan_ship(self, ship: Ship) -> None:
        def position(due_ms: int) -> list[bytes]:
            motion = ship.voyage.at(due_ms / 1000)
            if not motion.present:
                return []
            now_us = self._time_us(due_ms)
            message = position_report(ship, motion, now_us, self._random)
            sender = (motion.lon, motion.lat)
            return self._stations.heard(message, sender, now_us, reach_of(ship))

        def static(due_ms: int) -> list[bytes]:
            motion = ship.voyage.at(due_ms / 1000)
            sender, now_us = (motion.lon, motion.lat), self._time_us(due_ms)
            reports = static_reports(ship) if motion.present else []
            return [
                line
                for message in reports
                for line in self._stations.heard(message, sender, now_us, reach_of(ship))
            ]

        self._plan(position, lambda due_ms: interval_ms(ship, ship.voyage.at(due_ms / 1000)))
        self._plan(static, lambda _due_ms: _STATIC_MS)

    def _plan_station(self, number: int, station: Station) -> None:
        def report(due_ms: int) -> list[bytes]:
            now_us = self._time_us(due_ms)
            return self._stations.sent(
                base_station_report(number, station, now_us), station, now_us
            )

        self._plan(report, lambda _due_ms: _BASE_STATION_MS)

    def _plan_aid(self, number: int, aid: Aid) -> None:
        def report(due_ms: int) -> list[bytes]:
            now_us = self._time_us(due_ms)
            return self._stations.heard(aid_report(number, aid, now_us), aid.position, now_us)

        self._plan(report, lambda _due_ms: _AID_MS)

    def _time_us(self, elapsed_ms: int) -> int:
        return self._start_us + elapsed_ms * 1000


def interval_ms(ship: Ship, motion: Motion) -> int:
    """How often a ship reports its position: ITU-R M.1371-5, annex 1, tables 1 and 2.

    The shorter intervals of a ship that changes course are left out.
    """
    knots = motion.speed_mps / KNOT_MPS
    if ship.transponder == "B":
        return 3 * _MINUTE_MS if knots <= 2 else 30_000
    if motion.at_rest and knots <= 3:
        return 3 * _MINUTE_MS
    if knots <= 14:
        return 10_000
    return 6_000 if knots <= 23 else 2_000
