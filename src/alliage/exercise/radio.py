"""What the coast stations of the exercise hear: AIS sentences with tag blocks, and losses.

Messages are encoded by pyais after ITU-R M.1371-5; tag blocks follow NMEA 0183 version 4
(`\\s:` source, `\\c:` UNIX time in seconds).
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, Final

from pyais.encode import encode_dict

from alliage.exercise.fleet import EXERCISE_DIGITS, KNOT_MPS, Ship
from alliage.exercise.motion import Motion, distance_m, moved
from alliage.exercise.waters import Aid, LonLat, Station
from alliage.ontology.times import from_us

_BEST_RECEPTION: Final = 0.98
_CLASS_B_REACH: Final = 0.6
"""A class B transponder sends with 2 W instead of 12.5 W (ITU-R M.1371-5, 2.12.2 and annex 7)."""

_NOT_TURNING: Final = 0
_GNSS_STD_M: Final = 4.0

Message = Mapping[str, Any]


def position_report(ship: Ship, motion: Motion, now_us: int, random: Random) -> Message:
    """Message 1 (class A) or 18 (class B), with the noise of a satellite fix."""
    lon, lat = moved((motion.lon, motion.lat), random.uniform(0, 360), random.gauss(0, _GNSS_STD_M))
    report: dict[str, Any] = {
        "msg_type": 1 if ship.transponder == "A" else 18,
        "mmsi": ship.mmsi,
        "speed": round(motion.speed_mps / KNOT_MPS, 1),
        "accuracy": True,
        "lon": lon,
        "lat": lat,
        "course": round(motion.course_deg, 1) % 360.0,
        "heading": round(motion.course_deg + ship.drift_deg) % 360,
        "second": from_us(now_us).second,
        "raim": False,
    }
    if ship.transponder == "A":
        report["status"] = ship.status_resting if motion.at_rest else ship.status_moving
        report["turn"] = _NOT_TURNING
    else:
        report |= {"cs": True, "dsc": True, "band": True, "msg22": True}
    return report


def static_reports(ship: Ship) -> list[Message]:
    """Message 5 (class A), or both parts of message 24 (class B)."""
    bow_m, port_m = ship.length_m * 3 // 4, ship.beam_m // 2
    build = {
        "mmsi": ship.mmsi,
        "callsign": ship.call_sign,
        "ship_type": ship.kind.code,
        "to_bow": bow_m,
        "to_stern": ship.length_m - bow_m,
        "to_port": port_m,
        "to_starboard": ship.beam_m - port_m,
    }
    if ship.transponder == "A":
        voyage = {"draught": ship.draught_m, "destination": ship.destination, "epfd": 1}
        return [{"msg_type": 5, "ais_version": 1, "shipname": ship.name, **build, **voyage}]
    return [
        {"msg_type": 24, "partno": 0, "mmsi": ship.mmsi, "shipname": ship.name},
        {"msg_type": 24, "partno": 1, "vendorid": "EXR", **build},
    ]


def base_station_report(number: int, station: Station, now_us: int) -> Message:
    """Message 4: the station's own clock and place."""
    now = from_us(now_us)
    return {
        "msg_type": 4,
        "mmsi": f"00{EXERCISE_DIGITS}{number + 1:04d}",
        "year": now.year,
        "month": now.month,
        "day": now.day,
        "hour": now.hour,
        "minute": now.minute,
        "second": now.second,
        "accuracy": True,
        "lon": station.position[0],
        "lat": station.position[1],
        "epfd": 7,
    }


def aid_report(number: int, aid: Aid, now_us: int) -> Message:
    """Message 21: a buoy, a light, or one that exists on the radio only."""
    kind = 6 if aid.virtual else 1
    return {
        "msg_type": 21,
        "mmsi": f"99{EXERCISE_DIGITS}{kind}{number + 1:03d}",
        "aid_type": aid.type,
        "name": aid.name,
        "accuracy": True,
        "lon": aid.position[0],
        "lat": aid.position[1],
        "epfd": 7,
        "second": from_us(now_us).second,
        "virtual_aid": aid.virtual,
    }


class CoastStations:
    """The chain of receivers. The same message is heard by none, one or several of them."""

    def __init__(self, stations: tuple[Station, ...], random: Random) -> None:
        self._stations = stations
        self._random = random
        self._sequence = 0
        self._channel = "A"

    def heard(
        self, message: Message, sender: LonLat, now_us: int, reach: float = 1.0
    ) -> list[bytes]:
        """Sentences of every station that hears a message.

        Args:
            message: fields by the names pyais gives them.
            sender: where the transmitter is.
            now_us: when it was sent; the stations' tag blocks carry it.
            reach: the sender's power, as a part of a class A ship's range.

        Returns:
            Lines that end with CR LF; none when nobody hears it.
        """
        receivers = [station for station in self._stations if self._hears(station, sender, reach)]
        if not receivers:
            return []
        sentences = self._encoded(message)
        return [
            line
            for station in receivers
            for line in tagged(sentences, station.name, now_us // 1_000_000)
        ]

    def sent(self, message: Message, station: Station, now_us: int) -> list[bytes]:
        """Sentences that a station reports of its own transmission."""
        return tagged(self._encoded(message), station.name, now_us // 1_000_000)

    def _hears(self, station: Station, sender: LonLat, reach: float) -> bool:
        part = distance_m(station.position, sender) / (1000 * station.range_km * reach)
        return part < 1 and self._random.random() < _BEST_RECEPTION * (1 - part**4)

    def _encoded(self, message: Message) -> list[str]:
        self._channel = "B" if self._channel == "A" else "A"
        self._sequence = (self._sequence + 1) % 10
        return encode_dict(
            dict(message),
            talker_id="BS",
            sentence_type="VDM",
            radio_channel=self._channel,
            seq_id=self._sequence,
        )


def reach_of(ship: Ship) -> float:
    """A ship's transmitter, as a part of a class A ship's range."""
    return 1.0 if ship.transponder == "A" else _CLASS_B_REACH


def tagged(sentences: list[str], station: str, unix_s: int) -> list[bytes]:
    """Put a tag block with station and time before each sentence."""
    block = f"s:{station},c:{unix_s}"
    checksum = 0
    for character in block.encode("ascii"):
        checksum ^= character
    return [f"\\{block}*{checksum:02X}\\{sentence}\r\n".encode("ascii") for sentence in sentences]
