"""The rarer AIS messages of the exercise, after ITU-R M.1371-5, annex 8: fields and values."""

from __future__ import annotations

from typing import Final

from alliage.exercise.armour import Field
from alliage.exercise.fleet import EXERCISE_DIGITS, Ship
from alliage.exercise.plane import LonLat
from alliage.exercise.waters import Aid, Station
from alliage.ontology.times import from_us

UNITS_PER_DEGREE: Final = 600_000
"""Positions are in ten-thousandths of a minute."""

_GPS, _SURVEYED = 1, 7
_VENDOR: Final = "EXR"


def class_a_static(ship: Ship, bound_for: str, arrive_us: int) -> list[Field]:
    """Message 5: name, build, voyage."""
    arrival = from_us(arrive_us)
    return [
        (5, 6), (0, 2), (ship.mmsi, 30), (1, 2), (0, 30), (ship.call_sign, 42), (ship.name, 120),
        (ship.kind.code, 8), *_dimensions(ship), (_GPS, 4),
        (arrival.month, 4), (arrival.day, 5), (arrival.hour, 5), (arrival.minute, 6),
        (round(ship.draught_m * 10), 8), (f"EX {bound_for}" if bound_for else "EX", 120), (0, 2),
    ]  # fmt: skip


def class_b_static(ship: Ship) -> list[list[Field]]:
    """Both parts of message 24."""
    return [
        [(24, 6), (0, 2), (ship.mmsi, 30), (0, 2), (ship.name, 120), (0, 8)],
        [
            (24, 6), (0, 2), (ship.mmsi, 30), (1, 2), (ship.kind.code, 8), (_VENDOR, 18), (0, 24),
            (ship.call_sign, 42), *_dimensions(ship), (_GPS, 4), (0, 2),
        ],
    ]  # fmt: skip


def base_station(number: int, station: Station, now_us: int) -> list[Field]:
    """Message 4: the station's own clock and place."""
    now = from_us(now_us)
    return [
        (4, 6), (0, 2), (int(f"{EXERCISE_DIGITS}{number + 1:04d}"), 30), (now.year, 14),
        (now.month, 4), (now.day, 5), (now.hour, 5), (now.minute, 6), (now.second, 6), (1, 1),
        *_position(station.position), (_SURVEYED, 4), (0, 30),
    ]  # fmt: skip


def aid_report(number: int, aid: Aid, now_us: int) -> list[Field]:
    """Message 21: a buoy, a light, or one that exists on the radio only."""
    mmsi = int(f"99{EXERCISE_DIGITS}{6 if aid.virtual else 1}{number + 1:03d}")
    return [
        (21, 6), (0, 2), (mmsi, 30), (aid.type, 5), (aid.name, 120), (1, 1),
        *_position(aid.position), (0, 30), (_SURVEYED, 4), (from_us(now_us).second, 6), (0, 10),
        (int(aid.virtual), 1), (0, 2),
    ]  # fmt: skip


def safety_text(mmsi: int, text: str) -> list[Field]:
    """Message 14: a safety related broadcast."""
    return [(14, 6), (0, 2), (mmsi, 30), (0, 2), (text, 6 * len(text))]


def beacon_position(mmsi: int, position: LonLat, course_deg: float, second: int) -> list[Field]:
    """Message 1 of an AIS-SART, MOB or EPIRB device: navigational status 14 (annex 9)."""
    return [
        (1, 6), (0, 2), (mmsi, 30), (14, 4), (-128, 8), (4, 10), (1, 1), *_position(position),
        (round(course_deg * 10) % 3600, 12), (511, 9), (second, 6), (0, 6), (0, 19),
    ]  # fmt: skip


def _dimensions(ship: Ship) -> list[Field]:
    bow_m, port_m = ship.length_m * 3 // 4, ship.beam_m // 2
    return [
        (bow_m, 9), (ship.length_m - bow_m, 9), (port_m, 6), (ship.beam_m - port_m, 6),
    ]  # fmt: skip


def _position(position: LonLat) -> list[Field]:
    return [
        (round(position[0] * UNITS_PER_DEGREE), 28),
        (round(position[1] * UNITS_PER_DEGREE), 27),
    ]
