"""The waters of the exercise: lanes, fishing grounds, anchorages, coast stations, aids."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

LonLat = tuple[float, float]
End = Literal["port", "sea"]
Trade = Literal["merchant", "passenger", "high_speed", "fishing", "sailing", "pleasure"]

METRES_PER_DEGREE: Final = 111_195.0
"""Of latitude, on a sphere of 6,371 km: the simulator needs no better."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Lane(_Part):
    """A route between two ends; ``share`` is its weight when ships are handed out."""

    ends: tuple[End, End]
    share: int = Field(gt=0)
    type: Trade = "merchant"
    waypoints: tuple[LonLat, ...] = Field(min_length=2)


class Ground(_Part):
    """Where trawlers go up and down."""

    share: int = Field(gt=0)
    waypoints: tuple[LonLat, ...] = Field(min_length=2)


class Anchorage(_Part):
    """Where ships wait at anchor, within two kilometres of ``position``."""

    share: int = Field(gt=0)
    position: LonLat


class Station(_Part):
    """A coast station and how far it hears a class A ship."""

    name: str
    position: LonLat
    range_km: float = Field(gt=0)


class Aid(_Part):
    """An aid to navigation; ``type`` is its code in ITU-R M.1371-5, table 74."""

    name: str
    type: int = Field(ge=0, le=31)
    position: LonLat
    virtual: bool = False


class Waters(_Part):
    """Everything that does not move."""

    lanes: dict[str, Lane]
    grounds: dict[str, Ground]
    anchorages: dict[str, Anchorage]
    stations: tuple[Station, ...]
    aids: tuple[Aid, ...]


@cache
def load_waters() -> Waters:
    """Read the packaged waters: Danish straits and western Baltic."""
    text = (resources.files(__package__) / "waters.yaml").read_text(encoding="utf-8")
    return Waters.model_validate(yaml.safe_load(text))
