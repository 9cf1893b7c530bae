"""GeoJSON geometries as people draw them (RFC 7946, section 3.1), checked and bounded."""

from __future__ import annotations

import math
from typing import Any, Final

import orjson

POSITIONS_AT_MOST: Final = 2_000
DEPTH: Final = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How deep positions lie in ``coordinates``."""

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


class GeometryError(ValueError):
    """No geometry that can be kept; says why, for screens by its ``code``."""

    def __init__(self, why: str, code: str | None = None) -> None:
        super().__init__(why)
        self.code = code


def checked_geometry(value: Any) -> str:
    """A geometry as canonical text.

    Args:
        value: a GeoJSON geometry object, or its text.

    Raises:
        GeometryError: it is none, too large, or off the earth.
    """
    geometry = _parsed(value)
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in DEPTH:
        raise GeometryError(f"type {str(kind)[:40]!r}: use one of {', '.join(DEPTH)}")
    if set(geometry) - {"type", "coordinates", "bbox"}:
        raise GeometryError("a geometry has type and coordinates, and nothing else")
    positions = _positions(coordinates, DEPTH[kind])
    if not 1 <= len(positions) <= POSITIONS_AT_MOST:
        raise GeometryError(f"{len(positions)} positions; 1 to {POSITIONS_AT_MOST} are possible")
    for position in positions:
        _check_position(position)
    _check_shape(kind, coordinates)
    return orjson.dumps({"coordinates": coordinates, "type": kind}).decode()


def drawn_geometry(value: Any) -> str:
    """The same of what a person draws: a line that leads nowhere is a slip of the hand.

    Raises:
        GeometryError: as :func:`checked_geometry`, or a line's positions are one place.
    """
    text = checked_geometry(value)
    geometry = orjson.loads(text)
    lines = {"LineString": [geometry["coordinates"]], "MultiLineString": geometry["coordinates"]}
    if any(
        all(place[:2] == line[0][:2] for place in line) for line in lines.get(geometry["type"], [])
    ):
        raise GeometryError(
            "all positions of this line are one place: a line leads somewhere", "line_nowhere"
        )
    return text


def box_of(geometry: dict[str, Any]) -> Box:
    """The box round a geometry that was checked; west > east where a line leaps across 180°."""
    positions = _positions(geometry["coordinates"], DEPTH[geometry["type"]])
    lons, lats = [p[0] for p in positions], [p[1] for p in positions]
    if max(lons) - min(lons) > 180:  # the short way round
        west = min(lon for lon in lons if lon >= 0)
        east = max((lon for lon in lons if lon < 0), default=180.0)
        return west, min(lats), east, max(lats)
    return min(lons), min(lats), max(lons), max(lats)


def _parsed(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise GeometryError(f"no JSON: {error}") from None
    if not isinstance(value, dict):
        raise GeometryError("a GeoJSON geometry is an object with type and coordinates")
    return value


def _positions(coordinates: Any, depth: int) -> list[Any]:
    """All positions, in order."""
    found = [coordinates]
    for _ in range(depth):
        if not all(isinstance(part, list) for part in found):
            raise GeometryError("the coordinates are not nested as the type says")
        found = [part for parts in found for part in parts]
        if len(found) > POSITIONS_AT_MOST:
            raise GeometryError(f"more than {POSITIONS_AT_MOST} positions")
    return found


def _check_position(position: Any) -> None:
    if not isinstance(position, list) or len(position) not in (2, 3):
        raise GeometryError("a position is [longitude, latitude] or has a height as well")
    numbers = [x for x in position if isinstance(x, int | float) and not isinstance(x, bool)]
    if len(numbers) != len(position) or not all(map(math.isfinite, numbers)):
        raise GeometryError(f"{position!r}: a position is made of numbers")
    if abs(position[0]) > 180 or abs(position[1]) > 90:
        raise GeometryError(f"{position!r}: longitude is -180 to 180, latitude -90 to 90")


def _check_shape(kind: str, coordinates: Any) -> None:
    if kind in ("LineString", "MultiLineString"):
        lines = [coordinates] if kind == "LineString" else coordinates
        if any(len(line) < 2 for line in lines):
            raise GeometryError("a line has at least two positions")
    if kind in ("Polygon", "MultiPolygon"):
        polygons = [coordinates] if kind == "Polygon" else coordinates
        if not all(polygons):
            raise GeometryError("a polygon has at least one ring")
        for ring in (ring for polygon in polygons for ring in polygon):
            if len(ring) < 4 or ring[0] != ring[-1]:
                raise GeometryError("a ring has at least four positions, the last like the first")
