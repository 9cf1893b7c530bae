"""Cables, pipelines and installations of an exercise: invented things in real waters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from alliage.exercise.plane import LonLat
from alliage.exercise.waters import Part, Place
from alliage.ontology.claim import Statement

NAME = r"^EX [A-Z0-9 ]{1,40}$"
IDENTIFIERS = "exercise"


class Line(Part):
    """A cable or a pipeline on the sea bed."""

    name: str = Field(pattern=NAME, description="Begins with EX: it is an exercise.")
    kind: Literal["cable", "pipeline"]
    carries: Literal["power", "data", "gas", "water"]
    waypoints: tuple[Place, ...] = Field(min_length=2)


class Installation(Part):
    """Something that stands in the sea."""

    name: str = Field(pattern=NAME)
    kind: Literal["wind_farm", "platform", "converter"]
    outline: tuple[Place, ...] = Field(min_length=1, description="One point, or a polygon.")


class Infrastructure(Part):
    """Everything that is built, nothing of it real."""

    lines: tuple[Line, ...] = ()
    installations: tuple[Installation, ...] = ()

    def to_geojson(self) -> dict[str, Any]:
        """A FeatureCollection after RFC 7946; each feature says that it is an exercise's."""
        features = [
            _feature(line.name, line.kind, _line(line.waypoints), carries=line.carries)
            for line in self.lines
        ]
        features += [
            _feature(item.name, item.kind, _outline(item.outline)) for item in self.installations
        ]
        return {"type": "FeatureCollection", "features": features}

    def to_statements(self, valid_from_us: int) -> Iterator[Statement]:
        """The same as statements about things of the ontology: name and geometry of each."""
        schemata = {"cable": "Cable", "pipeline": "Pipeline"}
        for feature in self.to_geojson()["features"]:
            name, kind = feature["properties"]["name"], feature["properties"]["kind"]
            identifier = f"{IDENTIFIERS}:{name.removeprefix('EX ').lower().replace(' ', '-')}"
            schema = schemata.get(kind, "Facility")
            geometry = json.dumps(feature["geometry"], separators=(",", ":"))
            yield Statement(identifier, schema, "name", name, valid_from_us)
            yield Statement(identifier, schema, "geometry", geometry, valid_from_us)


def _feature(name: str, kind: str, geometry: dict[str, Any], **more: str) -> dict[str, Any]:
    properties = {"name": name, "kind": kind, "exercise": True, **more}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _line(points: tuple[LonLat, ...]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": [list(point) for point in points]}


def _outline(points: tuple[LonLat, ...]) -> dict[str, Any]:
    if len(points) == 1:
        return {"type": "Point", "coordinates": list(points[0])}
    ring = [*points, points[0]] if points[0] != points[-1] else [*points]
    return {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}
