"""Finds ships to whom an incident can happen: under way, in range, with room and time for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.exercise.fleet import Ship
from alliage.exercise.incidents import SLOWING_S, Incident, IncidentKind
from alliage.exercise.life import Leg
from alliage.exercise.motion import ROOM_USED, SPREAD_M, Legs, place
from alliage.exercise.plane import Floats, LonLat, distance_m, offset_m, offsets_m
from alliage.exercise.scenario import Scenario
from alliage.exercise.voyages import Ways
from alliage.exercise.waters import Station

HEARD: Final = 0.8
"""Incidents happen within this part of a station's range: they can be seen."""

BEACON_HEARD: Final = 0.32
MARGIN_S: Final = 900.0
AHEAD_S: Final = 3 * 3_600.0
MEETING_MPS: Final = 6.5
CLOSING_S: Final = 600.0
_MEETING_M: Final = (1_000.0, 16_000.0)
_LOITERERS: Final = 12
"""So many ships that will cross a cable are looked at."""

_ALONGSIDE_M: Final = 60.0
_LIE_M: Final = (12_000.0, 45_000.0)
_DRIFT_MPS: Final = (0.3, 0.75)


@dataclass(frozen=True, slots=True)
class Call:
    """What is wanted: a kind of incident, when, for how long, and for whom."""

    kind: IncidentKind
    time_s: float
    lasts_s: float
    ships: Sequence[int]
    chance: Random
    near: LonLat | None = None
    latest_release_s: float = math.inf


