"""RMC, GGA, VTG and GST sentences to positions: one row for each moment the receiver reports.

The sentences of one moment carry the same time of day and are joined; VTG, which has no time,
belongs to the moment it stands in. GGA has no date: the last RMC's is used. A moment of GST alone
is no position.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from alliage.feeds.lines import LineDecoder, Row, UnusableError
from alliage.feeds.nmea_position.options import Options
from alliage.feeds.nmea_position.sentence import (
    angle_deg,
    knots_mps,
    midnight,
    number,
    read_sentence,
    time_of_day,
)
from alliage.ontology.times import to_us


class NmeaPositionDecoder(LineDecoder):
    """Memory: ``fix``, the moment being collected, and ``last``, the one before it."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        self._options = options
        self.fix: Row = {}
        self.last: Row = {}

    def read(self, line: bytes, received_us: int) -> Iterable[Row]:
        """Add a sentence to its moment; a moment is complete when the next one begins."""
        formatter, fields = read_sentence(line)
        if formatter not in READERS:
            return self.ignore("other_sentence")
        found = READERS[formatter](fields)
        if found is None or (not self.fix and "time" not in found):
            return self.ignore("no_fix")
        complete: Iterable[Row] = ()
        if "time" in found and found["time"] != self.fix.get("time"):
            complete = self.rest()
        self.fix |= {"received": received_us, **found}
        return complete

    def rest(self) -> Iterable[Row]:
        """Turn the collected moment into a row, once its date is known."""
        fix, self.fix = self.fix, {}
        if not fix:
            return ()
        time, day = fix.pop("time"), fix.pop("day", None)
        if "latitude_deg" not in fix:
            return self.ignore("no_fix")
        if day is None and self.last:  # GGA alone: the date of the moment before, or the next day
            turned = time < self.last["time"] - timedelta(hours=12)
            day = self.last["day"] + timedelta(days=int(turned))
        if day is None:
            return self.ignore("no_date")
        self.last = {"day": day, "time": time}
        row: Row = {"identifier": self._options.identifier, "schema": self._options.schema_name}
        row |= {"valid": to_us(day + time), "recorded": to_us(day + time)}
        return [row | self._uncertainty(fix.pop("hdop", None)) | fix]  # what GST says wins

    def _uncertainty(self, hdop: float | None) -> Row:
        """HDOP x range error is that of both axes together; one axis has its root half.

        Kaplan and Hegarty, Understanding GPS, 2nd ed. (2006), section 7.3.
        """
        if hdop is None or self._options.range_error_m is None:
            return {}
        return {"position_std_m": hdop * self._options.range_error_m / 2**0.5}


def make_decoder(options: Options) -> NmeaPositionDecoder:
    """Return a decoder for one connection."""
    return NmeaPositionDecoder(options)


def _rmc(fields: list[str]) -> Row | None:
    match fields:
        case [_, "V", *_] | [_, _, _, _, _, _, _, _, _, _, _, "E" | "M" | "N" | "S", *_]:
            return None  # no fix, estimated, entered by hand, simulated
        case [time, "A", lat, ns, lon, ew, speed, course, date, *_]:
            place = _place(time, lat, ns, lon, ew)
            motion = {"speed_mps": knots_mps(speed), "course_deg": number(course)}
            return place | {"day": midnight(date)} | motion
    raise UnusableError("malformed", f"RMC with the fields {fields}")


def _gga(fields: list[str]) -> Row | None:
    match fields:
        case [_, _, _, _, _, "0" | "6" | "7" | "8", *_]:
            return None  # the same
        case [time, lat, ns, lon, ew, _, _, hdop, altitude, "M" | "", *_]:
            place = _place(time, lat, ns, lon, ew)
            return place | {"hdop": number(hdop), "altitude_m": number(altitude)}
    raise UnusableError("malformed", f"GGA with the fields {fields}")


def _vtg(fields: list[str]) -> Row | None:
    match fields:
        case [course, "T" | "", _, _, speed, "N" | "", *_]:
            found = {"speed_mps": knots_mps(speed), "course_deg": number(course)}
            return {name: value for name, value in found.items() if value is not None}
    raise UnusableError("malformed", f"VTG with the fields {fields}")


def _gst(fields: list[str]) -> Row | None:
    """The error ellipse, or where the receiver gives none the errors to the north and east.

    IEC 61162-1, GST: 1-sigma errors in metres, the longer axis in degrees from true north.
    """
    match fields:
        case [time, _, major, minor, axis, north, east, *_]:
            ellipse = [number(text) for text in (major, minor, axis)]
            if None in ellipse:
                errors = {0.0: number(north), 90.0: number(east)}
                if None in errors.values():
                    return {"time": time_of_day(time)} if time else None
                longer = max(errors, key=lambda direction: errors[direction] or 0.0)
                ellipse = [errors[longer], errors[90.0 - longer], longer]
            names = ("position_std_m", "position_minor_std_m", "position_axis_deg")
            said = dict(zip(names, ellipse, strict=True))
            said["position_axis_deg"] = (ellipse[2] or 0.0) % 180.0
            return {"time": time_of_day(time), **said}
    raise UnusableError("malformed", f"GST with the fields {fields}")


def _place(time: str, lat: str, ns: str, lon: str, ew: str) -> Row:
    place = {"latitude_deg": angle_deg(lat, ns), "longitude_deg": angle_deg(lon, ew)}
    return {"time": time_of_day(time), **place}


READERS: Final = {"RMC": _rmc, "GGA": _gga, "VTG": _vtg, "GST": _gst}
