"""The rare messages that hold words and shapes: safety texts (14) and area notices (8, FI 22)."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from alliage.feeds.ais import layouts
from alliage.feeds.ais.common import Heard, common_columns, times
from alliage.feeds.ais.fields import Columns, Field, Layout
from alliage.feeds.ais.timemarks import NO_TIME
from alliage.ontology.observation import POSITION, TEXT, Kind, ObservationBatch
from alliage.ontology.times import from_us, to_us

NO_DURATION: Final = 262_143
CANCELLED: Final = 0
MAX_SHAPES: Final = 10
_EARTH_RADIUS_M: Final = 6_371_008.8  # mean radius; shapes are local, a sphere serves
_ARC_STEP_DEG: Final = 10
_NOTICE: Final = layouts.AREA_NOTICE

_Point = tuple[float, float]  # longitude, latitude


def text_batch(some: Heard, rows: NDArray[np.int64]) -> ObservationBatch:
    """Safety related texts, always urgent."""
    table = common_columns(some, rows)
    for field in POSITION:
        table[field.name] = pa.nulls(len(rows), field.type)
    messages = some.messages.take(rows)
    start = layouts.SAFETY_TEXT_START
    words = []
    for row, bits in enumerate(messages.bits.tolist()):
        letters = Field("text", start, (bits - start) // 6 * 6, text=True)
        words.append(messages.take(slice(row, row + 1)).columns().text(letters)[0].decode("ascii"))
    table["text"] = pa.array(words, TEXT.field("text").type)
    table["addressee"] = pa.nulls(len(rows), TEXT.field("addressee").type)
    return ObservationBatch(Kind.TEXT, pa.RecordBatch.from_pydict(table), urgent=True)


def area_batch(some: Heard, rows: NDArray[np.int64], *, urgent: bool) -> ObservationBatch:
    """Area notices, one row each; a cancelled one ends when it was heard."""
    messages = some.messages.take(rows)
    header = messages.columns()
    linkage, kind, duration = (
        header.number(_NOTICE.field(name)) for name in ("linkage", "notice", "duration")
    )
    names = [
        f"ais-area:{mmsi:09d}:{link}"
        for mmsi, link in zip(messages.mmsi.tolist(), linkage.tolist(), strict=True)
    ]
    table = common_columns(some, rows, identifiers=pa.array(names).dictionary_encode())
    begin = _begins(header, some.valid_us[rows])
    end = np.where(
        (duration == NO_DURATION) | (begin == NO_TIME), NO_TIME, begin + duration * 60_000_000
    )
    end = np.where(duration == CANCELLED, some.valid_us[rows], end)
    shapes = [_shapes(messages.take(slice(n, n + 1)).columns(), int(bits))
              for n, bits in enumerate(messages.bits)]  # fmt: skip
    table["geometry"] = pa.array([_geojson(found) for found, _ in shapes], pa.utf8())
    table["notice_text"] = pa.array([text or None for _, text in shapes], pa.utf8())
    table["area_kind"] = pa.array([f"ais-notice-{code}" for code in kind.tolist()], pa.utf8())
    table["area_from"] = times(begin, begin == NO_TIME)
    table["area_to"] = times(end, end == NO_TIME)
    return ObservationBatch(Kind.STATIC, pa.RecordBatch.from_pydict(table), urgent)


def _begins(header: Columns, valid_us: NDArray[np.int64]) -> NDArray[np.int64]:
    """Start of validity; the message gives no year, so the one nearest to its own time is meant."""
    parts = [header.number(_NOTICE.field(n)) for n in ("month", "day", "hour", "minute")]
    columns = zip(*(part.tolist() for part in parts), valid_us.tolist(), strict=True)
    return np.array([_nearest(*row) for row in columns], np.int64)


def _nearest(month: int, day: int, hour: int, minute: int, valid_us: int) -> int:
    now = from_us(valid_us)
    moments = []
    for year in (now.year - 1, now.year, now.year + 1):
        try:
            moments.append(datetime(year, month, day, hour, minute, tzinfo=UTC))
        except ValueError:  # not available (0, 24, 60), or the 29th of February of another year
            continue
    if not moments:
        return NO_TIME
    return to_us(min(moments, key=lambda moment: abs(moment - now) or timedelta(0)))


def _shapes(columns: Columns, bits: int) -> tuple[list[dict[str, Any]], str]:
    """GeoJSON geometries and the words of one notice."""
    geometries: list[dict[str, Any]] = []
    text = ""
    anchor: _Point | None = None
    whole = min((bits - layouts.AREA_START) // layouts.AREA_BITS, MAX_SHAPES)
    for number in range(whole):
        offset = layouts.AREA_START + number * layouts.AREA_BITS
        shape = _read(columns, layouts.AREA_SHAPES[0], offset)["shape"]
        layout = layouts.AREA_SHAPES.get(shape)
        if layout is None:
            continue
        if shape == 5:
            text += columns.text(_moved(layout.field("text"), offset))[0].decode("ascii")
            continue
        fields = _read(columns, layout, offset)
        if shape in (3, 4):
            if anchor is not None:
                geometries.append(_path(fields, anchor, closed=shape == 4))
            continue
        anchor = (fields["lon"] / 60_000, fields["lat"] / 60_000)
        if abs(anchor[0]) > 180 or abs(anchor[1]) > 90:
            anchor = None
            continue
        geometries.append(_figure(shape, fields, anchor))
    return geometries, text


def _read(columns: Columns, layout: Layout, offset: int) -> dict[str, int]:
    return {f.name: int(columns.number(_moved(f, offset))[0]) for f in layout.fields}


def _moved(field: Field, offset: int) -> Field:
    return Field(field.name, field.start + offset, field.width, field.signed, field.text)


def _figure(shape: int, fields: dict[str, int], centre: _Point) -> dict[str, Any]:
    scale = 10 ** fields["scale"]
    if shape == 1:
        return _rectangle(fields, centre, scale)
    radius = fields["radius"] * scale
    if not radius:
        return {"type": "Point", "coordinates": _rounded([centre])[0]}
    if shape == 0:
        ring = [offset_point(centre, angle, radius) for angle in range(0, 360, _ARC_STEP_DEG)]
        return _polygon(ring)
    left, right = fields["left"] % 360, fields["right"] % 360
    span = (right - left) % 360 or 360
    steps = max(1, math.ceil(span / _ARC_STEP_DEG))
    arc = [offset_point(centre, left + span * n / steps, radius) for n in range(steps + 1)]
    return _polygon([centre, *arc])


def _rectangle(fields: dict[str, int], corner: _Point, scale: int) -> dict[str, Any]:
    """From its south-west corner, turned clockwise by the orientation."""
    turn = fields["orientation"] % 360
    east, north = fields["east"] * scale, fields["north"] * scale
    if not east and not north:
        return {"type": "Point", "coordinates": _rounded([corner])[0]}
    north_west = offset_point(corner, turn, north)
    south_east = offset_point(corner, turn + 90, east)
    north_east = offset_point(north_west, turn + 90, east)
    return _polygon([corner, north_west, north_east, south_east])


def _path(fields: dict[str, int], start: _Point, *, closed: bool) -> dict[str, Any]:
    """Legs of bearing (half degrees) and distance from the point before; 720 and up is no leg."""
    points = [start]
    for number in range(1, 5):
        bearing, distance = fields[f"bearing{number}"], fields[f"distance{number}"]
        if bearing < 720 and distance:
            points.append(offset_point(points[-1], bearing / 2, distance * 10 ** fields["scale"]))
    if closed and len(points) > 2:
        return _polygon(points)
    if len(points) == 1:
        return {"type": "Point", "coordinates": _rounded(points)[0]}
    return {"type": "LineString", "coordinates": _rounded(points)}


def offset_point(start: _Point, bearing_deg: float, distance_m: float) -> _Point:
    """The point at a bearing and distance on a sphere."""
    longitude, latitude = math.radians(start[0]), math.radians(start[1])
    bearing, arc = math.radians(bearing_deg), distance_m / _EARTH_RADIUS_M
    sine = math.sin(latitude) * math.cos(arc) + math.cos(latitude) * math.sin(arc) * math.cos(
        bearing
    )
    end = math.asin(max(-1.0, min(1.0, sine)))
    east = math.atan2(
        math.sin(bearing) * math.sin(arc) * math.cos(latitude),
        math.cos(arc) - math.sin(latitude) * math.sin(end),
    )
    return (math.degrees(longitude + east) + 540) % 360 - 180, math.degrees(end)


def _polygon(ring: Sequence[_Point]) -> dict[str, Any]:
    rounded = _rounded(ring)
    return {"type": "Polygon", "coordinates": [[*rounded, rounded[0]]]}


def _rounded(points: Sequence[_Point]) -> list[list[float]]:
    return [[round(longitude, 6), round(latitude, 6)] for longitude, latitude in points]


def _geojson(geometries: list[dict[str, Any]]) -> str | None:
    if not geometries:
        return None
    if len(geometries) == 1:
        return json.dumps(geometries[0], separators=(",", ":"))
    collection = {"type": "GeometryCollection", "geometries": geometries}
    return json.dumps(collection, separators=(",", ":"))
