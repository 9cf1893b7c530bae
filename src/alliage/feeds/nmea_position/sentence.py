"""NMEA 0183 sentences (IEC 61162-1, section 7): checksum, fields and the values in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from alliage.feeds.lines import UnusableError

_SENTENCE: Final = re.compile(rb"[$!]([A-Z0-9]+),([^*\r\n]*)\*([0-9A-Fa-f]{2})")
_ANGLE: Final = re.compile(r"(\d{2,3})(\d\d(?:\.\d*)?)")
_TIME: Final = re.compile(r"(\d\d)(\d\d)(\d\d(?:\.\d*)?)")
_DATE: Final = re.compile(r"(\d\d)(\d\d)(\d\d)")
_CENTURY_TURNS: Final = 80  # the satellite system's first year is 1980: 80..99 are 19xx


def read_sentence(line: bytes) -> tuple[str, list[str]]:
    """Return a line's formatter ("RMC", whatever the talker; "PSRF" is kept whole) and fields.

    Raises:
        UnusableError: not a sentence, or its checksum does not fit.
    """
    text = line.rpartition(b"\\")[2].strip()  # a tag block stands before the sentence
    match = _SENTENCE.fullmatch(text)
    if match is None:
        raise UnusableError("malformed", "not of the form $…*hh")
    wanted, found = int(match[3], 16), 0
    for byte in text[1:-3]:
        found ^= byte
    if found != wanted:
        raise UnusableError("checksum", f"says {wanted:02X}, the bytes give {found:02X}")
    address = match[1].decode("ascii")
    formatter = address if address.startswith("P") else address[2:]
    return formatter, match[2].decode("latin-1").split(",")


def number(text: str) -> float | None:
    """Return a decimal field; None where it is empty."""
    if text and not re.fullmatch(r"[+-]?\d+\.?\d*|[+-]?\.\d+", text):
        raise UnusableError("malformed", f"{text!r} is not a number")
    return float(text) if text else None


def angle_deg(text: str, side: str) -> float:
    """Return degrees from "5540.1234" (degrees, minutes) and N, S, E or W."""
    match = _ANGLE.fullmatch(text)
    limit = {"N": 90, "S": 90, "E": 180, "W": 180}.get(side)
    if match is None or limit is None:
        raise UnusableError("malformed", f"{text!r},{side!r} is not a latitude or longitude")
    degrees = int(match[1]) + float(match[2]) / 60
    if float(match[2]) >= 60 or degrees > limit:
        raise UnusableError("malformed", f"{text!r},{side!r} is outside the globe")
    return degrees if side in "NE" else -degrees


def time_of_day(text: str) -> timedelta:
    """Return the time since midnight UTC from "120001.50"."""
    match = _TIME.fullmatch(text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59 or float(match[3]) >= 61:
        raise UnusableError("malformed", f"{text!r} is not a time of day")
    return timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=float(match[3]))


def midnight(text: str) -> datetime:
    """Return the start of the day "121113" (day, month, year), UTC."""
    match = _DATE.fullmatch(text)
    try:
        day, month, year = (int(part) for part in match.groups()) if match else (0, 0, 0)
        return datetime(year + (1900 if year >= _CENTURY_TURNS else 2000), month, day, tzinfo=UTC)
    except ValueError:
        raise UnusableError("malformed", f"{text!r} is not a date") from None


def knots_mps(text: str) -> float | None:
    """Return a speed field, knots, in metres per second; None where it is empty."""
    knots = number(text)
    return None if knots is None else knots * 1852 / 3600
