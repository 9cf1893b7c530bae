"""The aircraft of an exercise: where each is at any time, and what happens to some of them.

All of it is invented and says so: call signs begin with ``EX``, addresses of 24 bits with F, a
block that ICAO keeps for later and gives to nobody (annex 10, volume III, chapter 9, table 9-1).

As the ships, a flight is a function of seed and time: each aircraft flies to and fro in slots of
fixed length, and what happens in a slot follows from its number. Chance is drawn from generators of
its own, so that aircraft change nothing of the ships.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from alliage.exercise.chance import generator
from alliage.exercise.infrastructure import NAME
from alliage.exercise.plane import METRES_PER_DEGREE, Floats, LonLat, distance_m, offset_m
from alliage.exercise.waters import Part, Place

FIRST_ADDRESS: Final = 0xF00001
AIRCRAFT_AT_MOST: Final = 1_200
OTHERS: Final = 50
"""So many airliners come on one way before the first comes again."""

TURN_S: Final = 240.0
"""A holding pattern takes four minutes (ICAO Doc 8168, volume I)."""

SLOT_REST_S: Final = 300.0
LONGEST_S: Final = 8 * TURN_S
_AIRLINER_MPS: Final = (190.0, 240.0)
_LIGHT_MPS: Final = (48.0, 60.0)
_LIGHT_M: Final = (38_000.0, 60_000.0)
_CRUISE_M: Final = (7_500.0, 11_500.0)
_LIGHT_HEIGHT_M: Final = 600.0
_LOW_HEIGHT_M: Final = 120.0
_CLIMB_MPS: Final = 5.0
_HEARD_BEFORE_S: Final = 1_500.0
_BLOWN_M: Final = 3_000.0
"""No two circles lie on each other: there is wind."""

_TRIES: Final = 12
_NEAR: Final = 0.5
"""Things happen within this part of the receiver's range."""


class AirKind(StrEnum):
    """What can happen to an aircraft."""

    HOLDS = "holds"
    LOSES_TRANSPONDER = "loses_transponder"
    FLIES_LOW = "flies_low"


class Receiver(Part):
    """What hears what aircraft say of themselves."""

    name: str = Field(pattern=NAME, description="Begins with EX: it is an exercise.")
    nation: str = Field(pattern=r"^[A-Z]{3}$", description="Whose it is: ISO 3166-1 alpha-3.")
    position: Place
    height_m: float = Field(default=150.0, ge=0, le=3_000, description="Of its antenna.")
    range_km: float = Field(default=380.0, gt=0, le=500, description="How far it hears at most.")


class Air(Part):
    """The aircraft of a scenario."""

    receiver: Receiver
    airways: tuple[tuple[Place, Place], ...] = Field(
        min_length=1, max_length=32, description="On these airliners fly, high and to and fro."
    )
    airliners: int = Field(default=0, ge=0, le=1_000)
    fields: tuple[Place, ...] = Field(
        default=(), max_length=32, description="From these light aircraft start and return."
    )
    light: int = Field(default=0, ge=0, le=200)
    incidents: dict[AirKind, float] = Field(
        default={}, description="By kind to which part of the flights that can it happens."
    )

    @model_validator(mode="after")
    def _can_be(self) -> Air:
        if self.light and not self.fields:
            raise ValueError("fields: light aircraft need one to start from")
        if sum(self.incidents.values()) > 1 or any(part < 0 for part in self.incidents.values()):
            raise ValueError("incidents: parts of the flights, which are 0 to 1 together")
        return self


@dataclass(frozen=True, slots=True)
class Aircraft:
    """One aircraft after the other on one way, out on the first flight and back on the next.

    A light one comes back itself, and is the same on each of its flights.
    """

    number: int
    is_light: bool
    begin: LonLat
    end: LonLat
    speed_mps: float
    height_m: float
    phase_s: float

    def address(self, flight: int) -> str:
        """Of the transponder on a flight: six hexadecimal digits."""
        other = 0 if self.is_light else flight % OTHERS
        return f"{FIRST_ADDRESS + self.number + AIRCRAFT_AT_MOST * other:06x}"

    def call_sign(self, flight: int) -> str:
        """Of a flight."""
        kind = "EXL" if self.is_light else "EXA"
        return f"{kind}{self.number + 100}{'' if self.is_light else f'{flight % OTHERS:02d}'}"

    @property
    def flight_s(self) -> float:
        """How long a flight takes: a light one goes out and back."""
        way_m = distance_m(self.begin, self.end) * (2.0 if self.is_light else 1.0)
        return way_m / self.speed_mps

    @property
    def slot_s(self) -> float:
        """From the beginning of a flight to that of the next."""
        return self.flight_s + LONGEST_S + SLOT_REST_S


