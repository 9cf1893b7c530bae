"""The waters of the exercise: lanes, grounds, anchorages, ports and routes, stations, aids."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from alliage.exercise.paths import Waypoint
from alliage.exercise.plane import LonLat

SAFE_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Trade = Literal["merchant", "passenger", "high_speed", "fishing", "sailing", "pleasure"]


def _on_earth(place: LonLat) -> LonLat:
    lon, lat = place
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError("a place is longitude (-180 to 180), then latitude (-90 to 90), degrees")
    return place


Place = Annotated[LonLat, AfterValidator(_on_earth)]
"""A place as it is written in a file: longitude and latitude in degrees."""


class Part(BaseModel):
    """What is read from a file: every key is known, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Lane(Part):
    """A way between two landings; ``share`` is its weight when ships are handed out."""

    share: int = Field(gt=0)
    type: Trade
    room: float = Field(ge=0)
    waypoints: tuple[Place, ...] = Field(min_length=2)


class Ground(Part):
    """Where trawlers go up and down."""

    share: int = Field(gt=0)
    room: float = Field(ge=0)
    waypoints: tuple[Place, ...] = Field(min_length=2)


class Anchorage(Part):
    """Where ships wait at anchor, within two kilometres of ``position``."""

    share: int = Field(gt=0)
    position: Place


class Port(Part):
    """A harbour, or (``sea``) a place where ships leave the area; ``weight``: calls."""

    position: Place
    weight: int = Field(gt=0)
    hub: bool = False
    sea: bool = False


class Station(Part):
    """A coast station and how far it hears a class A ship."""

    name: str = Field(pattern=r"^EX[A-Z0-9]{1,13}$")
    position: Place
    range_km: float = Field(gt=0, le=400)


class Aid(Part):
    """An aid to navigation; ``type`` is its code in ITU-R M.1371-5, table 74."""

    name: str
    type: int = Field(ge=0, le=31)
    position: Place
    virtual: bool = False


class Waters(Part):
    """Everything that does not move, and the ways."""

    lanes: dict[str, Lane]
    grounds: dict[str, Ground]
    anchorages: dict[str, Anchorage]
    boat_ways: dict[str, Lane]
    stations: tuple[Station, ...]
    aids: tuple[Aid, ...]
    ports: dict[str, Port]
    routes: dict[tuple[str, str], tuple[Waypoint, ...]]


@cache
def load_waters() -> Waters:
    """Read the packaged waters: Baltic, Danish straits, approaches from the North Sea."""
    waters, ports = read_yaml(_text("waters.yaml")), read_yaml(_text("ports.yaml"))["ports"]
    routes = {tuple(ends.split()): way for ends, way in json.loads(_text("routes.json")).items()}
    return Waters.model_validate({**waters, "ports": ports, "routes": routes})


def read_yaml(text: str) -> Any:
    """Read YAML without objects, with the C parser where PyYAML was built with it."""
    return yaml.load(text, SAFE_LOADER)  # noqa: S506 - both are safe loaders


def _text(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")
