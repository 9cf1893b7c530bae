"""The words: schemata, and the formats that feeds read."""

from __future__ import annotations

from pydantic import Field

from alliage.ontology.codes import Code
from alliage.ontology.observation import Kind
from alliage.ontology.property import PropertyType
from alliage.server.models.common import ApiModel, Texts


class ConversionInfo(ApiModel):
    """Another unit of the same quantity: its value is ``value * factor + offset``."""

    unit: str
    factor: float
    offset: float


class PropertyInfo(ApiModel):
    """One property of a kind of thing."""

    name: str
    title: Texts
    type: PropertyType
    unit: str | None = Field(description="of the values as kept")
    conversions: list[ConversionInfo] = Field(description="other units that a screen may show")
    minimum: float | None
    maximum: float | None
    code: Code | None = Field(description="an identification that is checked")
    many: bool = Field(description="several values may hold at once")
    to: str | None = Field(description="of a link: the kind of thing it leads to")
    inverse: Texts | None = Field(description="of a link: what it says, read from there")
    origin: str = Field(description="the schema that has it first", examples=["Thing"])
    choices: dict[str, dict[str, str]] = Field(description="code to text by language")


class SchemaInfo(ApiModel):
    """A kind of thing, with everything it inherits."""

    name: str = Field(examples=["Vessel"])
    title: Texts
    description: Texts | None
    extends: str | None
    packaged: bool = Field(description="false: this node's own")
    file: str = Field(description="name of the file it stands in", examples=["vessel.yaml"])
    sidc: str = Field(description="APP-6(D) code of such a thing of which nothing else is known")
    lineage: list[str] = Field(examples=[["Vessel", "Platform", "Thing"]])
    properties: dict[str, PropertyInfo]
    fade_s: float = Field(description="silent for so long: fading")
    end_s: float = Field(description="silent for so long: ended")


class RefusedSchema(ApiModel):
    """A mistake in a file of schemata; what rests on it is left out."""

    file: str = Field(description="name of the file, without its folder")
    line: int
    reason: str


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
