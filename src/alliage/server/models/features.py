"""Things with a geometry, for the map: GeoJSON (RFC 7946)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from alliage.server.models.common import ApiModel, Marking, PropertyValue, Time


class FeatureProperties(ApiModel):
    """What a feature is and who says so."""

    object_id: str
    identifier: str
    schema_name: str = Field(alias="schema", examples=["Area"])
    name: str | None
    sidc: str = Field(description="APP-6(D) number code, 20 digits")
    source: str = Field(description="the stream that claims the geometry")
    claim_id: str = Field(description="the geometry's claim; its retraction takes it off the map")
    valid_from: Time
    valid_to: Time | None
    known: Time
    values: dict[str, PropertyValue] = Field(
        description="best value of every other property of the object"
    )
    marking: Marking


class Feature(ApiModel):
    """One thing with its geometry."""

    type: Literal["Feature"] = "Feature"
    id: str = Field(description="the object's id")
    geometry: dict[str, Any] = Field(description="GeoJSON geometry")
    properties: FeatureProperties


class FeatureCollection(ApiModel):
    """Everything with a geometry that the reader may see."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[Feature]
    complete: bool = Field(description="false: there are more; ask for a smaller bbox")
    marking: Marking | None = Field(description="joined marking of all features; null for none")
