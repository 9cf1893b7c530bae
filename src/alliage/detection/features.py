"""The areas, cables and other features that a detection context knows, for questions of place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from alliage.geo.flat import distance_to_line_m
from alliage.ontology.claim import GEOMETRY, RETRACTION, Claim, Value, is_about_things
from alliage.ontology.schema import Ontology

Floats = NDArray[np.float64]


class Stands(NamedTuple):
    """What a claim says of a feature, and with which number it came."""

    number: int
    value: Value
    valid_us: int


@dataclass(slots=True)
class Feature:
    """One thing with a geometry of its own, as it was last said. Longitude, latitude, degrees."""

    identifier: str
    schema: str
    stream: str
    words: dict[str, Value] = field(default_factory=dict)
    geometry: Any = None  # of shapely, which has no types
    said: dict[str, dict[str, Stands]] = field(default_factory=dict)
    """By property what stands of it, by claim, in the order of the numbers with which it came."""

    def say(self, claim: Claim, number: int) -> None:
        """Hear a claim; the latest of a property counts."""
        stands = Stands(number, claim.value, claim.valid_from_us)
        self.said.setdefault(claim.property, {})[claim.claim_id] = stands
        self._set(claim.property, claim.value)

    def take_back(self, claim_id: str, name: str) -> None:
        """Forget a claim: of its property the one before it counts again."""
        standing = self.said[name]
        standing.pop(claim_id, None)
        if standing:
            self._set(name, max(standing.values(), key=lambda one: one.number).value)
        elif name == GEOMETRY:
            self.geometry = None
        else:
            self.words.pop(name, None)

    def _set(self, name: str, value: Value) -> None:
        if name == GEOMETRY:
            self.geometry = geometry_of(value)
        else:
            self.words[name] = value

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.words.get("name") or self.identifier)

    @property
    def lines(self) -> list[Floats]:
        """The corners of its lines or outlines, (m, 2) each: longitude, latitude."""
        return [shapely.get_coordinates(part) for part in _lines(self.geometry)]


class Features:
    """What was said of features, and questions about where things are to them."""

    def __init__(self, ontology: Ontology) -> None:
        self.version = 0
        """Grows with every change, for those who keep something of their own about features."""
        self._ontology = ontology
        self._of: dict[tuple[str, str], Feature] = {}
        self._said: dict[str, tuple[tuple[str, str], str]] = {}  # by claim: feature, property
        self._called: dict[str, set[str]] = {}  # by a name in small letters: identifiers

    def say(self, stream: str, claim: Claim) -> None:
        """Take a claim in; any that is not about a thing with a geometry leaves no trace."""
        if claim.property == RETRACTION:
            self._take_back(str(claim.value))
            return
        if claim.property == "name":
            self._called.setdefault(str(claim.value).casefold(), set()).add(claim.identifier)
        if not is_about_things(claim.property) or not self._may_be(claim.schema):
            return
        key = (stream, claim.identifier)
        feature = self._of.setdefault(key, Feature(claim.identifier, claim.schema, stream))
        self._said[claim.claim_id] = (key, claim.property)
        self.version += 1
        feature.say(claim, self.version)

    def _take_back(self, claim_id: str) -> None:
        key, name = self._said.pop(claim_id, (("", ""), ""))
        feature = self._of.get(key)
        if feature is None:
            return
        self.version += 1
        feature.take_back(claim_id, name)

    def _may_be(self, schema: str) -> bool:
        known = self._ontology.schemata.get(schema)
        return known is not None and GEOMETRY in known.properties

    def of(self, *schemata: str) -> Iterator[Feature]:
        """Features of these schemata, or such as extend them, that have a geometry; in order."""
        for _, feature in sorted(self._of.items()):
            if feature.geometry is not None and any(
                self._ontology.is_a(feature.schema, schema) for schema in schemata
            ):
                yield feature

    def by_identifier(self) -> dict[str, list[Feature]]:
        """What each stream says of one thing, with a geometry or without; in order."""
        found: dict[str, list[Feature]] = {}
        for (_, identifier), feature in sorted(self._of.items()):
            found.setdefault(identifier, []).append(feature)
        return found

    def named(self, name: str) -> list[Feature]:
        """Features of this name that have a geometry, in order; small letters are as capitals."""
        wanted = name.casefold()
        return [
            feature
            for _, feature in sorted(self._of.items())
            if feature.geometry is not None and feature.name.casefold() == wanted
        ]

    def identifiers_of(self, name: str) -> frozenset[str]:
        """Identifiers of what was ever called so, with a geometry or without."""
        return frozenset(self._called.get(name.casefold(), ()))

    def inside(self, names: Collection[str], lat: Floats, lon: Floats) -> NDArray[np.bool_]:
        """Whether each of some places lies in an area of one of these names; (n,)."""
        found = np.zeros(len(lat), np.bool_)
        for feature in self._of.values():
            if feature.geometry is not None and feature.name in names:
                found |= contains(feature, lat, lon)
        return found


def contains(feature: Feature, lat: Floats, lon: Floats) -> NDArray[np.bool_]:
    """Whether each of some places lies in a feature's area; (n,). A line holds nothing."""
    west, south, east, north = shapely.bounds(feature.geometry)
    found = (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)
    near = np.flatnonzero(found)
    found[near] = shapely.contains_xy(feature.geometry, lon[near], lat[near])
    return np.asarray(found, np.bool_)


def distance_m(feature: Feature, lat: Floats, lon: Floats, within_m: float) -> Floats:
    """Metres from each place to a feature's line or outline; inf beyond about ``within_m``; (n,).

    Places far from its box are not measured: a cable is asked about every ship there is.
    """
    found = np.full(len(lat), np.inf)
    west, south, east, north = shapely.bounds(feature.geometry)
    margin = np.degrees(within_m / 6.3e6)
    wider = margin / max(0.05, np.cos(np.radians(min(85.0, max(abs(south), abs(north))))))
    near = (lat >= south - margin) & (lat <= north + margin)
    near = np.flatnonzero(near & (lon >= west - wider) & (lon <= east + wider))
    for line in feature.lines:
        if len(near):
            measured = distance_to_line_m(lat[near], lon[near], line)
            found[near] = np.minimum(found[near], measured)
    return found


def geometry_of(value: Value) -> Any:
    """What GeoJSON says; None for what cannot be read (the writer's checks refuse that)."""
    try:
        return shapely.from_geojson(str(value))
    except (shapely.errors.GEOSException, orjson.JSONDecodeError):
        return None


def _lines(geometry: Any) -> list[Any]:
    parts = shapely.get_parts(geometry).tolist()
    return [line for part in parts for line in _outlines(part)]


def _outlines(part: Any) -> list[Any]:
    if shapely.get_type_id(part) == 3:  # polygon
        return list(shapely.get_rings(part))
    return [part]