class Casting:
    """Makes incidents of calls, for one fleet in one scenario."""

    def __init__(
        self,
        ways: Ways,
        fleet: Sequence[Ship],
        scenario: Scenario,
        stations: tuple[Station, ...],
    ) -> None:
        self._ways, self._fleet = ways, fleet
        self._scenario = scenario
        self._stations = stations
        self._legs: dict[int, Leg] = {}
        self._make: Mapping[IncidentKind, Callable[[Call], Incident | None]] = {
            IncidentKind.GOES_DARK: self._alone,
            IncidentKind.SPOOFS: self._alone,
            IncidentKind.DRIFTS: self._alone,
            IncidentKind.DISTRESS: self._alone,
            IncidentKind.MEETING: self._meeting,
            IncidentKind.LOITERS: self._loiterer,
        }

    def incident(self, call: Call) -> Incident | None:
        """The incident, or None where nobody fits."""
        return self._make[call.kind](call)

    @cached_property
    def crossings(self) -> dict[int, list[tuple[float, str]]]:
        """Of each path: how far along it crosses a cable or pipeline, and its name."""
        lines = self._scenario.infrastructure.lines
        if not lines:
            return {}
        names = [line.name for line in lines for _ in line.waypoints[1:]]
        begins = np.array([point for line in lines for point in line.waypoints[:-1]])
        ends = np.array([point for line in lines for point in line.waypoints[1:]])
        return {
            number: [
                (along_m, names[leg])
                for along_m, leg in _crossings(*self._ways.paths.vertices(number), begins, ends)
            ]
            for number in self._ways.routes.values()
        }

    def _alone(self, call: Call) -> Incident | None:
        kind, chance = call.kind, call.chance
        slow = kind in (IncidentKind.DRIFTS, IncidentKind.DISTRESS)
        delay_s = call.lasts_s if slow else 0.0
        drift = _towards(chance, chance.uniform(*_DRIFT_MPS)) if slow else (0.0, 0.0)
        room_m = math.hypot(*drift) * call.lasts_s * 1.2 + 1_000.0
        reach = BEACON_HEARD if kind is IncidentKind.DISTRESS else HEARD
        fitting = self._fitting(call, delay_s, room_m, reach)
        chosen = self._one(call, fitting)
        if chosen is None:
            return None
        number, where, leg = chosen
        release_s = leg.until_s if slow else call.time_s + call.lasts_s
        lies = kind is IncidentKind.SPOOFS
        return Incident(
            kind,
            number,
            call.time_s,
            call.time_s + call.lasts_s,
            release_s,
            where,
            slow_to=0.0 if slow else 1.0,
            shift_mps=drift,
            lie_m=_towards(chance, chance.uniform(*_LIE_M)) if lies else (0.0, 0.0),
            lie_creeps=lies and chance.random() < 0.4,
        )

    def _meeting(self, call: Call) -> Incident | None:
        longest_s = call.lasts_s + 2 * (_MEETING_M[1] / MEETING_MPS + CLOSING_S + SLOWING_S)
        fitting = self._fitting(call, longest_s, 2_000.0, HEARD)
        pairs = []
        rooms_m = self._rooms_m([leg for _, _, leg in fitting], call.time_s) if fitting else ()
        for (ship, where, leg), room_m in zip(fitting, rooms_m, strict=True):
            for other, there, its_leg in fitting:
                apart_m = distance_m(where, there)
                if other != ship and _MEETING_M[0] < apart_m < min(_MEETING_M[1], 0.9 * room_m):
                    pairs.append((ship, where, leg, other, its_leg, apart_m))
        if not pairs:
            return None
        if call.near is not None:
            pairs.sort(key=lambda pair: distance_m(pair[1], call.near or pair[1]))
        ship, where, leg, other, its_leg, apart_m = (
            pairs[0] if call.near is not None else call.chance.choice(pairs)
        )
        closing_s = apart_m / MEETING_MPS + CLOSING_S
        end_s = call.time_s + call.lasts_s + 2 * closing_s + 2 * SLOWING_S
        draft = Incident(
            call.kind, ship, call.time_s, end_s, leg.until_s, where, other,
            slow_to=0.0, closing_s=closing_s, other_release_s=its_leg.until_s,
        )  # fmt: skip
        first, second = self._stopped(draft)
        east, north = offset_m(second, first)
        return replace(draft, place=first, shift_m=(east + _ALONGSIDE_M, north))

    def _loiterer(self, call: Call) -> Incident | None:
        found = []
        for number in call.ships:
            leg = self._leg(number, call.time_s)
            for along_m, name in self.crossings.get(leg.path, ()):
                time_s = leg.passes_s(along_m) - SLOWING_S
                if call.time_s <= time_s <= call.time_s + AHEAD_S and time_s < leg.until_s:
                    found.append((time_s, number, name))
        call.chance.shuffle(found)
        if call.near is not None:
            found.sort()
        for time_s, number, name in found[:_LOITERERS]:
            there = Call(
                call.kind, time_s, call.lasts_s, [number], call.chance,
                latest_release_s=call.latest_release_s,
            )  # fmt: skip
            fitting = self._fitting(there, call.lasts_s, 1_200.0, HEARD)
            if fitting:
                _, where, leg = fitting[0]
                return Incident(
                    call.kind, number, time_s, time_s + call.lasts_s, leg.until_s, where,
                    about=name, slow_to=0.1, shift_m=(250.0, 200.0),
                )  # fmt: skip
        return None

    def _fitting(
        self, call: Call, delay_s: float, room_m: float, reach: float
    ) -> list[tuple[int, LonLat, Leg]]:
        """Ships of a call that sail long enough, can be late, have room and can be heard."""
        time_s = call.time_s
        legs = {number: self._leg(number, time_s) for number in call.ships}
        sailing = [
            number
            for number, leg in legs.items()
            if leg.depart_s + MARGIN_S < time_s
            and time_s + call.lasts_s + MARGIN_S < leg.arrive_s + delay_s
            and time_s + MARGIN_S < leg.arrive_s
            and leg.arrive_s + delay_s + MARGIN_S < leg.until_s
            and (delay_s == 0 or leg.until_s < call.latest_release_s)
        ]
        if not sailing:
            return []
        some = [legs[number] for number in sailing]
        lon, lat = place(self._ways.paths, Legs.of(some), np.full(len(some), time_s))
        fits = (self._rooms_m(some, time_s) >= room_m) & self._suits(lon, lat, reach)
        return [
            (sailing[row], (float(lon[row]), float(lat[row])), some[row])
            for row in np.flatnonzero(fits).tolist()
        ]

    def _suits(self, lon: Floats, lat: Floats, reach: float) -> NDArray[np.bool_]:
        """Whether places are in the scenario's area and well heard."""
        where = np.array([station.position for station in self._stations])
        range_m = np.array([station.range_km * 1_000 for station in self._stations])
        far_m = np.hypot(*offsets_m(lon[:, None], lat[:, None], where[:, 0], where[:, 1]))
        west, south, east, north = self._scenario.area or (-180.0, -90.0, 180.0, 90.0)
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        return np.asarray(inside & (far_m < range_m * reach).any(axis=1))

    def _one(
        self, call: Call, fitting: list[tuple[int, LonLat, Leg]]
    ) -> tuple[int, LonLat, Leg] | None:
        if not fitting:
            return None
        near = call.near
        if near is not None:
            return min(fitting, key=lambda found: distance_m(found[1], near))
        return call.chance.choice(fitting)

    def _leg(self, ship: int, time_s: float) -> Leg:
        leg = self._legs.get(ship)
        if leg is None or not leg.from_s <= time_s < leg.until_s:
            leg = self._legs[ship] = self._fleet[ship].life.leg_at(time_s)
        return leg

    def _rooms_m(self, legs: Sequence[Leg], time_s: float) -> Floats:
        """Metres of water round ships: what their lane has, less what they have taken of it."""
        along_m = np.array([_along_m(leg, time_s) for leg in legs])
        numbers = np.array([leg.path for leg in legs])
        room_m = self._ways.paths.at(numbers, along_m).room_m
        sides = np.array([abs(leg.side) for leg in legs])
        return np.asarray(room_m - np.minimum(room_m * ROOM_USED, SPREAD_M) * sides)

    def _stopped(self, incident: Incident) -> list[LonLat]:
        """Where both ships of a meeting lie once they have stopped."""
        legs = Legs.of(self._leg(ship, incident.start_s) for ship in incident.ships)
        times_s = np.full(2, incident.start_s + SLOWING_S)
        lon, lat = place(self._ways.paths, legs, times_s, incident.delay_s(times_s))
        return list(zip(lon.tolist(), lat.tolist(), strict=True))