@dataclass(frozen=True, slots=True)
class AirIncident:
    """What happens in one flight. Times in seconds since the exercise's zero."""

    kind: AirKind
    aircraft: Aircraft
    flight: int
    start_s: float
    end_s: float
    place: LonLat

    @property
    def identifier(self) -> str:
        """Of the aircraft, as a feed says it."""
        return f"icao24:{self.aircraft.address(self.flight)}"

    @property
    def name(self) -> str:
        """Its call sign."""
        return self.aircraft.call_sign(self.flight)


@dataclass(frozen=True, slots=True)
class AirMotions:
    """How every aircraft moves at one time, (n,) each."""

    lon: Floats
    lat: Floats
    height_m: Floats
    speed_mps: Floats
    course_deg: Floats
    flies: NDArray[np.bool_]
    silent: NDArray[np.bool_]
    flight: NDArray[np.int64]


class AirTraffic:
    """All aircraft of one exercise. Any thread may ask."""

    def __init__(self, air: Air, seed: int) -> None:
        self.air = air
        self.seed = seed
        made = [_airliner(air, seed, number) for number in range(air.airliners)]
        made += [_light(air, seed, number) for number in range(air.airliners, self._count)]
        self.fleet = made
        self._incident = lru_cache(8_192)(self._drawn)

    @property
    def _count(self) -> int:
        return self.air.airliners + self.air.light

    def at(self, time_s: float) -> AirMotions:
        """How all of them truly move at a time, seconds since the exercise's zero."""
        told = [self._state(one, time_s) for one in self.fleet]
        columns = np.array(told, np.float64).reshape(len(told), 8).T
        lon, lat, height_m, speed_mps, course_deg, flies, silent, flight = columns
        return AirMotions(
            lon, lat, height_m, speed_mps, course_deg, flies > 0, silent > 0,
            flight.astype(np.int64),
        )  # fmt: skip

    def incidents(self, from_s: float, until_s: float) -> list[AirIncident]:
        """What any part of lies in a time, in the order in which it begins."""
        found = [
            incident
            for one in self.fleet
            for lap in _laps(one, from_s, until_s)
            if (incident := self._incident(one.number, lap)) is not None
            if incident.start_s < until_s and from_s < incident.end_s
        ]
        return sorted(found, key=lambda one: (one.start_s, one.aircraft.number))

    def hears(self, lon: Floats, lat: Floats, height_m: Floats) -> Floats:
        """How far each is from the receiver as a part of how far it is heard, (n,)."""
        receiver = self.air.receiver
        shrink = np.cos(np.radians((lat + receiver.position[1]) / 2))
        east = (lon - receiver.position[0]) * shrink * METRES_PER_DEGREE
        north = (lat - receiver.position[1]) * METRES_PER_DEGREE
        horizon_m = 4_120.0 * (np.sqrt(np.maximum(height_m, 0.0)) + math.sqrt(receiver.height_m))
        reach_m = np.minimum(horizon_m, receiver.range_km * 1_000.0)
        return np.asarray(np.hypot(east, north) / np.maximum(reach_m, 1.0))

    def _state(self, one: Aircraft, time_s: float) -> tuple[float, ...]:
        lap, gone_s = divmod(time_s + one.phase_s, one.slot_s)
        incident = self._incident(one.number, int(lap))
        flies = gone_s < one.flight_s + _held_s(incident, math.inf)
        silent = (
            incident is not None
            and incident.kind is AirKind.LOSES_TRANSPONDER
            and incident.start_s <= time_s < incident.end_s
        )
        lon, lat = self._place(one, int(lap), incident, time_s)
        ahead = self._place(one, int(lap), incident, time_s + 1.0)
        east, north = offset_m((lon, lat), ahead)
        course = math.degrees(math.atan2(east, north)) % 360.0
        height = _height_m(one, incident, time_s, gone_s)
        return lon, lat, height, one.speed_mps, course, float(flies), float(silent), lap

    def _place(
        self, one: Aircraft, lap: int, incident: AirIncident | None, time_s: float
    ) -> LonLat:
        gone_s = time_s + one.phase_s - lap * one.slot_s - _held_s(incident, time_s)
        lon, lat = _on_way(one, lap, gone_s)
        if incident is None or incident.kind is not AirKind.HOLDS:
            return lon, lat
        if not incident.start_s <= time_s < incident.end_s:
            return lon, lat
        east, north = offset_m((lon, lat), _on_way(one, lap, gone_s + 1.0))
        length_m = math.hypot(east, north) or 1.0
        ahead = east / length_m, north / length_m
        angle = math.tau * (time_s - incident.start_s) / TURN_S
        radius_m = one.speed_mps * TURN_S / math.tau
        along, aside = radius_m * math.sin(angle), radius_m * (1.0 - math.cos(angle))
        lasted = (time_s - incident.start_s) / (incident.end_s - incident.start_s)
        aside += _BLOWN_M * math.sin(math.pi * lasted)
        shrink = METRES_PER_DEGREE * math.cos(math.radians(lat))
        return (
            lon + (along * ahead[0] + aside * ahead[1]) / shrink,
            lat + (along * ahead[1] - aside * ahead[0]) / METRES_PER_DEGREE,
        )

    def _drawn(self, number: int, lap: int) -> AirIncident | None:
        """What happens in one flight of an aircraft; None: nothing."""
        one = self.fleet[number]
        chance = generator(self.seed, "flight", number, lap)
        left = chance.random()
        for kind, part in self.air.incidents.items():
            if (kind is AirKind.FLIES_LOW) != one.is_light:
                continue
            if left < part:
                break
            left -= part
        else:
            return None
        begin_s = lap * one.slot_s - one.phase_s
        for _ in range(_TRIES):
            lasts_s = _lasts_s(kind, chance.random())
            gone_s = one.flight_s * chance.uniform(0.25, 0.7)
            if one.is_light:
                lasts_s = min(lasts_s, 0.75 * one.flight_s)
                gone_s = (one.flight_s - lasts_s) / 2
            late_s = gone_s + (0.0 if kind is AirKind.HOLDS else lasts_s)
            if not one.is_light and not _HEARD_BEFORE_S < gone_s <= late_s < one.flight_s - 300.0:
                continue
            where = one.end if one.is_light else _on_way(one, lap, gone_s)
            lon, lat = (np.array([degrees]) for degrees in where)
            height_m = np.array([_LOW_HEIGHT_M if one.is_light else one.height_m])
            if self.hears(lon, lat, height_m)[0] < (0.9 if one.is_light else _NEAR):
                start_s = begin_s + gone_s
                return AirIncident(kind, one, lap, start_s, start_s + lasts_s, where)
        return None


