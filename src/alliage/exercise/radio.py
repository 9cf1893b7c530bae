"""What the coast stations hear: AIS sentences with tag blocks, and losses.

Whether a station hears a transmission is a draw for that very transmission, so that no second
depends on another. Tag blocks follow NMEA 0183 version 4 (`\\s:` source, `\\c:` UNIX time).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alliage.exercise.armour import (
    CLASS_A,
    CLASS_B,
    Field,
    armour,
    armour_many,
    sentences,
    sentences_many,
    tag_block,
)
from alliage.exercise.chance import normal, uniform
from alliage.exercise.fleet import KNOT_MPS, Ship
from alliage.exercise.messages import UNITS_PER_DEGREE
from alliage.exercise.motion import Motions
from alliage.exercise.plane import Floats, LonLat, offsets_m, shifted
from alliage.exercise.traffic import Moment, Numbers
from alliage.exercise.waters import Station

CLASS_B_REACH: Final = 0.6
"""A class B transponder sends with 2 W instead of 12.5 W (ITU-R M.1371-5, 2.12.2 and annex 7)."""

_BEST_RECEPTION: Final = 0.98
_NO_COURSE: Final = 3_600
_GNSS_STD_M: Final = 4.0
_CHANNELS: Final = "AB"

POSITION, STATIC, OTHER = 1, 2, 3
"""What a draw is for."""


class CoastStations:
    """The chain of receivers. The same message is heard by none, one or several of them."""

    def __init__(self, stations: Sequence[Station], seed: int) -> None:
        self.stations = stations
        self._seed = seed
        self._lon = np.array([station.position[0] for station in stations])
        self._lat = np.array([station.position[1] for station in stations])
        self._range_m = np.array([station.range_km * 1_000 for station in stations])

    def hearing(
        self, lon: Floats, lat: Floats, reach: Floats, *draw: Numbers | int
    ) -> NDArray[np.bool_]:
        """Which stations hear which transmissions; shape (transmissions, stations).

        Args:
            lon: where the senders are, degrees, shape (n,).
            lat: the same.
            reach: their power, as a part of a class A ship's range.
            draw: numbers, shape (n,), that name each transmission.
        """
        east, north = offsets_m(lon[:, None], lat[:, None], self._lon, self._lat)
        part = np.hypot(east, north) / (self._range_m * reach[:, None])
        columns = [np.reshape(number, (-1, 1)) for number in draw]
        drawn = uniform(self._seed, *columns, np.arange(len(self.stations)))
        return np.asarray((part < 1) & (drawn < _BEST_RECEPTION * (1 - part**4)))

    def heard(
        self, fields: Sequence[Field], sender: LonLat, unix_s: int, reach: float, *draw: int
    ) -> list[bytes]:
        """Lines of every station that hears one message; each ends with CR LF."""
        lon, lat = np.array([sender[0]]), np.array([sender[1]])
        row = self.hearing(lon, lat, np.array([reach]), *(np.array([n]) for n in draw))[0]
        names = [self.stations[number].name for number in np.flatnonzero(row).tolist()]
        return lines(fields, names, unix_s, draw[0] + unix_s)


@functools.lru_cache(maxsize=4_096)
def block(station: str, unix_s: int) -> bytes:
    """A tag block; stations use the same one for everything they hear in a second."""
    return tag_block(station, unix_s)


def lines(fields: Sequence[Field], stations: Sequence[str], unix_s: int, turn: int) -> list[bytes]:
    """Lines of one message as these stations give it; ``turn`` picks channel and sequence."""
    if not stations:
        return []
    parts = sentences(*armour(fields), _CHANNELS[turn % 2], turn % 10)
    return [block(station, unix_s) + part + b"\r\n" for station in stations for part in parts]


def position_sentences(
    fleet: Sequence[Ship], moment: Moment, unix_s: Numbers, seed: int
) -> list[bytes]:
    """Messages 1 (class A) or 18 (class B) of these moments, with the noise of a satellite fix."""
    far_m = normal(seed, POSITION, moment.ships, unix_s) * _GNSS_STD_M
    angle = uniform(seed, POSITION, moment.ships, unix_s, 9) * 2 * np.pi
    told = moment.told
    lon, lat = shifted(told.lon, told.lat, far_m * np.sin(angle), far_m * np.cos(angle))
    ships = [fleet[number] for number in moment.ships.tolist()]
    class_a = np.array([ship.transponder == "A" for ship in ships])
    columns = {
        "mmsi": np.array([ship.mmsi for ship in ships]),
        "speed": np.minimum(np.rint(told.speed_mps / KNOT_MPS * 10), 1_022).astype(np.int64),
        "accuracy": np.ones(len(ships), np.int64),
        "lon": np.rint(lon * UNITS_PER_DEGREE).astype(np.int64),
        "lat": np.rint(lat * UNITS_PER_DEGREE).astype(np.int64),
        "course": _courses(told),
        "heading": _headings(ships, moment.true),
        "second": unix_s % 60,
        "status": _statuses(ships, moment),
    }
    turns = (moment.ships + unix_s) % 2
    found: list[bytes] = [b""] * len(ships)
    constants = {
        True: {"type": 1, "turn": 0},
        False: {"type": 18, "cs": 1, "dsc": 1, "band": 1, "msg22": 1},
    }
    for is_a, layout in ((True, CLASS_A), (False, CLASS_B)):
        rows = np.flatnonzero(class_a == is_a)
        if len(rows):
            chosen = {name: column[rows] for name, column in columns.items()}
            payloads = armour_many(layout, {**constants[is_a], **chosen})
            channels = [_CHANNELS[turn] for turn in turns[rows].tolist()]
            made = sentences_many(payloads, channels)
            for row, sentence in zip(rows.tolist(), made, strict=True):
                found[row] = sentence
    return found


def reaches(fleet: Sequence[Ship]) -> Floats:
    """Each ship's transmitter, as a part of a class A ship's range."""
    return np.array([1.0 if ship.transponder == "A" else CLASS_B_REACH for ship in fleet])


def _courses(told: Motions) -> Numbers:
    """In tenths of degrees; 3600, "not available", of what makes no way (M.1371-5, table 48)."""
    course = np.rint(told.course_deg * 10).astype(np.int64) % 3_600
    makes_way = np.rint(told.speed_mps / KNOT_MPS * 10) > 0
    return np.where(makes_way, course, _NO_COURSE)


def _headings(ships: Sequence[Ship], true: Motions) -> Numbers:
    """Where the bows point: near the course under way, at its berth's heading else."""
    drift = np.array([ship.drift_deg for ship in ships])
    berth = np.array([ship.rest_heading_deg for ship in ships])
    anchored = np.array([ship.group == "anchored" for ship in ships])
    moored = true.at_rest & ~anchored
    heading = np.where(moored, berth, true.course_deg + drift)
    return np.asarray(np.rint(heading).astype(np.int64) % 360)


def _statuses(ships: Sequence[Ship], moment: Moment) -> Numbers:
    moving = np.array([ship.status_moving for ship in ships])
    still = np.array([ship.status_resting for ship in ships])
    usual = np.where(moment.true.at_rest, still, moving)
    return np.asarray(np.where(moment.status >= 0, moment.status, usual))