def _along_m(leg: Leg, time_s: float) -> float:
    """How far along its path a ship is, between the ramps."""
    gone_m = leg.speed_mps * (time_s - leg.depart_s) - leg.ramp_m
    gone_m = min(max(gone_m, 0.0), leg.length_m)
    return leg.length_m - gone_m if leg.backwards else gone_m


def _towards(chance: Random, far: float) -> tuple[float, float]:
    angle = chance.uniform(0, math.tau)
    return far * math.sin(angle), far * math.cos(angle)


def _crossings(
    points: Floats, marks: Floats, begins: Floats, ends: Floats
) -> list[tuple[float, int]]:
    """How far along a polyline straight lines cross it, and which; points of shape (n, 2)."""
    a, c = points[:-1, None], begins[None]
    way, across, gap = points[1:, None] - a, ends[None] - c, c - a
    cross = way[..., 0] * across[..., 1] - way[..., 1] * across[..., 0]
    cross = np.where(cross == 0, np.nan, cross)
    part = (gap[..., 0] * across[..., 1] - gap[..., 1] * across[..., 0]) / cross
    other = (gap[..., 0] * way[..., 1] - gap[..., 1] * way[..., 0]) / cross
    leg, line = np.nonzero((part >= 0) & (part < 1) & (other >= 0) & (other <= 1))
    along_m = marks[leg] + part[leg, line] * (marks[leg + 1] - marks[leg])
    return sorted(zip(along_m.tolist(), line.tolist(), strict=True))
