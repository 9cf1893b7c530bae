"""JSON objects of aircraft to positions, call signs and transponder codes.

A position that says no speed takes the one that its aircraft said last: on the air the two are
messages of their own (DO-260B, register numbers 0,5 and 0,9).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
import pyarrow as pa

from alliage.feeds.aircraft_json.cutter import ObjectCutter
from alliage.feeds.aircraft_json.options import Options
from alliage.feeds.contract import Chunk, Decoded, Quarantined
from alliage.feeds.lines import Row
from alliage.feeds.rows import make_batch
from alliage.ontology.observation import Kind

KNOT_MPS: Final = 1852 / 3600
FOOT_M: Final = 0.3048
TOGETHER_US: Final = 5_000_000
"""A speed that was said so long before a position, at most, is of it."""

AGAIN_US: Final = 10_000_000
"""Call sign and code are told again so often while they stay: a code counts once it has lasted."""

WORDS: Final = {"callsign": "call_sign", "squawk": "squawk"}
_TYPES: Final = {word: pa.utf8() for word in WORDS.values()}
_ADDRESS: Final = re.compile(r"[0-9a-f]{6}")
_MILLISECONDS: Final = 1e11
"""Seconds of this number are of the year 5138."""

_SQUITTERS: Final = ("17", "18", 17, 18, None)
"""Of replies to interrogations nobody says what they hold: decoders guess."""


@dataclass(slots=True)
class _Known:
    """What an aircraft said last."""

    moved_us: int = -TOGETHER_US
    speed_mps: float | None = None
    course_deg: float | None = None
    words: tuple[tuple[str, str], ...] = ()
    told_us: int = -AGAIN_US


class AircraftJsonDecoder:
    """Memory: the beginning of an object, and by address what each aircraft said last.

    An object is counted once: as accepted when a row came of it, else as ignored or quarantined.
    """

    def __init__(self) -> None:
        self.cutter = ObjectCutter()
        self.known: dict[str, _Known] = {}

    def feed(self, chunks: Sequence[Chunk]) -> Decoded:
        """Take the next bytes; see the contract."""
        decoded, places, words = Decoded(), list[Row](), list[Row]()
        for chunk in chunks:
            for piece, is_object in self.cutter.cut(chunk.data):
                self._take(piece, is_object, chunk.received_us, decoded, places, words)
        if places:
            decoded.batches.append(make_batch(Kind.POSITION, places))
        if words:
            decoded.batches.append(make_batch(Kind.STATIC, words, _TYPES))
        return decoded

    def flush(self, now_us: int) -> Decoded:
        """An object that has begun will not end."""
        decoded = Decoded()
        for piece, _ in self.cutter.cut(b"", at_end=True):
            decoded.quarantined.append(Quarantined(piece, "malformed", "cut off", now_us))
        return decoded

    def _take(
        self,
        piece: bytes,
        is_object: bool,
        received_us: int,
        decoded: Decoded,
        places: list[Row],
        words: list[Row],
    ) -> None:
        try:
            if not is_object:
                raise ValueError("no object")
            said = orjson.loads(piece)
            row = _common(said, received_us)
            word, place = self._words(row, said), self._place(row, said)
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            decoded.quarantined.append(Quarantined(piece, "malformed", str(error), received_us))
            return
        words += word
        places += place
        if word or place:
            decoded.accepted += 1
        else:
            decoded.ignored["no_position"] = decoded.ignored.get("no_position", 0) + 1

    def _place(self, row: Row, said: dict[str, Any]) -> list[Row]:
        known, valid_us = self._of(row), row["valid"]
        speed, course = _number(said, "groundspeed"), _number(said, "track")
        if speed is not None and course is not None and said.get("df") in _SQUITTERS:
            known.moved_us, known.speed_mps = valid_us, speed * KNOT_MPS
            known.course_deg = course % 360.0
        lat, lon = _number(said, "latitude"), _number(said, "longitude")
        if lat is None or lon is None:
            return []
        if abs(lat) > 90.0 or abs(lon) > 180.0:
            raise ValueError(f"{lat}, {lon} is not on the globe")
        altitude, is_now = _number(said, "altitude"), abs(valid_us - known.moved_us) <= TOGETHER_US
        place = {
            "recorded": valid_us,
            "latitude_deg": lat,
            "longitude_deg": lon,
            "altitude_m": None if altitude is None else altitude * FOOT_M,
            "speed_mps": known.speed_mps if is_now else None,
            "course_deg": known.course_deg if is_now else None,
        }
        return [row | place]

    def _words(self, row: Row, said: dict[str, Any]) -> list[Row]:
        """Call sign and code, where they are new or were not told for a while."""
        known = self._of(row)
        told = {word: said.get(name) for name, word in WORDS.items()}
        now = {word: text.strip() for word, text in told.items() if isinstance(text, str)}
        now = {word: text for word, text in now.items() if text}
        held = tuple((dict(known.words) | now).items())
        if not now or (held == known.words and abs(row["valid"] - known.told_us) < AGAIN_US):
            return []
        known.words, known.told_us = held, row["valid"]
        return [row | {word: now.get(word) for word in WORDS.values()}]

    def _of(self, row: Row) -> _Known:
        return self.known.setdefault(row["identifier"], _Known())


def make_decoder(_options: Options) -> AircraftJsonDecoder:
    """Return a decoder for one connection."""
    return AircraftJsonDecoder()


def _common(said: dict[str, Any], received_us: int) -> Row:
    address, stamp = str(said["icao24"]).lower(), float(said["timestamp"])
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"{address!r} is no address of 24 bits")
    seconds = stamp / 1e3 if stamp > _MILLISECONDS else stamp
    if not 0.0 <= seconds < 7e9:
        raise ValueError(f"{stamp} is no time since 1970")
    return {
        "identifier": f"icao24:{address}",
        "schema": "Aircraft",
        "valid": round(seconds * 1e6),
        "received": received_us,
    }


def _number(said: dict[str, Any], name: str) -> float | None:
    value = said.get(name)
    if value is None:
        return None
    number = float(value)
    return number if math.isfinite(number) else None
