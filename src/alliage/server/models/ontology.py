"""The words: schemata, and the formats that feeds read."""

from __future__ import annotations

from pydantic import Field

from alliage.ontology.observation import Kind
from alliage.ontology.schema import PropertyType
from alliage.server.models.common import ApiModel, Texts


class PropertyInfo(ApiModel):
    """One property of a kind of thing."""

    name: str
    title: Texts
    type: PropertyType
    unit: str | None
    choices: dict[str, dict[str, str]] = Field(description="code to text by language")


class SchemaInfo(ApiModel):
    """A kind of thing, with everything it inherits."""

    name: str = Field(examples=["Vessel"])
    title: Texts
    extends: str | None
    lineage: list[str] = Field(examples=[["Vessel", "Platform", "Thing"]])
    properties: dict[str, PropertyInfo]
    fade_s: float = Field(description="silent for so long: fading")
    end_s: float = Field(description="silent for so long: ended")


class FormatInfo(ApiModel):
    """A format that a source may have."""

    name: str = Field(examples=["ais"])
    title: Texts
    standard: str
    kinds: list[Kind]
    schemata: list[str]
    transports: list[str]
    extensions: list[str]
    clock: bool = Field(description="whether the bytes carry their own time")
    reasons: dict[str, dict[str, str]] = Field(description="quarantine reason to text by language")
    licences: list[str]
