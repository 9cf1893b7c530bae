"""Rows of a table to positions, by the names of its columns."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from alliage.feeds.ais_csv.options import Options
from alliage.feeds.lines import LineDecoder, Row, UnusableError
from alliage.ontology.times import to_us

NAMES: Final = {
    "mmsi": {"mmsi"},
    "time": {"time", "timestamp", "basedatetime", "datetime", "datetimeutc", "timeutc"},
    "lat": {"lat", "latitude", "latitudedegrees", "latitudedeg"},
    "lon": {"lon", "long", "longitude", "longitudedegrees", "longitudedeg"},
    "speed": {"sog", "sogknots", "speedknots", "speed"},
    "course": {"cog", "cogdegrees", "course", "coursedegrees"},
    "heading": {"heading", "trueheading", "headingdegrees"},
}
"""What columns are called, in small letters and without anything between them."""

NEEDED: Final = frozenset({"mmsi", "time", "lat", "lon"})
MOST_KNOTS: Final = 102.3
"""This and what is beyond says that there is none (ITU-R M.1371-5, table 48); so for the next."""

NO_COURSE_DEG: Final = 360.0
_DAY_FIRST: Final = re.compile(r"(\d\d)/(\d\d)/(\d{4})[ T](.+)")


class AisCsvDecoder(LineDecoder):
    """Memory: ``columns``, which field of a row holds what, as the heading said."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: dict[str, int] = {}

    def read(self, line: bytes, received_us: int) -> Iterable[Row]:
        """Return the position that a row says; a heading says which columns there are."""
        fields = _fields(line)
        if not any(fields):
            return self.ignore("blank")
        found = _heading(fields)
        if found:
            self.columns = found
            return self.ignore("heading")
        if not self.columns:
            raise UnusableError("no_heading", f"{len(fields)} fields")
        try:
            return self._row(fields)
        except (ValueError, IndexError, OverflowError) as error:
            raise UnusableError("malformed", str(error)) from error

    def _row(self, fields: list[str]) -> tuple[Row, ...]:
        said = {name: fields[place].strip() for name, place in self.columns.items()}
        if not re.fullmatch(r"\d{1,9}", said["mmsi"]):
            raise ValueError(f"{said['mmsi']!r} is no MMSI")
        lat, lon = _number(said["lat"]), _number(said["lon"])
        if lat is None or lon is None or (abs(lat) == 91.0 or abs(lon) == 181.0):
            return self.ignore("no_position")
        if abs(lat) > 90.0 or abs(lon) > 180.0:
            raise ValueError(f"{lat}, {lon} is not on the globe")
        speed, course = _number(said.get("speed", "")), _number(said.get("course", ""))
        heading = _number(said.get("heading", ""))
        valid_us = _time_us(said["time"])
        row: Row = {
            "identifier": f"mmsi:{int(said['mmsi']):09d}",
            "schema": "Vessel",
            "valid": valid_us,
            "recorded": valid_us,
            "latitude_deg": lat,
            "longitude_deg": lon,
            "speed_mps": _below(speed, MOST_KNOTS, 1852 / 3600),
            "course_deg": _below(course, NO_COURSE_DEG),
            "heading_deg": _below(heading, NO_COURSE_DEG),
        }
        return (row,)


def make_decoder(_options: Options) -> AisCsvDecoder:
    """Return a decoder for one connection."""
    return AisCsvDecoder()


def _fields(line: bytes) -> list[str]:
    try:
        text = line.decode("utf-8-sig")
        return next(csv.reader([text]), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnusableError("malformed", str(error)) from error


def _heading(fields: list[str]) -> dict[str, int]:
    """Which field holds what, where this row says so; else nothing."""
    words = [re.sub(r"[^a-z]", "", field.lower()) for field in fields]
    found = {
        name: place
        for name, known in NAMES.items()
        for place, word in reversed(list(enumerate(words)))
        if word in known
    }
    return found if found.keys() >= NEEDED else {}


def _number(text: str) -> float | None:
    if text.lower() in {"", "null", "none", "nan"}:
        return None
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text!r} is no number")
    return number


def _below(number: float | None, limit: float, unit: float = 1.0) -> float | None:
    return number * unit if number is not None and 0.0 <= number < limit else None


def _time_us(text: str) -> int:
    """UTC where nothing else is said; ISO 8601, or the day first and slashes between."""
    day_first = _DAY_FIRST.fullmatch(text)
    if day_first:
        day, month, year, clock = day_first.groups()
        text = f"{year}-{month}-{day}T{clock}"
    found = datetime.fromisoformat(text)
    if not 1970 <= found.year < 2200:
        raise ValueError(f"{text!r} is not a time of AIS")
    return to_us(found if found.tzinfo else found.replace(tzinfo=UTC))