def _airliner(air: Air, seed: int, number: int) -> Aircraft:
    chance = generator(seed, "aircraft", number)
    begin, end = chance.choice(air.airways)
    aside = chance.uniform(-0.4, 0.4), chance.uniform(-0.3, 0.3)
    moved = [(lon + aside[0], lat + aside[1]) for lon, lat in (begin, end)]
    return Aircraft(
        number, False, moved[0], moved[1],
        chance.uniform(*_AIRLINER_MPS), chance.uniform(*_CRUISE_M), chance.uniform(0.0, 1e6),
    )  # fmt: skip


def _light(air: Air, seed: int, number: int) -> Aircraft:
    chance = generator(seed, "light", number)
    begin = chance.choice(air.fields)
    angle, way_m = chance.uniform(0.0, math.tau), chance.uniform(*_LIGHT_M)
    shrink = METRES_PER_DEGREE * math.cos(math.radians(begin[1]))
    end = (
        begin[0] + way_m * math.sin(angle) / shrink,
        begin[1] + way_m * math.cos(angle) / METRES_PER_DEGREE,
    )
    return Aircraft(
        number, True, begin, end,
        chance.uniform(*_LIGHT_MPS), _LIGHT_HEIGHT_M, chance.uniform(0.0, 1e6),
    )  # fmt: skip


def _laps(one: Aircraft, from_s: float, until_s: float) -> Iterator[int]:
    first = math.floor((from_s + one.phase_s) / one.slot_s)
    yield from range(first, math.floor((until_s + one.phase_s) / one.slot_s) + 1)


def _lasts_s(kind: AirKind, part: float) -> float:
    if kind is AirKind.HOLDS:
        return TURN_S * (4 + math.floor(5 * part))
    return 900.0 + 900.0 * part


def _held_s(incident: AirIncident | None, time_s: float) -> float:
    """For how long it has been kept from going on."""
    if incident is None or incident.kind is not AirKind.HOLDS:
        return 0.0
    return min(max(time_s - incident.start_s, 0.0), incident.end_s - incident.start_s)


def _on_way(one: Aircraft, lap: int, gone_s: float) -> LonLat:
    part = min(max(gone_s / one.flight_s, 0.0), 1.0)
    if one.is_light:
        part = 2.0 * min(part, 1.0 - part)
    elif lap % 2:
        part = 1.0 - part
    return (
        one.begin[0] + part * (one.end[0] - one.begin[0]),
        one.begin[1] + part * (one.end[1] - one.begin[1]),
    )


def _height_m(one: Aircraft, incident: AirIncident | None, time_s: float, gone_s: float) -> float:
    if not one.is_light:
        return one.height_m
    edge_s = max(0.0, min(gone_s, one.flight_s - gone_s))
    height_m = min(one.height_m, _CLIMB_MPS * edge_s)
    if incident is not None:
        outside_s = max(incident.start_s - time_s, time_s - incident.end_s, 0.0)
        height_m = min(height_m, _LOW_HEIGHT_M + _CLIMB_MPS * outside_s)
    return height_m
